"""Deploying to the machine, again and away: what is declared is held, and nothing else happens."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import pytest

from cncb_compiler.deploy.execute import ensure_bucket
from cncb_compiler.deploy.progress import pace_of, silent
from cncb_compiler.deploy.remove import removals, remove
from cncb_compiler.deploy.text import outcome_lines, removed_lines
from cncb_compiler.local.session import UndeployedError
from cncb_compiler.source.sources import Sources

SECONDS = 20
KINDS = 9
TOPOLOGIES = Path(__file__).parents[2] / "topologies"

NOTES = """\
system: {name}
events: {{note-written: {{entity: note, with: {{note: {{id: uuid, text: string}}}}}}}}
services:
  notes:
    stores: {{notes: {{of: {{id: uuid, text: string}}}}}}
    commands:
      write:
        input: {{id: uuid, text: string}}
        write: notes
        set: {{id: input.id, text: {{hook: words.said}}}}
        function: {{memory: {memory}}}
    changes:
      notes: {{insert: note-written}}
  search:
    views: {{notes: {{on: note-written}}}}
    queries: {{note: {{from: notes}}}}
"""
SAID = "def said(command):\n    return {said}\n"
RAW = """\
system: {name}
services:
  plain:
    stores: {{notes: {{of: {{id: uuid}}}}}}
    commands: {{write: {{input: {{id: uuid}}, write: notes}}}}
    queries: {{note: {{from: notes}}}}
  raw:
    resources:
      Raw: {resource}
"""


def notes(name, said="'old'", memory=256):
    return {"system.yaml": NOTES.format(name=name, memory=memory), "hooks/notes/words.py": SAID.format(said=said)}


def raw(name, resource):
    return {"system.yaml": RAW.format(name=name, resource=resource)}


@pytest.mark.parametrize(
    ("resource", "message"),
    [
        ("{Type: AWS::RoboMaker::Robot, Properties: {Name: r2}}", "AWS::RoboMaker::Robot"),
        ("{Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1, Shiny: true}}", "Property Shiny of AWS::Kinesis::Stream"),
    ],
)  # fmt: skip
def test_what_the_endpoint_does_not_hold_fails_beside_its_yaml_and_alone(deploy, analysed, session, resource, message):
    name = f"strict-{uuid.uuid4().hex[:8]}"
    with pytest.raises(UndeployedError) as failed:
        deploy(raw(name, resource))
    outcome = failed.value.outcome
    assert [one.service for one in outcome.deployed] == ["plain"]
    lines = list(outcome_lines(outcome, Sources(analysed(raw(name, resource)).source.files)))
    assert f"  Raw: {message} is not held by the local endpoint" in lines
    assert "  system.yaml:9" in lines
    assert f"      9 |       Raw: {resource}" in lines
    mended = deploy(raw(name, "{Type: AWS::SNS::Topic}"))
    assert set(mended.deployed) == {"plain", "raw"}
    assert mended.differences() == []


def test_what_only_the_template_asserts_is_listed_with_the_reason(deploy):
    visible = "{SampledRequestsEnabled: false, CloudWatchMetricsEnabled: false, MetricName: m}"
    firewall = f"{{Scope: REGIONAL, DefaultAction: {{Allow: {{}}}}, VisibilityConfig: {visible}}}"
    running = deploy(raw("listed", f"{{Type: AWS::WAFv2::WebACL, Properties: {firewall}}}"))
    (listed,) = running.template_only()
    assert (listed["stack"], listed["logical_id"]) == ("listed-raw-local", "Raw")
    assert "firewall" in listed["reason"]
    assert running.differences() == []


@pytest.mark.parametrize("system", ["shop", "cookbook/bff-rest-analytics", "cookbook/materialized-view-s3"])
def test_all_that_is_declared_is_held(deploy, system):
    running = deploy(TOPOLOGIES / system)
    assert running.differences() == []
    assert all(one["reason"] for one in running.template_only())


def test_what_is_changed_behind_cloudformations_back_is_found(deploy, session):
    running = deploy(notes("changed"))
    assert running.differences() == []
    group = running.deployed["notes"].physical["CommandWriteLogGroup"]
    session.target.client("logs").put_retention_policy(logGroupName=group, retentionInDays=1)
    role = running.deployed["search"].physical["ViewNotesRole"]
    session.target.client("iam").delete_role_policy(RoleName=role, PolicyName=_policies(session, role)[0])
    log, right = sorted(running.differences(), key=lambda one: one["logical_id"])
    assert (log["stack"], log["logical_id"], log["path"]) == ("changed-notes-local", "CommandWriteLogGroup", "RetentionInDays")  # fmt: skip
    assert (log["declared"], log["held"]) == (30, 1)
    assert (right["stack"], right["logical_id"]) == ("changed-search-local", "ViewNotesRole")


def _policies(session, role):
    return session.target.client("iam").list_role_policies(RoleName=role)["PolicyNames"]


def test_an_update_touches_what_was_changed_and_nothing_else(deploy, session):
    first = deploy(notes("updated"))
    for one in first.deployed.values():
        (stack,) = session.target.client("cloudformation").describe_stacks(StackName=one.name)["Stacks"]
        assert stack["StackStatus"] == "CREATE_COMPLETE"
        assert {told["OutputKey"]: told["OutputValue"] for told in stack["Outputs"]} == one.outputs
    assert first.deployed["event-hub"].outputs == {"MainStreamName": first.deployed["event-hub"].physical["MainStream"]}
    write, note = first.deployed["notes"].physical["CommandWriteFunction"], {"id": str(uuid.uuid4()), "text": "?"}
    assert json.loads(invoke(session, write, note).payload)["text"] == "old"
    session.machine.settle(SECONDS)
    before = events(session, "updated")
    # A stack whose beginning is reviewed was made by a change set.
    reviewed = {one[0] for one in before if one[2] == "REVIEW_IN_PROGRESS"}
    assert reviewed == {one.name for one in first.deployed.values()}

    second = deploy(notes("updated", said="'new'", memory=512))
    fresh = [one for one in events(session, "updated") if one not in before]
    assert {(one[0], one[1]) for one in fresh} == {
        ("updated-notes-local", "updated-notes-local"),
        ("updated-notes-local", "CommandWriteFunction"),
    }
    assert {service: one.physical for service, one in second.deployed.items()} == {
        service: one.physical for service, one in first.deployed.items()
    }
    assert json.loads(invoke(session, write, note).payload)["text"] == "new"
    assert session.target.client("lambda").get_function_configuration(FunctionName=write)["MemorySize"] == 512
    session.machine.settle(SECONDS)
    table = second.deployed["search"].physical["NotesTable"]
    (row,) = session.target.client("dynamodb").scan(TableName=table)["Items"]
    assert (row["id"]["S"], row["text"]["S"]) == (note["id"], "old")

    before = events(session, "updated")
    deploy(notes("updated", said="'new'", memory=512))
    assert events(session, "updated") == before


def events(session, system):
    """All that happened to resources of a system's stacks: stack, logical id, status, event id."""
    client = session.target.client("cloudformation")
    return [
        (event["StackName"], event["LogicalResourceId"], event["ResourceStatus"], event["EventId"])
        for service in ("event-hub", "notes", "search")
        for event in client.describe_stack_events(StackName=f"{system}-{service}-local")["StackEvents"]
    ]


def invoke(session, function, content):
    answer = session.machine.functions.invoke(function, json.dumps(content).encode())
    assert answer.error is None, answer.payload
    return answer


def test_after_a_removal_only_retained_stores_are_left_and_how_to_delete_them_is_said(deploy, session):
    ensure_bucket(session.target, silent, pace_of(session.target))
    before = inventory(session)
    running = deploy(notes("removed"))
    write, note = running.deployed["notes"].physical["CommandWriteFunction"], {"id": str(uuid.uuid4()), "text": "?"}
    invoke(session, write, note)
    session.machine.settle(SECONDS)
    made = inventory(session) - before
    table = running.deployed["notes"].physical["NotesTable"]
    assert len({kind for kind, _ in made}) == KINDS

    for stack in running.stacks:
        session.machine.forget(stack.name)
    wanted = removals(running.stacks, (), session.target)
    removed = remove(wanted, session.target, silent)
    assert removed.good, removed
    retained = {store.physical for one in wanted for store in one.retained}
    assert table in retained
    assert {name for _, name in inventory(session) - before} == retained
    assert session.target.client("dynamodb").scan(TableName=table)["Items"][0]["id"]["S"] == note["id"]
    lines = "\n".join(removed_lines(removed, Sources(running.analysis.source.files), session.target))
    assert f"aws --region us-east-1 dynamodb delete-table --table-name {table}" in lines
    assert all(name in lines for name in retained)
    assert removals(running.stacks, (), session.target) == ()


def inventory(session):
    """What of the kinds that a small system has stands at the endpoint: kind and name."""
    listed = {
        "table": ("dynamodb", "list_tables", "TableNames", ""),
        "stream": ("kinesis", "list_streams", "StreamNames", ""),
        "function": ("lambda", "list_functions", "Functions", "FunctionName"),
        "mapping": ("lambda", "list_event_source_mappings", "EventSourceMappings", "UUID"),
        "role": ("iam", "list_roles", "Roles", "RoleName"),
        "queue": ("sqs", "list_queues", "QueueUrls", ""),
        "log group": ("logs", "describe_log_groups", "logGroups", "logGroupName"),
        "stack": ("cloudformation", "describe_stacks", "Stacks", "StackName"),
        "parameter": ("ssm", "describe_parameters", "Parameters", "Name"),
    }
    return {
        (kind, one[name] if name else one)
        for kind, (service, operation, key, name) in listed.items()
        for page in session.target.client(service).get_paginator(operation).paginate()
        for one in page.get(key, ())
    }


NOTIFIED = """\
system: notified
services:
  inbox:
    functions:
      take: {handler: inbox.take}
    resources:
      Inbox:
        Type: AWS::S3::Bucket
        DependsOn: FromInbox
        Properties:
          BucketName: notified-inbox-local
          NotificationConfiguration:
            LambdaConfigurations:
              - Event: s3:ObjectCreated:*
                Filter: {S3Key: {Rules: [{Name: suffix, Value: .json}]}}
                Function: {Fn::GetAtt: [TakeFunction, Arn]}
      FromInbox:
        Type: AWS::Lambda::Permission
        Properties:
          Action: lambda:InvokeFunction
          FunctionName: {Ref: TakeFunction}
          Principal: s3.amazonaws.com
          SourceArn: {Fn::Sub: "arn:${AWS::Partition}:s3:::notified-inbox-local"}
          SourceAccount: {Ref: AWS::AccountId}
      Rule:
        Type: AWS::Events::Rule
        Properties:
          EventPattern: {source: [tests]}
          Targets: [{Id: take, Arn: {Fn::GetAtt: [TakeFunction, Arn]}}]
      FromRule:
        Type: AWS::Lambda::Permission
        Properties:
          Action: lambda:InvokeFunction
          FunctionName: {Ref: TakeFunction}
          Principal: events.amazonaws.com
          SourceArn: {Fn::GetAtt: [Rule, Arn]}
"""


def test_objects_and_events_of_a_bus_invoke_the_function_that_wants_them(deploy, session):
    running = deploy({"system.yaml": NOTIFIED, "hooks/inbox/inbox.py": "def take(event, context):\n    return event\n"})
    take = running.deployed["inbox"].physical["TakeFunction"]
    session.machine.journal.clear()
    client = session.target.client("s3")
    for key in ("unwanted.txt", "a b.json"):
        client.put_object(Bucket="notified-inbox-local", Key=key, Body=b"{}")
    session.machine.settle(SECONDS)
    (created,) = [json.loads(one.event) for one in session.machine.journal.invocations if one.function == take]
    (record,) = created["Records"]
    assert (record["eventSource"], record["s3"]["object"]["key"]) == ("aws:s3", "a+b.json")

    session.machine.journal.clear()
    entries = [{"Source": source, "DetailType": "told", "Detail": '{"a": 1}'} for source in ("others", "tests")]
    session.target.client("events").put_events(Entries=entries)
    session.machine.settle(SECONDS)
    (told,) = [json.loads(one.event) for one in session.machine.journal.invocations if one.function == take]
    assert (told["source"], told["detail-type"], told["detail"]) == ("tests", "told", {"a": 1})


SCHEDULED = """\
system: scheduled
services:
  clock:
    functions:
      tick: {handler: clock.tick, schedule: rate(5 minutes)}
"""


def test_a_schedule_is_deployed_and_said_to_fire_nothing(deploy):
    running = deploy({"system.yaml": SCHEDULED, "hooks/clock/clock.py": "def tick(event, context):\n    return None\n"})
    (rule,) = [one for one in running.template_only() if one["type"] == "AWS::Events::Rule"]
    assert (rule["logical_id"], rule["path"]) == ("TickSchedule", "ScheduleExpression")
    assert "nothing fires" in rule["reason"]
    assert running.differences() == []
