"""Tables, streams, buckets, keys and APIs of the local CloudFormation: what was put is what their APIs say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cncb_compiler.local.cloudformation.resource import Clients, Held, NotHeldError, Place, ResourceType
from cncb_compiler.local.cloudformation.resources import (
    apigateway,
    apigatewayv2,
    dynamodb_table,
    kinesis_stream,
    kms,
    opensearch,
    s3_bucket,
)
from cncb_compiler.target.problems import Problem

Document = dict[str, Any]

PLACE = Place("shop-orders-local", "Thing", "us-east-1", "123456789012", "shop-orders-local-Thing-1A2B3C4D5E6F")
MODULES = (apigateway, apigatewayv2, dynamodb_table, kinesis_stream, kms, opensearch, s3_bucket)
TYPES: dict[str, ResourceType] = {type_.name: type_ for module in MODULES for type_ in module.TYPES}
TAGS = [{"Key": "system", "Value": "shop"}, {"Key": "owner", "Value": ""}]
OTHER_TAGS = [{"Key": "system", "Value": "other"}]
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:failures"

TABLE: Document = {
    "AttributeDefinitions": [
        {"AttributeName": "id", "AttributeType": "S"},
        {"AttributeName": "customer", "AttributeType": "S"},
    ],
    "BillingMode": "PAY_PER_REQUEST",
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by-customer",
            "KeySchema": [{"AttributeName": "customer", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
    "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS"},
    "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
    "Tags": TAGS,
    "TimeToLiveSpecification": {"AttributeName": "expires", "Enabled": True},
}
DOMAIN: Document = {
    "AccessPolicies": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["es:ESHttpGet"]}]},
    "AdvancedOptions": {"rest.action.multi.allow_explicit_index": "false"},
    "ClusterConfig": {"InstanceCount": 1, "InstanceType": "t3.small.search", "ZoneAwarenessEnabled": False},
    "DomainEndpointOptions": {"EnforceHTTPS": True, "TLSSecurityPolicy": "Policy-Min-TLS-1-2-PFS-2023-10"},
    "DomainName": "search-1",
    "EBSOptions": {"EBSEnabled": True, "VolumeSize": 10, "VolumeType": "gp3"},
    "EncryptionAtRestOptions": {"Enabled": True},
    "EngineVersion": "OpenSearch_2.19",
    "NodeToNodeEncryptionOptions": {"Enabled": True},
    "SoftwareUpdateOptions": {"AutoSoftwareUpdateEnabled": True},
    "Tags": TAGS,
}
OTHER_DOMAIN: Document = DOMAIN | {
    "AccessPolicies": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["es:ESHttpPost"]}]},
    "ClusterConfig": {"InstanceCount": 2, "InstanceType": "r7g.large.search", "ZoneAwarenessEnabled": True},
    "EBSOptions": {"EBSEnabled": True, "VolumeSize": 20, "VolumeType": "gp3"},
    "Tags": OTHER_TAGS,
}
BARE_TABLE: Document = {
    "AttributeDefinitions": TABLE["AttributeDefinitions"][:1],
    "BillingMode": "PAY_PER_REQUEST",
    "DeletionProtectionEnabled": False,
    "KeySchema": TABLE["KeySchema"],
    "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": False},
    "SSESpecification": {"SSEEnabled": False},
    "StreamSpecification": {"StreamViewType": "KEYS_ONLY"},
    "Tags": OTHER_TAGS,
}
BUCKET: Document = {
    "BucketEncryption": {
        "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
    },
    "CorsConfiguration": {
        "CorsRules": [
            {"Id": "one", "AllowedMethods": ["GET"], "AllowedOrigins": ["*"], "MaxAge": 600, "ExposedHeaders": ["ETag"]}
        ]
    },
    "LifecycleConfiguration": {
        "Rules": [
            {
                "Id": "unfinished-uploads",
                "Status": "Enabled",
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
            },
            {"Id": "deletion-marks", "Status": "Enabled", "Prefix": ".deleted/", "ExpirationInDays": 30},
            {
                "Id": "old",
                "Status": "Enabled",
                "NoncurrentVersionExpirationInDays": 3,
                "Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 30}],
            },
        ]
    },
    "NotificationConfiguration": {
        "LambdaConfigurations": [{"Event": "s3:ObjectRemoved:*", "Function": FUNCTION}],
        "QueueConfigurations": [
            {
                "Event": "s3:ObjectCreated:*",
                "Queue": QUEUE,
                "Filter": {"S3Key": {"Rules": [{"Name": "prefix", "Value": "in/"}]}},
            }
        ],
    },
    "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
    "PublicAccessBlockConfiguration": {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    },
    "Tags": TAGS,
    "VersioningConfiguration": {"Status": "Enabled"},
    "WebsiteConfiguration": {"IndexDocument": "index.html", "ErrorDocument": "error.html"},
}
STREAM: Document = {
    "RetentionPeriodHours": 48,
    "StreamEncryption": {"EncryptionType": "KMS", "KeyId": "alias/aws/kinesis"},
    "StreamModeDetails": {"StreamMode": "ON_DEMAND"},
    "Tags": TAGS,
}
KEY: Document = {
    "Description": "d",
    "EnableKeyRotation": True,
    "KeyPolicy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]},
    "Tags": TAGS,
}
HTTP_API: Document = {
    "CorsConfiguration": {"AllowOrigins": ["*"], "AllowHeaders": ["a"], "AllowMethods": ["GET"], "MaxAge": 600},
    "Description": "d",
    "Name": "orders",
    "ProtocolType": "HTTP",
    "Tags": {"system": "shop", "owner": ""},
}
REST_API: Document = {
    "BinaryMediaTypes": ["image/png"],
    "Description": "d",
    "DisableExecuteApiEndpoint": True,
    "EndpointConfiguration": {"Types": ["REGIONAL"]},
    "Name": "orders",
    "Policy": {"Version": "2012-10-17", "Statement": []},
    "Tags": TAGS,
}
WHOLE = [
    ("AWS::DynamoDB::Table", TABLE, BARE_TABLE),
    ("AWS::Kinesis::Stream", STREAM, {"RetentionPeriodHours": 24, "ShardCount": "2", "Tags": OTHER_TAGS}),
    ("AWS::OpenSearchService::Domain", DOMAIN, OTHER_DOMAIN),
    ("AWS::S3::Bucket", BUCKET, {"Tags": OTHER_TAGS}),
    ("AWS::KMS::Key", KEY, {"KeyPolicy": KEY["KeyPolicy"], "Enabled": False, "Tags": OTHER_TAGS}),
    ("AWS::ApiGatewayV2::Api", HTTP_API, {"Name": "other", "ProtocolType": "HTTP", "Tags": {"system": "other"}}),
    (
        "AWS::ApiGateway::RestApi",
        REST_API,
        REST_API | {"Name": "other", "DisableExecuteApiEndpoint": False, "Tags": OTHER_TAGS},
    ),
    ("AWS::ApiGateway::Account", {"CloudWatchRoleArn": "arn:aws:iam::123456789012:role/x"}, {}),
]
MOCKED = {
    "Type": "MOCK",
    "RequestTemplates": {"application/json": '{"statusCode": 204}'},
    "IntegrationResponses": [
        {
            "StatusCode": "204",
            "ResponseParameters": {"method.response.header.Vary": "'Origin'"},
            "ResponseTemplates": {"application/json": "#set($a = 1)"},
        }
    ],
}
PROXIED = {
    "Type": "AWS_PROXY",
    "IntegrationHttpMethod": "POST",
    "Uri": f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations",
}
HTTP_PARTS = [
    (
        "Stage",
        {
            "AccessLogSettings": {"DestinationArn": "arn:aws:logs:us-east-1:123456789012:log-group:x", "Format": "{}"},
            "AutoDeploy": True,
            "StageName": "$default",
            "Tags": {"system": "shop", "owner": ""},
        },
        {"AutoDeploy": False, "StageName": "$default", "Tags": {"system": "other"}},
    ),
    (
        "Integration",
        {"IntegrationType": "AWS_PROXY", "IntegrationUri": FUNCTION, "PayloadFormatVersion": "2.0"},
        {"IntegrationType": "AWS_PROXY", "IntegrationUri": f"{FUNCTION}2", "PayloadFormatVersion": "1.0"},
    ),
    (
        "Authorizer",
        {
            "AuthorizerType": "JWT",
            "IdentitySource": ["$request.header.Authorization"],
            "JwtConfiguration": {"Audience": ["a"], "Issuer": "https://issuer"},
            "Name": "users",
        },
        {
            "AuthorizerType": "JWT",
            "IdentitySource": ["$request.header.Other"],
            "JwtConfiguration": {"Audience": ["b"], "Issuer": "https://issuer"},
            "Name": "users",
        },
    ),
    (
        "Route",
        {"AuthorizationType": "AWS_IAM", "RouteKey": "GET /orders/{id}", "Target": "integrations/abc"},
        {"AuthorizationType": "NONE", "RouteKey": "GET /orders", "Target": "integrations/def"},
    ),
]
REST_PARTS = [
    ("GatewayResponse", {"ResponseType": "DEFAULT_4XX", "ResponseParameters": {"a": "'*'"}}, {"StatusCode": "403"}),
    ("Authorizer", {"Name": "users", "Type": "TOKEN", "AuthorizerUri": FUNCTION}, {"AuthorizerUri": f"{FUNCTION}2"}),
    ("RequestValidator", {"Name": "body", "ValidateRequestBody": True}, {"ValidateRequestBody": False}),
    ("Model", {"Name": "Order", "ContentType": "application/json", "Schema": {"type": "object"}}, {}),
    ("Deployment", {"Description": "d"}, {}),
]


@pytest.fixture(scope="module")
def services() -> Clients:
    """Clients of the mock's services, mended."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    from cncb_compiler.local.endpoint.inprocess import clients
    from cncb_compiler.local.endpoint.mends import mend_all

    mend_all()
    return clients(DomainDispatcherApplication(create_backend_app), "us-east-1")


@pytest.fixture
def clients(services: Clients) -> Clients:
    """Clients of services that hold nothing but a queue."""
    from moto.moto_api._internal.models import moto_api_backend

    moto_api_backend.reset()
    services("sqs").create_queue(QueueName="failures")
    return services


def held(clients: Clients, name: str, properties: Document) -> Held:
    return TYPES[name].create(clients, PLACE, properties)


def told(clients: Clients, name: str, made: Held, properties: Document) -> Any:
    return TYPES[name].read(clients, made, properties)


def cycle(clients: Clients, name: str, old: Document, new: Document) -> None:
    """Make, read, change, read, change back, read, delete twice."""
    type_ = TYPES[name]
    made = type_.create(clients, PLACE, old)
    assert type_.read(clients, made, old) == old
    changed = type_.update(clients, made, old, new)
    assert changed.physical_id == made.physical_id
    assert type_.read(clients, changed, new) == new
    changed = type_.update(clients, changed, new, old)
    assert type_.read(clients, changed, old) == old
    type_.delete(clients, changed, old)
    type_.delete(clients, changed, old)


@pytest.mark.parametrize(("name", "old", "new"), WHOLE, ids=[name for name, _, _ in WHOLE])
def test_what_is_put_is_read_changed_and_deleted(clients: Clients, name: str, old: Document, new: Document) -> None:
    assert set(old) | set(new) <= TYPES[name].properties
    cycle(clients, name, old, new)


@pytest.mark.parametrize(("kind", "old", "new"), HTTP_PARTS, ids=[kind for kind, _, _ in HTTP_PARTS])
def test_a_part_of_an_http_api(clients: Clients, kind: str, old: Document, new: Document) -> None:
    api = {"ApiId": held(clients, "AWS::ApiGatewayV2::Api", HTTP_API).physical_id}
    cycle(clients, f"AWS::ApiGatewayV2::{kind}", old | api, new | api)


@pytest.mark.parametrize(("kind", "old", "new"), REST_PARTS, ids=[kind for kind, _, _ in REST_PARTS])
def test_a_part_of_a_rest_api(clients: Clients, kind: str, old: Document, new: Document) -> None:
    api, _ = rest_api(clients)
    cycle(clients, f"AWS::ApiGateway::{kind}", old | api, old | new | api)


def rest_api(clients: Clients) -> tuple[Document, Document]:
    """An API with one method: what names the API, and what names the method."""
    made = held(clients, "AWS::ApiGateway::RestApi", REST_API)
    api = {"RestApiId": made.physical_id}
    path = {"ParentId": made.attributes["RootResourceId"], "PathPart": "{id}"}
    resource = held(clients, "AWS::ApiGateway::Resource", api | path)
    assert told(clients, "AWS::ApiGateway::Resource", resource, api | path) == api | path
    method = api | {"ResourceId": resource.physical_id, "HttpMethod": "GET", "AuthorizationType": "NONE"}
    held(clients, "AWS::ApiGateway::Method", method | {"Integration": PROXIED})
    return api, method


def test_a_method_with_its_integration_and_responses(clients: Clients) -> None:
    _, method = rest_api(clients)
    response = {"StatusCode": "204", "ResponseParameters": {"method.response.header.Vary": True}}
    preflight = {"HttpMethod": "OPTIONS", "Integration": MOCKED, "MethodResponses": [response]}
    proxied = {"HttpMethod": "OPTIONS", "Integration": PROXIED, "AuthorizationType": "AWS_IAM"}
    cycle(clients, "AWS::ApiGateway::Method", method | preflight, method | proxied)


def test_a_stage_of_a_rest_api(clients: Clients) -> None:
    api, _ = rest_api(clients)
    deployments = [held(clients, "AWS::ApiGateway::Deployment", api).physical_id for _ in range(2)]
    old = api | {
        "AccessLogSetting": {"DestinationArn": "arn:aws:logs:us-east-1:123456789012:log-group:x", "Format": "{}"},
        "DeploymentId": deployments[0],
        "MethodSettings": [{"ResourcePath": "/*", "HttpMethod": "*", "MetricsEnabled": True}],
        "StageName": "local",
        "Tags": TAGS,
        "TracingEnabled": True,
        "Variables": {"a": "b"},
    }
    new = api | {"DeploymentId": deployments[1], "StageName": "local", "Tags": OTHER_TAGS, "TracingEnabled": False}
    cycle(clients, "AWS::ApiGateway::Stage", old, new)


def test_attributes_are_those_of_the_service(clients: Clients) -> None:
    table = held(clients, "AWS::DynamoDB::Table", TABLE)
    described = clients("dynamodb").describe_table(TableName=PLACE.generated_name)["Table"]
    assert table == Held(
        PLACE.generated_name, {"Arn": described["TableArn"], "StreamArn": described["LatestStreamArn"]}
    )
    stream = held(clients, "AWS::Kinesis::Stream", STREAM)
    summary = clients("kinesis").describe_stream_summary(StreamName=PLACE.generated_name)["StreamDescriptionSummary"]
    assert stream.attributes == {"Arn": summary["StreamARN"]}
    assert summary["StreamStatus"] == "ACTIVE"
    assert summary["OpenShardCount"] == 4
    bucket = held(clients, "AWS::S3::Bucket", {})
    assert bucket.physical_id == PLACE.generated_name.lower()
    assert bucket.attributes["Arn"] == f"arn:aws:s3:::{bucket.physical_id}"


def test_a_difference_is_told(clients: Clients) -> None:
    made = held(clients, "AWS::Kinesis::Stream", STREAM)
    clients("kinesis").remove_tags_from_stream(StreamName=made.physical_id, TagKeys=["owner"])
    clients("kinesis").add_tags_to_stream(StreamName=made.physical_id, Tags={"by-hand": "x"})
    found = told(clients, "AWS::Kinesis::Stream", made, STREAM)
    assert found["Tags"] == [TAGS[0], {"Key": "by-hand", "Value": "x"}]


def test_a_bucket_with_an_object_is_not_deleted(clients: Clients) -> None:
    made = held(clients, "AWS::S3::Bucket", {})
    clients("s3").put_object(Bucket=made.physical_id, Key="a", Body=b"1")
    with pytest.raises(ClientError, match="BucketNotEmpty"):
        TYPES["AWS::S3::Bucket"].delete(clients, made, {})


def test_a_policy_of_a_bucket(clients: Clients) -> None:
    bucket = {"Bucket": held(clients, "AWS::S3::Bucket", {}).physical_id}
    old = bucket | {"PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Sid": "a", "Effect": "Deny"}]}}
    cycle(clients, "AWS::S3::BucketPolicy", old, bucket | {"PolicyDocument": {"Version": "2012-10-17"}})


def test_an_alias_of_a_key(clients: Clients) -> None:
    keys = [held(clients, "AWS::KMS::Key", KEY) for _ in range(2)]
    old, new = (
        {"AliasName": "alias/x", "TargetKeyId": keys[0].attributes["Arn"]},
        {"AliasName": "alias/x", "TargetKeyId": keys[1].physical_id},
    )
    cycle(clients, "AWS::KMS::Alias", old, new)


def test_a_consumer_of_a_stream(clients: Clients) -> None:
    stream = held(clients, "AWS::Kinesis::Stream", STREAM)
    declared = {"ConsumerName": "c", "StreamARN": stream.attributes["Arn"]}
    made = held(clients, "AWS::Kinesis::StreamConsumer", declared)
    assert told(clients, "AWS::Kinesis::StreamConsumer", made, declared) == declared
    TYPES["AWS::Kinesis::StreamConsumer"].delete(clients, made, declared)
    assert not clients("kinesis").list_stream_consumers(StreamARN=declared["StreamARN"])["Consumers"]


def _two_indexes(table: Document) -> Document:
    index = table["GlobalSecondaryIndexes"][0]
    return table | {"GlobalSecondaryIndexes": [index | {"IndexName": name} for name in ("by-customer", "a", "b")]}


def _other_projection(table: Document) -> Document:
    index = table["GlobalSecondaryIndexes"][0] | {"Projection": {"ProjectionType": "KEYS_ONLY"}}
    return table | {"GlobalSecondaryIndexes": [index]}


@pytest.mark.parametrize(
    ("change", "said"),
    [(_two_indexes, "more than one GSI creation or deletion"), (_other_projection, "projection of index by-customer")],
)
def test_an_index_changes_only_as_aws_lets_it(
    clients: Clients, change: Callable[[Document], Document], said: str
) -> None:
    made = held(clients, "AWS::DynamoDB::Table", TABLE)
    with pytest.raises(Problem, match=said):
        TYPES["AWS::DynamoDB::Table"].update(clients, made, TABLE, change(TABLE))


@pytest.mark.parametrize(
    "properties",
    [
        {"LifecycleConfiguration": {"Rules": [{"Status": "Enabled", "TagFilters": []}]}},
        {"NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}},
    ],
)
def test_a_setting_that_is_not_held_is_refused(clients: Clients, properties: Document) -> None:
    with pytest.raises(NotHeldError):
        held(clients, "AWS::S3::Bucket", properties)


def changes(clients: Clients, table: Held, **given: Any) -> list[tuple[str, Document]]:
    """The records of a table's stream: what happened to which item."""
    streams = clients("dynamodbstreams")
    arn = table.attributes["StreamArn"]
    [shard] = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    kind = {"ShardIteratorType": "TRIM_HORIZON"} | given
    at = streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"], **kind)["ShardIterator"]
    found = []
    while records := (page := streams.get_records(ShardIterator=at, Limit=2))["Records"]:
        found += [(record["eventName"], record["dynamodb"]) for record in records]
        at = page["NextShardIterator"]
    return found


def happened(clients: Clients, table: Held) -> list[tuple[str, str]]:
    return [(name, record["Keys"]["id"]["S"]) for name, record in changes(clients, table)]


def test_a_write_that_changes_nothing_is_no_record(clients: Clients) -> None:
    table = held(clients, "AWS::DynamoDB::Table", TABLE)
    put = clients("dynamodb").put_item
    for numbers, number in ((["a", "b"], "1"), (["b", "a"], "1.0"), (["a", "b"], "2")):
        put(TableName=table.physical_id, Item={"id": {"S": "1"}, "n": {"N": number}, "s": {"SS": numbers}})
    assert happened(clients, table) == [("INSERT", "1"), ("MODIFY", "1")]


def test_an_update_is_one_record_or_none(clients: Clients) -> None:
    table = held(clients, "AWS::DynamoDB::Table", TABLE)
    client = clients("dynamodb")
    request = {"TableName": table.physical_id, "Key": {"id": {"S": "1"}}}
    for _ in range(2):
        client.update_item(**request, UpdateExpression="SET a = :a", ExpressionAttributeValues={":a": {"S": "x"}})
    with pytest.raises(ClientError):
        client.update_item(
            TableName=table.physical_id,
            Key={"id": {"S": "2"}},
            UpdateExpression="SET a = b + :a",
            ExpressionAttributeValues={":a": {"N": "1"}},
        )
    assert "Item" not in client.get_item(TableName=table.physical_id, Key={"id": {"S": "2"}})
    assert happened(clients, table) == [("INSERT", "1")]
    assert changes(clients, table)[0][1]["NewImage"] == {"id": {"S": "1"}, "a": {"S": "x"}}


def test_a_transaction_that_fails_leaves_items_and_stream_as_they_were(clients: Clients) -> None:
    from moto.dynamodb.models import dynamodb_backends

    table = held(clients, "AWS::DynamoDB::Table", TABLE)
    client = clients("dynamodb")
    first = {"id": {"S": "1"}}
    client.put_item(TableName=table.physical_id, Item=first)
    puts = [{"TableName": table.physical_id, "Item": {"id": {"S": "2"}}}]
    puts.append({"TableName": table.physical_id, "Item": first, "ConditionExpression": "attribute_not_exists(id)"})
    tables = dynamodb_backends["123456789012"]["us-east-1"].tables
    before = tables[table.physical_id]
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        client.transact_write_items(TransactItems=[{"Put": put} for put in puts])
    assert tables[table.physical_id] is before
    assert client.scan(TableName=table.physical_id)["Items"] == [first]
    assert happened(clients, table) == [("INSERT", "1")]
    client.transact_write_items(TransactItems=[{"Put": puts[0]}])
    assert happened(clients, table) == [("INSERT", "1"), ("INSERT", "2")]


def test_a_stream_of_a_table_is_read_from_any_place(clients: Clients) -> None:
    table = held(clients, "AWS::DynamoDB::Table", TABLE)
    for number in range(3):
        clients("dynamodb").put_item(TableName=table.physical_id, Item={"id": {"S": str(number)}})
    second = changes(clients, table)[1][1]["SequenceNumber"]

    def count(**place: str) -> int:
        return len(changes(clients, table, **place))

    assert count(ShardIteratorType="AT_SEQUENCE_NUMBER", SequenceNumber=second) == 2
    assert count(ShardIteratorType="AFTER_SEQUENCE_NUMBER", SequenceNumber=second) == 1
    assert count(ShardIteratorType="LATEST") == 0


def test_a_stream_that_was_switched_off_is_no_more(clients: Clients) -> None:
    table = held(clients, "AWS::DynamoDB::Table", TABLE)
    without = {key: value for key, value in TABLE.items() if key != "StreamSpecification"}
    off = TYPES["AWS::DynamoDB::Table"].update(clients, table, TABLE, without)
    assert "StreamArn" not in off.attributes
    clients("dynamodb").put_item(TableName=table.physical_id, Item={"id": {"S": "1"}})
    with pytest.raises(ClientError, match="ResourceNotFound"):
        changes(clients, table)


def test_values_of_every_type_come_back(clients: Clients) -> None:
    table = held(clients, "AWS::DynamoDB::Table", TABLE)
    inner = [{"N": "1"}, {"NULL": True}, {"BOOL": False}, {"B": b"\xfe"}, {"M": {}}, {"L": []}, {"S": ""}]
    item = {"id": {"S": "a"}, "b": {"B": b"\xff\x00"}, "bs": {"BS": [b"\x01"]}, "m": {"M": {"l": {"L": inner}}}}
    client = clients("dynamodb")
    client.put_item(TableName=table.physical_id, Item=item)
    assert client.get_item(TableName=table.physical_id, Key={"id": {"S": "a"}})["Item"] == item
    assert client.scan(TableName=table.physical_id)["Items"] == [item]
    assert changes(clients, table)[0][1]["NewImage"] == item


def test_queries_find_what_is_under_their_key(clients: Clients) -> None:
    table = held(clients, "AWS::DynamoDB::Table", TABLE)
    client = clients("dynamodb")
    for number in (3, 1, 2, 4):
        item = {"id": {"S": str(number)}, "customer": {"S": f"c{number % 2}"}}
        client.put_item(TableName=table.physical_id, Item=item)

    def ids(key: str, value: str, **given: Any) -> list[str]:
        condition = {"KeyConditionExpression": "#k = :v", "ExpressionAttributeNames": {"#k": key}}
        values = {"ExpressionAttributeValues": {":v": {"S": value}}}
        answer = client.query(TableName=table.physical_id, **condition, **values, **given)
        return [item["id"]["S"] for item in answer["Items"]]

    assert ids("id", "2") == ["2"]
    assert ids("id", "9") == []
    assert ids("customer", "c1", IndexName="by-customer") == ["1", "3"]
    assert ids("customer", "c0", IndexName="by-customer", ScanIndexForward=False) == ["4", "2"]
    assert [item["id"]["S"] for item in client.scan(TableName=table.physical_id)["Items"]] == ["1", "2", "3", "4"]


def test_a_kinesis_shard_is_read_by_arn_page_by_page(clients: Clients) -> None:
    stream = held(clients, "AWS::Kinesis::Stream", {"ShardCount": 1, "Name": "s"})
    client = clients("kinesis")
    for number in range(5):
        client.put_record(StreamName="s", Data=str(number).encode(), PartitionKey="a")
    arn = stream.attributes["Arn"]
    [shard] = client.list_shards(StreamARN=arn)["Shards"]

    def read(kind: str, **given: Any) -> list[Any]:
        where = {"StreamARN": arn, "ShardId": shard["ShardId"], "ShardIteratorType": kind}
        at = client.get_shard_iterator(**where, **given)["ShardIterator"]
        found = []
        while records := (page := client.get_records(ShardIterator=at, Limit=2))["Records"]:
            found += records
            at = page["NextShardIterator"]
        return found

    every = read("TRIM_HORIZON")
    assert [record["Data"] for record in every] == [b"0", b"1", b"2", b"3", b"4"]
    numbers = [record["SequenceNumber"] for record in every]
    assert numbers == sorted(numbers)
    assert {len(number) for number in numbers} == {56}
    assert read("AFTER_SEQUENCE_NUMBER", StartingSequenceNumber=numbers[2]) == every[3:]
    assert read("AT_SEQUENCE_NUMBER", StartingSequenceNumber=numbers[2]) == every[2:]
    assert read("LATEST") == []
