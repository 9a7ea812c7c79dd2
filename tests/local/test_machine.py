"""Rows, events and views on the machine: every good event is applied, whatever happens on its way."""

from __future__ import annotations

import base64
import json
import time
import uuid
from types import SimpleNamespace
from urllib.request import Request, urlopen

import pytest

from cncb_compiler.local.machine import UnsettledError

SECONDS = 20
PAUSED_SECONDS = 0.5
SYSTEM = """\
system: machine-proofs
types:
  Thing: {id: uuid, name: string}
events:
  thing-created: {entity: thing, with: {thing: Thing}}
streams:
  main: {shards: 1}
services:
  writer:
    api: {auth: none}
    stores: {things: {of: Thing}}
    commands:
      save: {route: POST /things, input: Thing, write: things}
    changes:
      things: {insert: thing-created}
  reader:
    api: {auth: none}
    processing: {attempts: 2}
    views:
      things:
        on: thing-created
        key: thing.id
        fields: {id: thing.id, name: {hook: names.checked}}
    queries:
      thing: {route: "GET /things/{id}", from: things}
"""
HOOK = """\
import os

SEEN = set()


def checked(event):
    name = event["thing"]["name"]
    if name == "poison":
        raise ValueError("this name is poison")
    if name == "crash":
        os._exit(3)
    if name == "busy" and event["id"] not in SEEN:
        SEEN.add(event["id"])
        raise TimeoutError("not now")
    return name
"""
VIEW = "machine-proofs-reader-local-view-things"
CHANGES = "machine-proofs-writer-local-changes-things"


def thing(name="good"):
    return {"id": str(uuid.uuid4()), "name": name}


def event(of, timestamp=None):
    return {
        "id": str(uuid.uuid4()),
        "type": "thing-created",
        "timestamp": timestamp or time.time_ns() // 1_000_000,
        "partitionKey": of["id"],
        "tags": {"source": "tests"},
        "thing": of,
    }


def _event(record):
    return json.loads(base64.b64decode(record["kinesis"]["data"]))


def ids(things):
    return [one["id"] for one in things]


@pytest.fixture(scope="module")
def running(session, analysed):
    analysis = analysed({"system.yaml": SYSTEM, "hooks/reader/names.py": HOOK})
    made = session.deploy(analysis)
    yield made
    for stack in made.stacks:
        session.machine.forget(stack.name)


@pytest.fixture
def world(running):
    """The running system at rest, with nothing in its journal; after the test nothing is switched on any more."""
    machine, target = running.machine, running.machine.target
    hub, reader = running.deployed["event-hub"], running.deployed["reader"]
    stream, view = hub.outputs["MainStreamName"], reader.outputs["ThingsTableName"]
    events = []
    unsubscribe = machine.sources.subscribe(stream, lambda record: events.append(json.loads(record["data"])))
    machine.settle(SECONDS)
    machine.journal.clear()

    def publish(*published):
        records = [{"Data": json.dumps(one).encode(), "PartitionKey": one["partitionKey"]} for one in published]
        answer = target.client("kinesis").put_records(StreamName=stream, Records=records)
        return [record["SequenceNumber"] for record in answer["Records"]]

    def row(of):
        found = target.client("dynamodb").get_item(TableName=view, Key={"id": {"S": of["id"]}}, ConsistentRead=True)
        return found.get("Item", {}).get("name", {}).get("S")

    def batches():
        """Of each invocation of the view's function: the ids of the things that it got, and its error."""
        return [
            ([_event(record)["thing"]["id"] for record in json.loads(one.event)["Records"]], one.error)
            for one in machine.journal.invocations
            if one.function == VIEW
        ]

    def one_batch(*published):
        """Publish, so that the consumer finds all of it at once."""
        machine.sources.pause()
        numbers = publish(*published)
        machine.sources.resume()
        machine.settle(SECONDS)
        return numbers

    yield SimpleNamespace(
        running=running, machine=machine, target=target, reader=reader, stream=stream, view=view, events=events,
        publish=publish, one_batch=one_batch, row=row, batches=batches,
    )  # fmt: skip
    unsubscribe()
    machine.sources.clear_switches()
    machine.endpoint.clear_switches()
    machine.sources.resume()


def test_a_row_becomes_an_event_becomes_a_view(world):
    saved = thing()
    url = world.machine.url("machine-proofs", "writer") + "/things"
    with urlopen(Request(url, json.dumps(saved).encode(), {"Content-Type": "application/json"})) as answer:
        assert (answer.status, json.load(answer)["id"]) == (201, saved["id"])
    world.machine.settle(SECONDS)
    assert [(one["type"], one["thing"]) for one in world.events] == [("thing-created", saved)]
    assert world.row(saved) == saved["name"]


def test_a_poison_event_among_good_ones_faults_once(world):
    good, poison = [thing() for _ in range(6)], thing("poison")
    sent = [event(one) for one in (*good[:3], poison, *good[3:])]
    world.one_batch(*sent)
    assert [world.row(one) for one in good] == ["good"] * 6
    assert world.row(poison) is None
    (fault,) = [one for one in world.events if one["type"] == "fault"]
    assert "this name is poison" in json.dumps(fault["error"])
    assert sent[3]["id"] in json.dumps(fault)
    assert failures(world) == []


def test_a_record_that_always_crashes_its_function_ends_in_the_failure_queue(world):
    good, crash = [thing() for _ in range(6)], thing("crash")
    numbers = world.one_batch(*[event(one) for one in (*good[:2], crash, *good[2:])])
    assert [world.row(one) for one in good] == ["good"] * 6
    (message,) = failures(world)
    assert message["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert message["requestContext"]["functionArn"].endswith(f":function:{VIEW}")
    assert message["responseContext"] == {
        "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"
    }  # fmt: skip
    told = message["KinesisBatchInfo"]
    assert (told["startSequenceNumber"], told["endSequenceNumber"], told["batchSize"]) == (numbers[2], numbers[2], 1)
    assert told["streamArn"].endswith(f":stream/{world.stream}")
    records = world.target.client("kinesis").get_records(
        ShardIterator=world.target.client("kinesis").get_shard_iterator(
            StreamName=world.stream,
            ShardId=told["shardId"],
            ShardIteratorType="AT_SEQUENCE_NUMBER",
            StartingSequenceNumber=told["startSequenceNumber"],
        )["ShardIterator"]
    )["Records"]
    assert json.loads(records[0]["Data"])["thing"] == crash


def test_of_a_batch_that_is_done_in_part_only_the_rest_comes_again(world):
    things = [thing(), thing(), thing("busy"), thing(), thing()]
    world.one_batch(*map(event, things))
    assert [world.row(one) for one in things] == ["good", "good", "busy", "good", "good"]
    assert world.batches() == [(ids(things), None), (ids(things[2:]), None)]
    assert [one["type"] for one in world.events] == ["thing-created"] * 5


def test_a_throttled_table_delays_and_loses_nothing(world):
    things = [thing() for _ in range(5)]
    world.machine.endpoint.throttle(world.view, 4)
    world.one_batch(*map(event, things))
    assert [world.row(one) for one in things] == ["good"] * 5
    assert world.batches() == [(ids(things), None)] * 2
    assert failures(world) == []


def test_a_function_that_is_killed_in_the_middle_of_a_batch_loses_nothing(world):
    things = [thing() for _ in range(10)]
    world.machine.endpoint.kill(VIEW, after_calls=4)
    world.one_batch(*map(event, things))
    assert [world.row(one) for one in things] == ["good"] * 10
    first, *more = world.batches()
    assert first == (ids(things), "Runtime.ExitError")
    assert [error for _, error in more] == [None] * len(more)
    assert [one for batch, _ in more for one in batch] == ids(things)


def test_a_batch_that_comes_twice_is_applied_once(world):
    things = [thing() for _ in range(3)]
    world.machine.sources.duplicate(VIEW, times=1)
    world.one_batch(*map(event, things))
    assert world.batches() == [(ids(things), None)] * 2
    assert [world.row(one) for one in things] == ["good"] * 3
    assert [one["type"] for one in world.events] == ["thing-created"] * 3


def test_in_a_shuffled_batch_the_newest_event_wins(world):
    now = time.time_ns() // 1_000_000
    same = thing()
    sent = [event({**same, "name": f"name {at}"}, now + at) for at in range(8)]
    world.machine.sources.shuffle(VIEW, seed=1, times=1)
    world.one_batch(*sent)
    (delivered,) = [one for one in world.machine.journal.invocations if one.function == VIEW]
    names = [_event(record)["thing"]["name"] for record in json.loads(delivered.event)["Records"]]
    assert names != sorted(names)
    assert sorted(names) == [one["thing"]["name"] for one in sent]
    assert world.row(same) == "name 7"


def test_paused_consumers_wait_and_restarted_ones_go_on(world):
    first, things = thing(), [thing() for _ in range(3)]
    world.one_batch(event(first))
    world.machine.sources.pause()
    world.publish(*map(event, things))
    with pytest.raises(UnsettledError, match="3 records"):
        world.machine.settle(PAUSED_SECONDS)
    assert world.batches() == [(ids([first]), None)]
    world.machine.sources.restart()
    world.machine.sources.resume()
    world.machine.settle(SECONDS)
    assert world.batches() == [(ids([first]), None), (ids(things), None)]
    assert [world.row(one) for one in things] == ["good"] * 3


def failures(world):
    """The messages in the reader's failure queue, which is empty then."""
    client, url = world.target.client("sqs"), world.reader.outputs["FailureQueueUrl"]
    found = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for message in found:
        client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(message["Body"]) for message in found]
