"""The endpoint as a process: what AWS clients and the control API get from it."""

from __future__ import annotations

import json
import socket
import threading
import uuid

import pytest
from botocore.exceptions import ClientError
from click.testing import CliRunner

from cncb_compiler.cli.endpoint import command
from cncb_compiler.local.endpoint.process import EndpointProcess
from cncb_compiler.target.target import Target

SECONDS = 20
SYSTEM = """\
system: endpoint-proofs
services:
  echo:
    functions:
      say: {handler: echo.say}
"""
HOOK = """\
def say(event, context):
    if "wrong" in event:
        raise ValueError(event["wrong"])
    return {"said": event}
"""


@pytest.fixture
def table(session):
    client, name = session.target.client("dynamodb"), f"table-{uuid.uuid4().hex}"
    client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    yield name
    client.delete_table(TableName=name)


def put(session, table):
    session.target.client("dynamodb").put_item(TableName=table, Item={"id": {"S": "1"}})


def test_who_waits_for_changes_is_woken_by_a_write_and_by_nothing_else(session, table):
    changes, client = session.machine.changes, session.target.client("dynamodb")
    at = changes.refresh()
    client.get_item(TableName=table, Key={"id": {"S": "1"}})
    assert changes.refresh() == at
    woken = []
    waiting = threading.Thread(target=lambda: woken.append(changes.wait(at, SECONDS)))
    waiting.start()
    put(session, table)
    waiting.join(SECONDS / 2)
    assert woken == [at + 1]
    assert (changes.touched("dynamodb"), changes.touched("kinesis") <= at) == (at + 1, True)


def test_a_throttled_table_refuses_as_often_as_asked_and_no_other_table(session, table):
    client = session.target.client("dynamodb")
    session.machine.endpoint.throttle("some-other-table", 100)
    put(session, table)
    session.machine.endpoint.throttle(table, 4)
    for _ in range(2):  # each is tried twice
        with pytest.raises(ClientError, match="ProvisionedThroughputExceededException"):
            client.get_item(TableName=table, Key={"id": {"S": "1"}})
    assert client.get_item(TableName=table, Key={"id": {"S": "1"}})["Item"]["id"] == {"S": "1"}
    session.machine.endpoint.throttle(table, 100)
    session.machine.endpoint.clear_switches()
    put(session, table)


def test_functions_are_invoked_through_the_endpoint(session, deploy):
    running = deploy({"system.yaml": SYSTEM, "hooks/echo/echo.py": HOOK})
    client, name = session.target.client("lambda"), running.deployed["echo"].physical["SayFunction"]
    arn = client.get_function(FunctionName=name)["Configuration"]["FunctionArn"]
    for called in (name, arn):
        answer = client.invoke(FunctionName=called, Payload=b'{"a": 1}')
        assert (answer["StatusCode"], json.load(answer["Payload"])) == (200, {"said": {"a": 1}})
    failed = client.invoke(FunctionName=name, Payload=b'{"wrong": "all"}')
    assert (failed["StatusCode"], failed["FunctionError"]) == (200, "Unhandled")
    error = json.load(failed["Payload"])
    assert (error["errorType"], error["errorMessage"]) == ("ValueError", "all")
    assert client.invoke(FunctionName=name, InvocationType="Event", Payload=b"{}")["StatusCode"] == 202
    session.machine.settle(SECONDS)
    assert [one.payload for one in session.machine.journal.invocations if one.function == name][-1] == b'{"said": {}}'
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.invoke(FunctionName="nobody-knows-it")

    session.machine.functions.flush_logs()
    logged = session.target.client("logs").filter_log_events(logGroupName=f"/aws/lambda/{name}")["events"]
    lines = [json.loads(one["message"]) for one in logged]
    reports = [one["record"]["status"] for one in lines if one.get("type") == "platform.report"]
    assert reports == ["success", "success", "error", "success"]
    (told,) = [one for one in lines if one.get("level") == "ERROR"]
    assert (told["errorType"], told["errorMessage"]) == ("ValueError", "all")


def test_two_endpoints_know_nothing_of_each_other(session, table):
    with EndpointProcess() as process:
        url = process.url
        assert url != session.target.endpoint
        assert Target("local", session.target.region, url).client("dynamodb").list_tables()["TableNames"] == []
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(url.removeprefix("http://").split(":"), SECONDS)


def test_a_port_that_is_taken_is_said_in_one_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = CliRunner().invoke(command, ["--port", str(port)])
    assert refused.exit_code != 0
    assert refused.stdout == ""
    assert f"port {port} cannot be used: Address already in use" in refused.stderr
    assert refused.stderr.count("\n") == 1
