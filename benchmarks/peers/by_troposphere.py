"""troposphere: the same resources as Python objects, validated by its types, written as CloudFormation.

It reads no YAML and knows no other service; what the SAM translator derives is written out by hand here.

Usage: `python by_troposphere.py INPUT OUTPUT`: the list of services, and the folder to write.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from troposphere import (
    GetAtt,
    Parameter,
    Ref,
    Retain,
    Sub,
    Tags,
    Template,
    apigatewayv2,
    dynamodb,
    iam,
    logs,
    sqs,
)
from troposphere import awslambda as lambda_


def service(at: str, before: str, chain: str) -> str:
    """The template of service `at`, which listens to service `before`, as JSON."""
    template = Template(Description=f"Keeps its items, and a view of those of service-{before}.")
    template.add_parameter(Parameter("Stage", Type="String", Default="dev"))
    template.add_parameter(Parameter("CodeBucket", Type="String"))
    for name, path in (("MainStreamArn", "arn"), ("MainStreamName", "name")):
        parameter = Parameter(name, Type="AWS::SSM::Parameter::Value<String>", Default=f"/bench/streams/main/{path}")
        template.add_parameter(parameter)
    labels = {"system": "bench", "service": f"service-{at}", "owner": f"team-{chain}"}
    template.add_resource(sqs.Queue("Failures", SqsManagedSseEnabled=True, MessageRetentionPeriod=1209600))
    _tables(template)
    api = template.add_resource(apigatewayv2.Api("Api", Name=f"service-{at}", ProtocolType="HTTP", Tags=labels))
    stage = apigatewayv2.Stage("ApiStage", ApiId=Ref(api), StageName="$default", AutoDeploy=True)
    template.add_resource(stage)

    put_records = (["kinesis:PutRecords"], Ref("MainStreamArn"))
    store = (["dynamodb:PutItem", "dynamodb:UpdateItem"], GetAtt("UpstreamTable", "Arn"))
    stream = {"STREAM": Ref("MainStreamName")}
    tags = Tags(**labels)
    _function(template, "ViewUpstream", at, {"TABLE": Ref("UpstreamTable")} | stream, tags, [store, put_records])
    _listen(template, "ViewUpstream", Ref("MainStreamArn"), f'{{"data":{{"type":["item-{before}-changed"]}}}}')
    _function(template, "ChangesItems", at, stream, tags, [put_records])
    _listen(template, "ChangesItems", GetAtt("ItemsTable", "StreamArn"), '{"eventName":["INSERT","MODIFY"]}')
    write = (["dynamodb:PutItem"], GetAtt("ItemsTable", "Arn"))
    _function(template, "CommandOpen", at, {"TABLE": Ref("ItemsTable")}, tags, [write])
    _route(template, "CommandOpen", "POST /items")
    read = (["dynamodb:GetItem"], GetAtt("UpstreamTable", "Arn"))
    _function(template, "QueryUpstream", at, {"TABLE": Ref("UpstreamTable")}, tags, [read])
    _route(template, "QueryUpstream", "GET /upstream/{id}")
    return str(template.to_json(indent=2))


def _tables(template: Template) -> None:
    common = {
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [dynamodb.AttributeDefinition(AttributeName="id", AttributeType="S")],
        "KeySchema": [dynamodb.KeySchema(AttributeName="id", KeyType="HASH")],
        "PointInTimeRecoverySpecification": dynamodb.PointInTimeRecoverySpecification(PointInTimeRecoveryEnabled=True),
        "SSESpecification": dynamodb.SSESpecification(SSEEnabled=True),
    }
    captured = dynamodb.StreamSpecification(StreamViewType="NEW_AND_OLD_IMAGES")
    items = dynamodb.Table(
        "ItemsTable",
        DeletionPolicy=Retain,
        UpdateReplacePolicy=Retain,
        StreamSpecification=captured,
        **common,
    )
    template.add_resource(items)
    template.add_resource(dynamodb.Table("UpstreamTable", **common))


def _function(
    template: Template,
    name: str,
    at: str,
    environment: dict[str, Ref],
    tags: Tags,
    grants: list[tuple[list[str], Ref | GetAtt]],
) -> None:
    log_group = f"/aws/lambda/${{AWS::StackName}}-{name}"
    template.add_resource(logs.LogGroup(f"{name}Logs", LogGroupName=Sub(log_group), RetentionInDays=30))
    statements = [{"Effect": "Allow", "Action": actions, "Resource": resource} for actions, resource in grants]
    log_lines = {
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": GetAtt(f"{name}Logs", "Arn"),
    }
    trust = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "lambda.amazonaws.com"},
    }
    policy = iam.Policy(
        PolicyName="function",
        PolicyDocument={"Version": "2012-10-17", "Statement": [*statements, log_lines]},
    )
    role = iam.Role(
        f"{name}Role",
        AssumeRolePolicyDocument={"Version": "2012-10-17", "Statement": [trust]},
        Policies=[policy],
        Tags=tags,
    )
    template.add_resource(role)
    function = lambda_.Function(
        name,
        Runtime="python3.13",
        Handler="handler.handle",
        MemorySize=256,
        Timeout=29,
        Role=GetAtt(role, "Arn"),
        Code=lambda_.Code(S3Bucket=Ref("CodeBucket"), S3Key=f"service-{at}/{name}.zip"),
        Environment=lambda_.Environment(Variables=environment),
        LoggingConfig=lambda_.LoggingConfig(LogGroup=Ref(f"{name}Logs")),
        Tags=tags,
    )
    template.add_resource(function)


def _listen(template: Template, name: str, source: Ref | GetAtt, pattern: str) -> None:
    failures = lambda_.OnFailure(Destination=GetAtt("Failures", "Arn"))
    mapping = lambda_.EventSourceMapping(
        f"{name}Source",
        FunctionName=Ref(name),
        EventSourceArn=source,
        StartingPosition="TRIM_HORIZON",
        BatchSize=100,
        BisectBatchOnFunctionError=True,
        MaximumRetryAttempts=5,
        MaximumRecordAgeInSeconds=86400,
        FunctionResponseTypes=["ReportBatchItemFailures"],
        DestinationConfig=lambda_.DestinationConfig(OnFailure=failures),
        FilterCriteria=lambda_.FilterCriteria(Filters=[lambda_.Filter(Pattern=pattern)]),
    )
    template.add_resource(mapping)


def _route(template: Template, name: str, route: str) -> None:
    integration = apigatewayv2.Integration(
        f"{name}Integration",
        ApiId=Ref("Api"),
        IntegrationType="AWS_PROXY",
        IntegrationUri=GetAtt(name, "Arn"),
        PayloadFormatVersion="2.0",
    )
    template.add_resource(integration)
    target = Sub(f"integrations/${{{name}Integration}}")
    template.add_resource(apigatewayv2.Route(f"{name}Route", ApiId=Ref("Api"), RouteKey=route, Target=target))
    permission = lambda_.Permission(
        f"{name}Permission",
        Action="lambda:InvokeFunction",
        FunctionName=Ref(name),
        Principal="apigateway.amazonaws.com",
        SourceArn=Sub("arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*"),
    )
    template.add_resource(permission)


def main(source: str, output: str) -> None:
    """Write the templates of the services that `source` lists into `output`."""
    for at, before, chain in json.loads(Path(source).read_bytes()):
        folder = Path(output, f"service-{at}")
        folder.mkdir(parents=True)
        (folder / "template.json").write_text(service(at, before, chain), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
