from __future__ import annotations

from typing import Any

import aws_plans as plans
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cncb_compiler.aws.checks import check_template
from cncb_compiler.aws.template import build
from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.plan.assets import Asset
from cncb_compiler.plan.function import StreamTrigger
from cncb_compiler.plan.service import ServicePlan

TABLE: dict[str, Any] = {
    "Type": "AWS::DynamoDB::Table",
    "Properties": {
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    },
}


def changed(resource: dict[str, Any], **properties: Any) -> dict[str, Any]:
    kept = {key: value for key, value in {**resource["Properties"], **properties}.items() if value is not None}
    return {**resource, "Properties": kept}


def mapping(source: Any, **properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {
            "FunctionName": "f",
            "EventSourceArn": source,
            "StartingPosition": "LATEST",
            **properties,
        },
    }


def policy(**statement: Any) -> dict[str, Any]:
    made = {
        "Effect": "Allow",
        "Action": "dynamodb:Query",
        "Resource": {"Fn::GetAtt": ["A", "Arn"]},
        **statement,
    }
    return {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {"PolicyDocument": {"Version": "2012-10-17", "Statement": [made]}},
    }


def queue(name: Any, **properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": name, **properties}}


def function(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::Lambda::Function", "Properties": {"Handler": "a.b", **properties}}


def findings(plan: ServicePlan) -> list[Diagnostic]:
    template, found = build(plan, plans.packages(plan))
    return [*found, *check_template(plan, template)]


def codes_and_places(plan: ServicePlan) -> list[tuple[str, str]]:
    return [(each.code, "/".join(str(step) for step in each.at.path)) for each in findings(plan)]


STREAM: dict[str, Any] = {"Type": "AWS::Kinesis::Stream"}
STREAMED = changed(TABLE, StreamSpecification={"StreamViewType": "NEW_IMAGE"})
STREAM_OF_A = {"Fn::GetAtt": ["A", "StreamArn"]}
ROLE: dict[str, Any] = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}}

GOOD: list[dict[str, Any]] = [
    {"A": TABLE},
    {"A": STREAMED, "M": mapping(STREAM_OF_A)},
    {"A": changed(STREAMED, StreamSpecification={"StreamViewType": {"Ref": "AWS::NoValue"}})},
    {"A": STREAM, "M": mapping({"Fn::GetAtt": "A.Arn"}, StartingPosition={"Ref": "Stage"})},
    {"M": mapping("arn:aws:sqs:us-east-1:111111111111:q", StartingPosition=None)},
    {"Q": queue("a-b_c")},
    {"Q": queue("a.fifo", FifoQueue=True)},
    {"Q": queue({"Fn::Sub": "a-${Stage}"})},
    {"Q": queue({"Ref": "Stage"})},
    {"A": TABLE, "P": policy()},
    {"P": policy(Action=["xray:PutTraceSegments"], Resource="*")},
    {"P": policy(Effect="Deny", Action="*", Resource="*")},
    {"P": policy(Resource="arn:aws:s3:::my-bucket/*")},
    {
        "K": {
            "Type": "AWS::KMS::Key",
            "Properties": {"KeyPolicy": {"Statement": {"Effect": "Allow", "Action": "kms:*"}}},
        }
    },
    {"R": ROLE, "F": function(Role={"Fn::GetAtt": ["R", "Arn"]})},
    {"T": {"Type": "AWS::SNS::Topic"}, "S": {"Type": "X::Y::Z", "Properties": {"TopicArn": {"Ref": "T"}}}},
    {"A": {"Type": "X::Y::Z", "Properties": {"Statement": 3, "Name": None, "Arn": ["x", {"Ref": ["y"]}]}}},
]

BAD: list[tuple[str, str, dict[str, Any]]] = [
    ("CNCB903", "M", {"M": {"Properties": {}}}),
    ("CNCB903", "M/Propertys", {"M": {"Type": "AWS::SNS::Topic", "Propertys": {}}}),
    ("CNCB903", "M/Properties", {"M": {"Type": "AWS::SNS::Topic", "Properties": []}}),
    ("CNCB910", "M/Properties/EventSourceArn", {"A": TABLE, "M": mapping(STREAM_OF_A)}),
    ("CNCB910", "M/Properties/EventSourceArn", {"A": TABLE, "M": mapping({"Fn::Sub": "${A.StreamArn}"})}),
    (
        "CNCB911",
        "A/Properties/StreamSpecification/StreamViewType",
        {"A": changed(TABLE, StreamSpecification={"StreamViewType": "NEW_AND_OLD"})},
    ),
    (
        "CNCB911",
        "A/Properties/StreamSpecification",
        {"A": changed(TABLE, StreamSpecification={"x": "y"})},
    ),
    (
        "CNCB912",
        "M/Properties",
        {"A": STREAM, "M": changed(mapping({"Fn::GetAtt": "A.Arn"}), StartingPosition=None)},
    ),
    (
        "CNCB912",
        "M/Properties/StartingPosition",
        {"M": mapping("arn:aws:kinesis:us-east-1:111111111111:stream/a", StartingPosition="BEGIN")},
    ),
    ("CNCB913", "A/Properties", {"A": changed(TABLE, BillingMode=None)}),
    ("CNCB913", "A/Properties/BillingMode", {"A": changed(TABLE, BillingMode="PROVISIONED")}),
    (
        "CNCB913",
        "A/Properties/GlobalSecondaryIndexes/0",
        {"A": changed(TABLE, BillingMode=None, ProvisionedThroughput={}, GlobalSecondaryIndexes=[{"IndexName": "i"}])},
    ),
    ("CNCB914", "Q/Properties/QueueName", {"Q": queue("a b")}),
    ("CNCB914", "Q/Properties/QueueName", {"Q": queue("a" * 81)}),
    ("CNCB914", "Q/Properties/QueueName", {"Q": queue("a", FifoQueue=True)}),
    ("CNCB914", "Q/Properties/QueueName", {"Q": queue("a.fifo")}),
    ("CNCB914", "Q/Properties/QueueName/Fn::Sub", {"Q": queue({"Fn::Sub": "a ${Stage}"})}),
    ("CNCB915", "M/Properties/EventSourceArn", {"A": STREAMED, "M": mapping({"Ref": "A"})}),
    (
        "CNCB915",
        "P/Properties/PolicyDocument/Statement/0/Resource",
        {"A": TABLE, "P": policy(Resource={"Ref": "A"})},
    ),
    (
        "CNCB915",
        "P/Properties/PolicyDocument/Statement/0/Resource/1",
        {"A": TABLE, "P": policy(Resource=["arn:x", {"Fn::Sub": "${A}"}])},
    ),
    ("CNCB915", "F/Properties/Role", {"R": ROLE, "F": function(Role={"Ref": "R"})}),
    ("CNCB916", "F/Properties/Role", {"A": TABLE, "F": function(Role={"Fn::GetAtt": ["A", "Arn"]})}),
    ("CNCB916", "P/Properties/Roles/0", {"A": TABLE, "P": changed(policy(), Roles=[{"Ref": "A"}])}),
    (
        "CNCB830",
        "P/Properties/PolicyDocument/Statement/0/Action",
        {"A": TABLE, "P": policy(Action="dynamodb:*")},
    ),
    (
        "CNCB830",
        "P/Properties/PolicyDocument/Statement/0/Action/1",
        {"A": TABLE, "P": policy(Action=["dynamodb:Query", "dynamodb:Get*"])},
    ),
    (
        "CNCB830",
        "P/Properties/PolicyDocument/Statement/0/NotAction",
        {"A": TABLE, "P": changed(policy(NotAction="a:b", Action=None))},
    ),
    ("CNCB831", "P/Properties/PolicyDocument/Statement/0/Resource", {"P": policy(Resource="*")}),
    (
        "CNCB831",
        "P/Properties/PolicyDocument/Statement/0/Resource/0",
        {"P": policy(Resource=["arn:aws:dynamodb:us-east-1:111111111111:table/*"])},
    ),
    (
        "CNCB831",
        "P/Properties/PolicyDocument/Statement/0/Resource",
        {"P": policy(Resource={"Fn::Sub": "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:*"})},
    ),
    ("CNCB831", "P/Properties/PolicyDocument/Statement/0/Resource", {"P": policy(Resource="arn:aws:s3:::*")}),
]


@pytest.mark.parametrize("raw", GOOD)
def test_nothing_is_said_of_good_raw_resources(raw: dict[str, Any]) -> None:
    assert codes_and_places(plans.service(resources=raw)) == []


@pytest.mark.parametrize(("code", "at", "raw"), BAD)
def test_what_is_wrong_in_raw_resources_is_said_at_its_place(code: str, at: str, raw: dict[str, Any]) -> None:
    assert (code, f"resources/{at}") in codes_and_places(plans.service(resources=raw))
    assert {found for found, _ in codes_and_places(plans.service(resources=raw))} == {code}


def test_a_raw_resource_never_takes_the_id_of_a_derived_one() -> None:
    plan = plans.service(tables=(plans.table(plans.ORDERS),), resources={"OrdersTable": TABLE})
    (found,) = findings(plan)
    assert (found.code, found.at) == ("CNCB901", (plans.AT / "resources" / "OrdersTable").key())
    template, _ = build(plan, {})
    assert "Tags" in template["Resources"]["OrdersTable"]["Properties"]


def test_raw_resources_keep_their_text_and_get_their_place() -> None:
    plan = plans.service(resources={"A": {**TABLE, "Metadata": {"mine": 1}}})
    made = build(plan, {})[0]["Resources"]["A"]
    assert made["Metadata"] == {
        "cncb": {"declaration": "services/order-bff.yaml#/resources/A", "pattern": "resources"},
        "mine": 1,
    }
    assert made["Properties"] == TABLE["Properties"]


def test_overrides_merge_replace_and_remove() -> None:
    overrides = {
        "OrdersTable": {
            "DeletionPolicy": "Delete",
            "Properties": {
                "SSESpecification": {"SSEType": None},
                "DeletionProtectionEnabled": True,
                "Tags": [],
            },
        }
    }
    plan = plans.service(tables=(plans.table(plans.ORDERS), plans.table(plans.PRODUCTS)), overrides=overrides)
    template, found = build(plan, {})
    made = template["Resources"]["OrdersTable"]
    assert found == []
    assert made["DeletionPolicy"] == "Delete"
    assert made["Properties"]["SSESpecification"] == {"SSEEnabled": True}
    assert made["Properties"]["DeletionProtectionEnabled"] is True
    assert made["Properties"]["Tags"] == []
    assert template["Resources"]["ProductsTable"]["Properties"]["Tags"] != []


def test_an_override_changes_nothing_but_its_resource() -> None:
    patch = {"Properties": {"Tags": {"added": "x"}}}
    raw = {"Type": "X::Y::Z", "Properties": {"Tags": {"a": "b"}}}
    plan = replace(plans.event_hub(), overrides={"MainStreamNameParameter": patch, "A": patch}, resources={"A": raw})
    template, _ = build(plan, plans.packages(plan))
    tags = {key: made["Properties"].get("Tags") for key, made in template["Resources"].items()}
    assert tags["MainStreamNameParameter"]["added"] == tags["A"]["added"] == "x"
    assert "added" not in tags["MainStreamArnParameter"]
    assert raw["Properties"] == {"Tags": {"a": "b"}}


def test_an_override_replaces_an_intrinsic_function_as_a_whole() -> None:
    plan = replace(
        plans.order_bff(),
        overrides={"CommandSubmitFunction": {"Properties": {"Role": {"Fn::Sub": "arn:x:${Stage}"}}}},
    )
    template, _ = build(plan, plans.packages(plan))
    role = template["Resources"]["CommandSubmitFunction"]["Properties"]["Role"]
    assert role == {"Fn::Sub": "arn:x:${Stage}"}


def test_an_override_that_matches_nothing_is_said() -> None:
    overrides: dict[str, Any] = {"OrderTable": {}, "OrdersTable": {"Properties": {"Tag": None}}}
    first, second = findings(plans.service(tables=(plans.table(plans.ORDERS),), overrides=overrides))
    assert (first.code, first.mend) == ("CNCB902", "Did you mean `OrdersTable`?")
    assert (second.code, second.at.path[-1], second.mend) == ("CNCB902", "Tag", "Did you mean `Tags`?")


def test_an_override_that_breaks_a_derived_resource_is_said_there() -> None:
    overrides = {"OrdersTable": {"Properties": {"StreamSpecification": None}}}
    plan = replace(plans.order_bff(), overrides=overrides)
    found = codes_and_places(plan)
    assert found
    assert set(found) == {("CNCB910", "overrides/OrdersTable/Properties")}
    added = {"OrdersTable": {"StreamSpecification": {}}}
    assert codes_and_places(replace(plan, overrides=added)) == [
        ("CNCB903", "overrides/OrdersTable/StreamSpecification")
    ]


def tables(count: int) -> tuple[Any, ...]:
    return tuple(plans.table(Asset("table", f"t{number}")) for number in range(count))


def test_limits() -> None:
    def codes(plan: ServicePlan) -> list[str]:
        return [code for code, _ in codes_and_places(plan)]

    assert codes(plans.service(tables=tables(200))) == []
    assert codes(plans.service(tables=tables(201))) == ["CNCB722"]
    assert codes(plans.service(tables=tables(501))) == ["CNCB720", "CNCB722"]
    large = {"A": {"Type": "X::Y::Z", "Properties": {"Body": "x" * 1_000_000}}}
    assert codes(plans.service(resources=large)) == ["CNCB723"]

    def settings(size: int) -> ServicePlan:
        changed = replace(plans.SETTINGS, environment={"RULES": "x" * size})
        return plans.service(functions=(plans.function("f", settings=changed),))

    assert codes(settings(3500)) == []
    assert codes(settings(4096)) == ["CNCB724"]

    def listeners(count: int) -> ServicePlan:
        trigger = StreamTrigger(plans.MAIN, ("a",), plans.READ)
        return plans.service(functions=tuple(plans.function(f"f{number}", trigger) for number in range(count)))

    assert codes(listeners(30)) == []
    assert codes(listeners(31)) == ["CNCB726"]


def test_a_role_with_too_much_to_say() -> None:
    from cncb_compiler.plan.function import Grant

    grants = tuple(Grant("get", table.asset) for table in tables(80))
    plan = plans.service(tables=tables(80), functions=(plans.function("f", grants=grants),))
    (found,) = findings(plan)
    assert (found.code, found.at) == ("CNCB725", plan.functions[0].at)


def test_path_parameters_beside_each_other() -> None:
    routes = (
        plans.function("a", plans.route("GET", "/orders/{id}")),
        plans.function("b", plans.route("GET", "/orders/{orderId}/lines")),
    )
    rest = replace(plans.order_bff("rest"), functions=routes)
    (found,) = findings(rest)
    assert (found.code, found.mend) == ("CNCB727", "Call it `{id}` here too.")
    assert findings(replace(rest, api=replace(plans.order_bff().api, kind="http"))) == []


def test_paths_that_get_one_logical_id() -> None:
    first = plans.function("a", plans.route("GET", "/order-lines"))
    second = plans.function("b", replace(plans.route("GET", "/order/lines"), at=plans.AT / "other"))
    plan = replace(plans.order_bff("rest"), functions=(first, second))
    (found,) = findings(plan)
    assert found.code == "CNCB904"
    assert (
        found.message
        == "path `/order/lines` gets the logical id `OrderLinesPath`, which path `/order-lines` has already"
    )
    assert findings(replace(plan, functions=(first,))) == []


KEYS = [
    *("Ref", "Fn::GetAtt", "Fn::Sub", "Type", "Properties", "Metadata", "Statement", "Effect", "Action"),
    *("Resource", "Role", "QueueName", "Environment", "Variables", "Policies", "StreamSpecification"),
    *("StreamViewType", "EventSourceArn", "GlobalSecondaryIndexes", "DeploymentId"),
]
LEAVES = ["*", "a b", "${A}", "{{", "A", "AWS::IAM::Role"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(LEAVES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)
KINDS = st.sampled_from(sorted({made["Type"] for _, _, raw in BAD for made in raw.values() if "Type" in made}))
ENTRIES = st.fixed_dictionaries({}, optional={"Type": KINDS | VALUES, "Properties": VALUES, "Metadata": VALUES})


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.dictionaries(st.sampled_from(["A", "B", "OrdersTable"]), ENTRIES), ENTRIES)
def test_whatever_is_written_by_hand_gives_findings_and_never_an_exception(
    resources: dict[str, Any], patch: dict[str, Any]
) -> None:
    ids = ("OrdersTable", "CommandSubmitFunction", "CommandSubmitRole", "QueryOrderMethod", "RestApiStage")
    plan = replace(plans.order_bff("rest"), resources=resources, overrides=dict.fromkeys(ids, patch))
    findings(plan)


def test_too_many_parameters() -> None:
    plan = plans.service()
    template = {"Parameters": {f"P{number}": {"Type": "String"} for number in range(201)}, "Resources": {}}
    assert [found.code for found in check_template(plan, template)] == ["CNCB721"]


@pytest.mark.parametrize(
    ("logical_id", "patch", "codes"),
    [
        ("OrdersTable", {"SSESpecification": None}, ["CNCB832"]),
        ("OrdersTable", {"SSESpecification": {"SSEEnabled": False}}, ["CNCB832"]),
        ("OrdersTable", {"SSESpecification": {"KMSMasterKeyId": "alias/own"}}, []),
        ("UploadsBucket", {"BucketEncryption": None}, ["CNCB832"]),
        ("FailureQueue", {"SqsManagedSseEnabled": None}, ["CNCB832"]),
        ("FailureQueue", {"SqsManagedSseEnabled": None, "KmsMasterKeyId": "alias/own"}, []),
    ],
)
def test_an_override_leaves_data_encrypted(logical_id: str, patch: dict[str, Any], codes: list[str]) -> None:
    plan = replace(plans.order_bff(), overrides={logical_id: {"Properties": patch}})
    assert [found.code for found in findings(plan)] == codes
