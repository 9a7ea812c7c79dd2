"""CloudFormation, SAM and Serverless Framework files as topologies: what is there is drawn, what is not said is noted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cncb_compiler.aws.naming import pascal
from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.draw import mermaid
from cncb_compiler.draw.wanted import picture
from cncb_compiler.fmt.layout import format_text
from cncb_compiler.graph.network import edges
from cncb_compiler.graph.system import LinkedSystem
from cncb_compiler.importing import serverless, template
from cncb_compiler.importing.mend import checked
from cncb_compiler.importing.read import UnfitError, load
from cncb_compiler.importing.stacks import draft
from cncb_compiler.importing.values import Notes
from cncb_compiler.passes import analyse
from cncb_compiler.source.discover import SystemSource
from cncb_compiler.source.files import SourceFile

GENERATED = Path(__file__).parents[2] / "generated"
SYSTEMS = sorted({path.parents[1] for path in GENERATED.glob("*/*/template.json")})


def imported(texts: dict[str, str], stack: Callable[..., Any]) -> tuple[LinkedSystem, str, dict[str, str]]:
    """The linked system of files, what was noted, and the files of it; it has no errors, and is laid out."""
    notes = Notes()
    made = draft([stack(file, load(text, file, notes), notes) for file, text in texts.items()], notes)
    yaml = {name: text for name, text in checked(made, Path("made"), notes)[0].items() if name.endswith(".yaml")}
    analysis = analyse(SystemSource(Path("made"), tuple(SourceFile(name, text) for name, text in sorted(yaml.items()))))
    assert [one for one in analysis.shown() if one.severity is Severity.ERROR] == []
    assert {name: format_text(text, name)[0] for name, text in yaml.items()} == yaml
    return analysis.linked, "\n".join(map(str, notes)), yaml


def related(system: LinkedSystem) -> set[tuple[str, str, str]]:
    return {
        (edge.kind, edge.source[1], edge.target[1]) for edge in edges(system) if edge.kind not in ("owns", "carries")
    }


@pytest.mark.parametrize("folder", SYSTEMS, ids=lambda folder: folder.name)
def test_what_cncb_generated_has_the_same_parts(folder: Path) -> None:
    texts = {f"{path.parent.name}/template.json": path.read_text() for path in sorted(folder.glob("*/template.json"))}
    system, _, _ = imported(texts, template.stack)
    streams = set()
    for file, text in texts.items():
        name = file.partition("/")[0]
        service = system.services[name]
        resources = json.loads(text)["Resources"]
        kinds: dict[str, set[str]] = {}
        for logical_id, resource in resources.items():
            kinds.setdefault(resource["Type"], set()).add(logical_id)
        functions = {f"{pascal(function.construct.name)}Function": function for function in service.functions}
        assert set(functions) == kinds.get("AWS::Lambda::Function", set())
        assert {
            f"{pascal(store.name)}{'Bucket' if store.kind == 's3' else 'Table'}" for store in service.stores.values()
        } >= kinds.get("AWS::DynamoDB::Table", set())
        assert len(service.stores) == len(kinds.get("AWS::DynamoDB::Table", ())) + len(kinds.get("AWS::S3::Bucket", ()))
        streams |= {pascal(one) for one in system.streams} & {
            one.removesuffix("Stream") for one in kinds.get("AWS::Kinesis::Stream", ())
        }
        for logical_id in kinds.get("AWS::Lambda::EventSourceMapping", ()):
            said = resources[logical_id]["Properties"]
            function = functions[said["FunctionName"]["Ref"]]
            source = json.dumps(said["EventSourceArn"])
            if "StreamArn" in source:
                assert {f"{pascal(store.name)}Table" for store in function.reads} >= {
                    json.loads(source)["Fn::GetAtt"][0]
                }
            elif "WordQueue" not in source:
                listens = {system.events[event].stream for event in function.events}
                assert {pascal(stream) for stream in listens} & {pascal(stream) for stream in system.streams}
                pattern = (
                    json.loads(said["FilterCriteria"]["Filters"][0]["Pattern"]) if "FilterCriteria" in said else {}
                )
                if "type" in pattern.get("data", {}):
                    assert set(function.events) >= {one for one in pattern["data"]["type"] if isinstance(one, str)}
    assert len(streams) == sum(text.count('"Type": "AWS::Kinesis::Stream"') for text in texts.values())


SAM = """
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Description: Orders of the shop
Globals: {Function: {Timeout: 20, Runtime: nodejs20.x, Environment: {Variables: {LEVEL: debug}}}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:
  OrderTable:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: pk, AttributeType: S}, {AttributeName: sk, AttributeType: N}, {AttributeName: customer-id, AttributeType: S}]
      KeySchema: [{AttributeName: sk, KeyType: RANGE}, {AttributeName: pk, KeyType: HASH}]
      GlobalSecondaryIndexes: [{IndexName: byCustomer, KeySchema: [{AttributeName: customer-id, KeyType: HASH}]}]
      StreamSpecification: {StreamViewType: NEW_IMAGE}
      TimeToLiveSpecification: {AttributeName: endsAt, Enabled: true}
  EventStream: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2, RetentionPeriodHours: 48}}
  WorkQueue: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt DeadQueue.Arn}}}
  DeadQueue: {Type: AWS::SQS::Queue}
  LonelyQueue: {Type: AWS::SQS::Queue}
  Users: {Type: AWS::Cognito::UserPool, Condition: IsProd}
  SubmitFunction:
    Type: AWS::Serverless::Function
    Properties:
      Handler: src/submit.handler
      MemorySize: 512
      VpcConfig: {SubnetIds: [a]}
      Policies: [{DynamoDBCrudPolicy: {TableName: !Ref OrderTable}}, AWSLambdaVPCAccessExecutionRole]
      Events:
        Post: {Type: HttpApi, Properties: {Method: post, Path: /orders}}
        Any: {Type: Api, Properties: {Method: ANY, Path: "/{proxy+}"}}
        Nightly: {Type: Schedule, Properties: {Schedule: rate(1 day)}}
        Odd: {Type: MSK, Properties: {}}
  PublishFunction:
    Type: AWS::Serverless::Function
    Properties:
      Handler: publish.handler
      Policies: [{Statement: [{Effect: Allow, Action: [kinesis:PutRecord, kinesis:PutRecords], Resource: !GetAtt EventStream.Arn}]}]
      Events: {Changes: {Type: DynamoDB, Properties: {Stream: !GetAtt OrderTable.StreamArn, StartingPosition: LATEST}}}
  ListenFunction:
    Type: AWS::Serverless::Function
    Properties:
      Handler: listen.handler
      Policies: [{Statement: {Action: sqs:SendMessage, Resource: !GetAtt WorkQueue.Arn}}, {KinesisCrudPolicy: {StreamName: !Ref EventStream}}]
      Events:
        Stream: {Type: Kinesis, Properties: {Stream: !GetAtt EventStream.Arn, StartingPosition: LATEST}}
        Placed: {Type: EventBridgeRule, Properties: {Pattern: {detail-type: [OrderPlaced]}}}
  WorkFunction:
    Type: AWS::Serverless::Function
    Properties: {Handler: work.handler, Events: {Work: {Type: SQS, Properties: {Queue: !GetAtt WorkQueue.Arn}}}}
"""


def test_a_sam_template() -> None:
    system, notes, texts = imported({"orders-api/template.yaml": SAM}, template.stack)
    assert system.name == "orders-api"
    assert related(system) == {
        ("reads", "orders-api.order", "orders-api.submit"),
        ("writes", "orders-api.submit", "orders-api.order"),
        ("reads", "orders-api.order", "orders-api.publish"),
        ("publishes", "orders-api.publish", "event-event"),
        ("consumes", "event-event", "orders-api.listen"),
        ("consumes", "order-placed", "orders-api.listen"),
        ("publishes", "orders-api.listen", "work-message"),
        ("consumes", "work-message", "orders-api.work"),
    }
    service = system.services["orders-api"]
    store = service.stores["order"]
    assert (store.key_names, store.ttl) == (("pk", "sk"), "endsAt")
    assert store.indexes["byCustomer"].key == "customer_id"
    (submit,) = [one.decl for one in service.functions if one.construct.name == "submit"]
    assert (submit.route, submit.auth, submit.schedule, submit.handler) == (
        "POST /orders",
        "none",
        "rate(1 day)",
        "submit.handle",
    )
    assert (submit.function.memory, submit.function.timeout) == (512, "20s")
    assert (system.streams["event"].decl.shards, system.streams["event"].decl.retention) == (2, "48h")
    assert (
        "# From the function `SubmitFunction`, handler `src/submit.handler`, nodejs20.x."
        in texts["services/orders-api.yaml"]
    )
    for part in (
        "a trigger of the kind `MSK` is left out",
        "the route `ANY /{proxy+}` is left out",
        "`AWS::Cognito::UserPool` is left out",
        "`AWS::SQS::Queue` is left out",
        "`Condition` is taken to hold",
        "`VpcConfig` of functions is left out",
        "the managed policy `AWSLambdaVPCAccessExecutionRole` is not looked into",
        "`listen` may also publish `event-event`, which would bring itself about",
        "the attribute `customer-id` becomes `customer_id`",
        "`Environment` (4 times) of functions are left out",
        "1 SQS::Queue",
    ):
        assert part in notes, part
    assert "debug" not in "".join(texts.values())


CLOUDFORMATION = """
Resources:
  Role: {Type: AWS::IAM::Role, Properties: {Policies: [{PolicyDocument: {Statement: [{Effect: Allow, Action: "dynamodb:*", Resource: [!GetAtt A.Arn, !Sub "${B.Arn}/index/*"]}, {Effect: Deny, Action: "kinesis:*", Resource: "*"}]}}]}}
  Extra: {Type: AWS::IAM::Policy, Properties: {Roles: [!Ref Role], PolicyDocument: {Statement: {Effect: Allow, Action: "sns:Publish", Resource: !ImportValue shared-AlertsTopicArn}}}}
  A: {Type: AWS::DynamoDB::Table, Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}]}}
  B: {Type: AWS::DynamoDB::Table, Properties: {KeySchema: [{AttributeName: expires, KeyType: HASH}]}}
  OneFunction: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Role.Arn, Environment: {Variables: {TABLE: !Ref A}}, Timeout: "3"}}
  TwoFunction: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Role.Arn, Environment: {Variables: {TABLE: !Ref B}}}}
  Rule: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: cron(0 8 * * ? *), Targets: [{Arn: !GetAtt OneFunction.Arn, Id: x}]}}
  Mapping: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref TwoFunction, EventSourceArn: "arn:aws:kinesis:us-east-1:123456789012:stream/orders-prod", FilterCriteria: {Filters: [{Pattern: '{"data": {"type": ["order-placed", {"prefix": "x"}]}}'}]}}}
  Lost: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: elsewhere, EventSourceArn: !Ref Parameter}}
  Api: {Type: AWS::ApiGateway::RestApi}
  Orders: {Type: AWS::ApiGateway::Resource, Properties: {PathPart: orders, ParentId: !GetAtt Api.RootResourceId}}
  Order: {Type: AWS::ApiGateway::Resource, Properties: {PathPart: "{id}", ParentId: !Ref Orders}}
  Get: {Type: AWS::ApiGateway::Method, Properties: {HttpMethod: GET, ResourceId: !Ref Order, AuthorizationType: COGNITO_USER_POOLS, Integration: {Uri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${OneFunction.Arn}/invocations"}}}
  Bucket: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {LambdaConfigurations: [{Event: "s3:ObjectCreated:*", Function: !GetAtt TwoFunction.Arn}]}}}
"""


def test_what_is_imported_can_be_drawn() -> None:
    drawn = mermaid.render(picture(imported({"billing.yaml": CLOUDFORMATION}, template.stack)[0], "service"))
    assert "order-placed" in drawn
    assert "two" in drawn


def test_a_template_by_hand() -> None:
    system, notes, texts = imported({"billing.yaml": CLOUDFORMATION}, template.stack)
    assert related(system) == {
        ("writes", "billing.one", "billing.a"),
        ("reads", "billing.a", "billing.one"),
        ("writes", "billing.two", "billing.b"),
        ("reads", "billing.b", "billing.two"),
        ("consumes", "order-placed", "billing.two"),
        ("consumes", "bucket-object", "billing.two"),
    }
    assert set(system.streams) == {"orders-prod"}
    (one,) = [function.decl for function in system.services["billing"].functions if function.construct.name == "one"]
    assert (one.route, one.auth, one.schedule) == ("GET /orders/{id}", "iam", "cron(0 8 * * ? *)")
    assert "It may also publish `shared-Alerts-message`." in texts["services/billing.yaml"]
    assert "What it reads and writes is what a role of several functions allows." in texts["services/billing.yaml"]
    for part in (
        "`elsewhere` is no function of this stack",
        "a filter asks for types by a pattern",
        "the authorizer of `GET /orders/{id}` becomes `auth: iam`",
        "the attribute `expires` becomes `expires_`",
    ):
        assert part in notes, part


STREAM = """
service: cncb-event-stream
provider: {name: aws, runtime: nodejs8.10}
resources:
  Resources:
    Stream: {Type: AWS::Kinesis::Stream, Properties: {Name: "${opt:stage}-${self:service}-s1", RetentionPeriodHours: 24, ShardCount: 1}}
  Outputs:
    streamArn: {Value: {Fn::GetAtt: [Stream, Arn]}}
"""
BFF = """
service: {name: cncb-bff}
custom: {table: "${opt:stage}-${self:service.name}-things", settings: {mem: 1024, deep: "${self:custom.settings}"}}
plugins: [serverless-webpack]
provider:
  name: aws
  runtime: nodejs8.10
  memorySize: ${self:custom.settings.mem}
  endpointType: REGIONAL
  environment: {REGION: us-east-1}
  iamRoleStatements:
    - {Effect: Allow, Action: [dynamodb:PutItem, dynamodb:Query], Resource: {Fn::GetAtt: [Table, Arn]}}
    - {Effect: Allow, Action: [kinesis:PutRecord], Resource: "${cf:cncb-event-stream-${opt:stage}.streamArn}"}
functions:
  get-thing:
    handler: handler.get
    events: [{http: {path: "things/{id}", method: get, cors: true, authorizer: {arn: x}}}]
    environment: {TABLE_NAME: {Ref: Table}}
  save:
    handler: handler.save
    events: [{http: POST things}, {alexaSkill: x}]
  listener:
    handler: listener.handle
    timeout: ${env:TIMEOUT, 30}
    events: [{stream: {type: kinesis, arn: "${cf:cncb-event-stream-${opt:stage}.streamArn}", batchSize: 100, filterPatterns: [{data: {type: [thing-created]}}]}}]
  trigger:
    handler: trigger.handle
    events: [{stream: {type: dynamodb, arn: {Fn::GetAtt: [Table, StreamArn]}}}, schedule: rate(10 minutes), {sns: alerts}, {sqs: "arn:aws:sqs:us-east-1:123456789012:jobs"}]
    iamRoleStatements: [{Effect: Allow, Action: "events:PutEvents", Resource: "arn:aws:events:us-east-1:123456789012:event-bus/partners"}]
resources:
  - Resources: {Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: "${self:custom.table}", KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}]}}}
  - ${file(more.yml)}
"""


def test_files_of_the_serverless_framework() -> None:
    system, notes, _ = imported({"a/serverless.yml": STREAM, "b/serverless.yml": BFF}, serverless.stack)
    assert set(system.streams) == {"stream"}
    assert system.services["cncb-event-stream"].decl.kind == "event-hub"
    assert related(system) == {
        ("reads", "cncb-bff.table", "cncb-bff.get-thing"),
        ("writes", "cncb-bff.get-thing", "cncb-bff.table"),
        ("reads", "cncb-bff.table", "cncb-bff.save"),
        ("writes", "cncb-bff.save", "cncb-bff.table"),
        ("reads", "cncb-bff.table", "cncb-bff.listener"),
        ("writes", "cncb-bff.listener", "cncb-bff.table"),
        ("consumes", "thing-created", "cncb-bff.listener"),
        ("reads", "cncb-bff.table", "cncb-bff.trigger"),
        ("consumes", "alerts-message", "cncb-bff.trigger"),
        ("consumes", "jobs-message", "cncb-bff.trigger"),
        ("publishes", "cncb-bff.trigger", "partners-event"),
    }
    functions = {function.construct.name: function.decl for function in system.services["cncb-bff"].functions}
    assert {name: one.route for name, one in functions.items() if one.route} == {
        "get-thing": "GET /things/{id}",
        "save": "POST /things",
    }
    assert (functions["listener"].function.timeout, functions["save"].function.memory) == ("30s", 1024)
    assert functions["trigger"].schedule == "rate(10 minutes)"
    for part in (
        "`${file(more.yml)}` is not known here",
        "what the plugin `serverless-webpack` adds is not known",
        "a trigger of the kind `alexaSkill` is left out",
        "the authorizer of `GET /things/{id}` becomes `auth: iam`",
        "`stream-event` (3 times) may also be published",
    ):
        assert part in notes, part


@pytest.mark.parametrize("text", ["5", "[]", "Resources: 5", "service: x", "asyncapi: 3.0.0"])
@pytest.mark.parametrize("stack", [template.stack, serverless.stack])
def test_another_file_is_refused(text: str, stack: Callable[..., Any]) -> None:
    with pytest.raises(UnfitError):
        stack("a.yaml", load(text, "a.yaml", Notes()), Notes())


@pytest.mark.parametrize(
    "text",
    [
        "Resources: {A: 5, B: {Type: [x]}, C: {Type: 'AWS::Lambda::Function', Properties: []}, '': {Type: 'AWS::S3::Bucket'}}",
        "Resources: {F: {Type: 'AWS::Lambda::Function', Properties: {Timeout: 9999, MemorySize: many, Role: {Ref: F}, Environment: {Variables: [1]}}}}",
        "Resources: {import: {Type: 'AWS::Lambda::Function'}, Import: {Type: 'AWS::Lambda::Function'}, importFunction: {Type: 'AWS::Lambda::Function'}}",
        "Resources: {T: {Type: 'AWS::DynamoDB::Table', Properties: {KeySchema: {Ref: T}, GlobalSecondaryIndexes: [{IndexName: a}, 5], TimeToLiveSpecification: {AttributeName: expires}}}}",
        "Resources: {M: {Type: 'AWS::Lambda::EventSourceMapping', Properties: {FunctionName: {Ref: F}, EventSourceArn: {'Fn::Join': 5}, FilterCriteria: {Filters: [{Pattern: '{'}, {Pattern: 5}]}}}, F: {Type: 'AWS::Lambda::Function'}}",
        "Resources: {R: {Type: 'AWS::Events::Rule', Properties: {EventPattern: '{', ScheduleExpression: rate(5), Targets: [{Arn: {Ref: F}}]}}, F: {Type: 'AWS::Lambda::Function'}}",
        "Resources: {A: {Type: 'AWS::Kinesis::Stream', Properties: {ShardCount: -1, RetentionPeriodHours: 9999999}}, B: {Type: 'AWS::Kinesis::Stream'}}\nOutputs: {x: 5}\nTransform: [5]\nodd: 1",
        "Transform: AWS::Serverless-2016-10-31\nResources: {F: {Type: 'AWS::Serverless::Function', Properties: {Events: {A: {Type: Api}, B: 5, C: {Type: Kinesis}}, Policies: [5, {Unknown: 5}, {DynamoDBCrudPolicy: 5}]}}}",
        "Resources: {"
        + ", ".join(f"A{'b' * 70}{n}Function: {{Type: 'AWS::Lambda::Function'}}" for n in range(12))
        + "}",
    ],
)
def test_templates_of_wrong_shapes_are_borne(text: str) -> None:
    imported({"a-very-long-name-of-a-file-that-goes-on-and-on-and-on-and-on.yaml": text}, template.stack)


@pytest.mark.parametrize(
    "text",
    [
        "service: a\nfunctions: 5\nresources: text\nprovider: []",
        "service: [a]\nfunctions: [{f: null, g: 5, h: {handler: [x], events: [5, null, {http: 5}, {schedule: {rate: [1, 2]}}, {stream: null}]}}]",
        "service: ${self:service}\ncustom: ${self:}\nfunctions: {f: {handler: '${self:custom}', events: '${self:functions}'}}",
        "service: a\ncustom: {a: '${self:custom.b}${self:custom.b}', b: '${self:custom.a}${self:custom.a}'}\nfunctions: {f: {handler: '${self:custom.a}'}}",
        "service: a\ncustom: {a: {b: '${self:custom}', c: '${self:custom}', d: '${self:}'}}\nfunctions: ${self:custom}",
        "service: aws-$\nfunctions: {'': {handler: x}, 'ü': {handler: x}, 'a_b': {handler: x}, 'a-b': {handler: x}}",
    ],
)
def test_serverless_files_of_wrong_shapes_are_borne(text: str) -> None:
    imported({"serverless.yml": text}, serverless.stack)
