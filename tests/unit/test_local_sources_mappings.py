"""Event sources against the streams, tables and queues of moto, in process; functions and Lambda's API are fakes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from local_sources_fakes import Answer, Feed, Functions, Lambda, manyth, sequence, until
from moto import mock_aws

from cncb_compiler.local.sources.mappings import EventSources
from cncb_compiler.target.problems import Problem

# A thread that fails fails the test.
pytestmark = pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")

# In process, moto knows DynamoDB Streams by their host name without an account.
CONFIG = Config(account_id_endpoint_mode="disabled", s3={"addressing_style": "path"})


@cache
def client(service: str) -> Any:
    return boto3.client(service, region_name="us-east-1", config=CONFIG)


class Machine:
    """Moto, a feed, functions, and the event sources between them."""

    endpoint = None

    def __init__(self) -> None:
        self.feed = Feed()
        self.functions = Functions()
        self._lambda = Lambda()
        self.sources = EventSources(self, self.functions, self.feed)

    def client(self, service: str) -> Any:
        return self._lambda if service == "lambda" else client(service)

    def stream(self, name: str = "main", shards: int = 1) -> str:
        self.client("kinesis").create_stream(StreamName=name, ShardCount=shards)
        return f"arn:aws:kinesis:us-east-1:123456789012:stream/{name}"

    def put(self, *numbers: int, stream: str = "main", key: str = "k", data: str | None = None) -> int:
        records = [{"Data": (data or json.dumps({"n": n, "type": "t"})).encode(), "PartitionKey": key} for n in numbers]
        self.client("kinesis").put_records(StreamName=stream, Records=records)
        return self.feed.change("kinesis")

    def table(self, name: str = "orders", view: str = "NEW_AND_OLD_IMAGES") -> str:
        made = self.client("dynamodb").create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": view},
        )
        return made["TableDescription"]["LatestStreamArn"]

    def queue(self, name: str = "work", **attributes: str) -> tuple[str, str]:
        url = self.client("sqs").create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        return url, f"arn:aws:sqs:us-east-1:123456789012:{name}"

    def received(self, url: str) -> list[str]:
        return [
            one["Body"]
            for one in self.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        ]

    def show(self, url: str, message: dict[str, Any]) -> None:
        """End the visibility timeout of a message, as time would."""
        self.client("sqs").change_message_visibility(
            QueueUrl=url, ReceiptHandle=message["receiptHandle"], VisibilityTimeout=0
        )

    def adopt(self, *functions: str) -> None:
        self.sources.adopt(functions)

    def settle(self) -> None:
        until(lambda: self.sources.settled(self.feed.at))
        assert not self.sources.busy()


@pytest.fixture
def machine() -> Iterator[Machine]:
    with mock_aws():
        made = Machine()
        made.sources.start()
        yield made
        made.sources.stop()


def failing(*bad: str):
    def answer(name: str, records: list[dict[str, Any]]) -> Answer:
        return Answer(b"{}", "Unhandled") if any(sequence(one) in bad for one in records) else Answer()

    return answer


def test_records_reach_the_function_in_order(machine):
    machine.client("lambda").add("f", machine.stream(), BatchSize=2)
    machine.adopt("f")
    machine.put(1, 2, 3)
    machine.settle()
    assert machine.functions.sequences("f") == [["1", "2"], ["3"]]
    told = machine.functions.invoked[0][1][0]
    assert told["invokeIdentityArn"].endswith("role/f") and told["eventID"].startswith("shardId-000000000000:")


def test_positions(machine):
    arn = machine.stream()
    machine.put(1, 2)
    machine.client("lambda").add("old", arn, StartingPosition="TRIM_HORIZON")
    machine.client("lambda").add("new", arn, StartingPosition="LATEST")
    machine.client("lambda").add("timed", arn, StartingPosition="AT_TIMESTAMP", StartingPositionTimestamp=2**33)
    machine.adopt("old", "new", "timed")
    machine.put(3)
    machine.settle()
    assert [one for batch in machine.functions.sequences("old") for one in batch] == ["1", "2", "3"]
    assert machine.functions.sequences("new") == [["3"]]
    # Nothing had arrived by then, so it begins at the end of what was there.
    assert machine.functions.sequences("timed") == [["3"]]


def test_a_second_adoption_keeps_the_position_and_takes_new_settings(machine):
    told = machine.client("lambda").add("f", machine.stream())
    machine.adopt("f")
    machine.put(1)
    machine.settle()
    told["BatchSize"] = 1
    machine.adopt("f")
    machine.put(2, 3)
    machine.settle()
    assert machine.functions.sequences("f") == [["1"], ["2"], ["3"]]


def test_a_mapping_that_is_gone_or_forgotten_consumes_nothing(machine):
    arn = machine.stream()
    machine.client("lambda").add("gone", arn)
    machine.client("lambda").add("forgotten", arn)
    machine.client("lambda").add("left", arn)
    machine.adopt("gone", "forgotten", "left")
    machine.client("lambda").mappings["gone"].clear()
    machine.adopt("gone")
    machine.sources.forget(["forgotten"])
    machine.put(1)
    machine.settle()
    assert [name for name, _ in machine.functions.invoked] == ["left"]


def test_a_disabled_mapping_consumes_nothing(machine):
    machine.client("lambda").add("f", machine.stream(), State="Disabled")
    machine.adopt("f")
    machine.put(1)
    machine.settle()
    assert not machine.functions.invoked


def test_what_is_refused_changes_nothing(machine):
    arn = machine.stream()
    machine.client("lambda").add("f", arn)
    machine.client("lambda").add("f", arn, TumblingWindowInSeconds=30)
    with pytest.raises(Problem, match="tumbling"):
        machine.adopt("f")
    machine.put(1)
    machine.settle()
    assert not machine.functions.invoked


def test_records_that_the_filter_refuses_are_skipped(machine):
    machine.client("lambda").add("f", machine.stream(), FilterCriteria={"Filters": [{"Pattern": '{"data":{"n":[2]}}'}]})
    machine.adopt("f")
    machine.put(1, 2, 3)
    machine.put(4, data="no json")
    machine.settle()
    assert machine.functions.sequences("f") == [["2"]]


def test_a_poison_record_goes_to_the_queue_and_the_others_pass(machine):
    url, queue = machine.queue("dead")
    machine.functions.answer = failing("2")
    machine.client("lambda").add(
        "f",
        machine.stream(),
        BisectBatchOnFunctionError=True,
        MaximumRetryAttempts=1,
        DestinationConfig={"OnFailure": {"Destination": queue}},
    )
    machine.adopt("f")
    machine.put(1, 2, 3)
    machine.settle()
    (body,) = machine.received(url)
    told = json.loads(body)
    assert told["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert (manyth(told["KinesisBatchInfo"]["startSequenceNumber"]), told["KinesisBatchInfo"]["batchSize"]) == ("2", 1)
    assert machine.functions.sequences("f")[-1] == ["3"]


def test_a_bucket_keeps_the_records_themselves(machine):
    machine.client("s3").create_bucket(Bucket="dead")
    machine.functions.answer = failing("1")
    machine.client("lambda").add(
        "f",
        machine.stream(),
        MaximumRetryAttempts=0,
        DestinationConfig={"OnFailure": {"Destination": "arn:aws:s3:::dead"}},
    )
    machine.adopt("f")
    machine.put(1)
    machine.settle()
    (one,) = machine.client("s3").list_objects_v2(Bucket="dead")["Contents"]
    assert one["Key"].startswith("aws/lambda/f-0/shardId-000000000000/")
    told = json.loads(machine.client("s3").get_object(Bucket="dead", Key=one["Key"])["Body"].read())
    assert [sequence(record) for record in json.loads(told["payload"])["Records"]] == ["1"]


def test_a_destination_that_is_not_there_is_a_problem_and_holds_nothing_up(machine):
    machine.functions.answer = failing("1")
    machine.client("lambda").add(
        "f",
        machine.stream(),
        MaximumRetryAttempts=0,
        DestinationConfig={"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:123456789012:none"}},
    )
    machine.adopt("f")
    machine.put(1)
    machine.settle()
    assert any("none" in words for words in machine.sources.problems)


def test_what_is_not_settled(machine):
    began, go_on = threading.Event(), threading.Event()

    def answer(name: str, records: list[dict[str, Any]]) -> Answer:
        began.set()
        go_on.wait(5)
        return Answer()

    machine.functions.answer = answer
    machine.client("lambda").add("f", machine.stream())
    machine.adopt("f")
    at = machine.put(1)
    assert began.wait(5)
    assert not machine.sources.settled(at)
    assert "f" in " ".join(machine.sources.busy())
    go_on.set()
    until(lambda: machine.sources.settled(at))
    assert not machine.sources.settled(at + 1)


def test_pause_and_resume(machine):
    machine.client("lambda").add("f", machine.stream())
    machine.adopt("f")
    machine.sources.pause()
    at = machine.put(1)
    until(lambda: "paused" in " ".join(machine.sources.busy()))
    assert not machine.sources.settled(at) and not machine.functions.invoked
    machine.sources.resume()
    machine.settle()
    assert machine.functions.sequences("f") == [["1"]]


def test_a_restart_delivers_an_unfinished_batch_again(machine):
    began, go_on = threading.Semaphore(0), threading.Event()

    def answer(name: str, records: list[dict[str, Any]]) -> Answer:
        began.release()
        go_on.wait(5)
        return Answer()

    machine.functions.answer = answer
    machine.client("lambda").add("f", machine.stream(), BatchSize=2)
    machine.adopt("f")
    machine.put(1, 2, 3)
    assert began.acquire(timeout=5)
    machine.sources.restart()
    assert began.acquire(timeout=5)
    go_on.set()
    machine.settle()
    assert machine.functions.sequences("f") == [["1", "2"], ["1", "2"], ["3"]]


def test_skipping_to_the_end(machine):
    machine.functions.answer = failing("1")
    machine.client("lambda").add("f", machine.stream())
    machine.adopt("f")
    machine.put(1)
    until(lambda: machine.functions.invoked)
    machine.sources.to_latest()
    machine.put(2)
    machine.settle()
    assert machine.functions.sequences("f")[-1] == ["2"]


def test_a_shuffled_function_waits_for_something_to_shuffle(machine):
    machine.client("lambda").add("f", machine.stream())
    machine.adopt("f")
    machine.sources.shuffle("f", 7)
    machine.put(1)
    machine.put(2)
    machine.settle()
    assert [len(batch) for batch in machine.functions.sequences("f")] == [2]
    machine.sources.clear_switches()
    machine.put(3)
    machine.settle()
    assert machine.functions.sequences("f")[1:] == [["3"]]


def test_duplicates_and_disorder(machine):
    machine.client("lambda").add("twice", machine.stream("main"))
    machine.client("lambda").add("mixed", machine.stream("other"))
    machine.adopt("twice", "mixed")
    machine.sources.duplicate("twice", times=1)
    machine.sources.shuffle("mixed", seed=1, times=1)
    machine.put(1)
    machine.put(1, 2, 3, stream="other")
    machine.settle()
    machine.put(2)
    machine.put(4, 5, stream="other")
    machine.settle()
    assert machine.functions.sequences("twice") == [["1"], ["1"], ["2"]]
    first, second = machine.functions.sequences("mixed")
    assert sorted(first) == ["1", "2", "3"] != first and second == ["4", "5"]


def test_what_a_function_told_in_another_order_has_not_done_comes_again(machine):
    machine.client("lambda").add("f", machine.stream(), FunctionResponseTypes=["ReportBatchItemFailures"])
    machine.adopt("f")
    done: set[str] = set()

    def answer(name, records):
        """Handles the first record, and no more, the first time."""
        first = not done
        done.update(map(sequence, records[:1] if first else records))
        begin = records[1]["kinesis"]["sequenceNumber"]
        return Answer(json.dumps({"batchItemFailures": [{"itemIdentifier": begin}]}).encode()) if first else Answer()

    machine.functions.answer = answer
    machine.sources.shuffle("f", seed=1, times=1)
    machine.put(*range(1, 7))
    machine.settle()
    assert done == {"1", "2", "3", "4", "5", "6"}


def test_keys_keep_their_order_in_parallel(machine):
    machine.client("lambda").add("f", machine.stream(), BatchSize=1, ParallelizationFactor=3)
    machine.adopt("f")
    for n in range(12):
        machine.put(n, key=str(n % 4))
    machine.settle()
    by_key: dict[str, list[int]] = {}
    for _, records in machine.functions.invoked:
        for one in records:
            by_key.setdefault(one["kinesis"]["partitionKey"], []).append(int(sequence(one)))
    assert len(by_key) == 4 and all(numbers == sorted(numbers) and len(numbers) == 3 for numbers in by_key.values())


def test_every_shard_is_read(machine):
    machine.client("lambda").add("f", machine.stream(shards=3))
    machine.adopt("f")
    for n in range(9):
        machine.put(n, key=str(n))
    machine.settle()
    assert len({one["eventID"] for _, records in machine.functions.invoked for one in records}) == 9


def test_a_stream_made_again_is_read_from_its_beginning(machine):
    machine.client("lambda").add("f", machine.stream())
    machine.adopt("f")
    machine.put(1, 2)
    machine.settle()
    machine.client("kinesis").delete_stream(StreamName="main")
    machine.feed.change("kinesis")
    machine.settle()
    machine.client("lambda").mappings["f"].clear()
    machine.client("lambda").add("f", machine.stream(), UUID="another")
    # It is read before anybody can know that it is another one.
    machine.put(1)
    until(lambda: machine.sources.settled(machine.feed.at))
    machine.adopt("f")
    machine.settle()
    assert machine.functions.sequences("f") == [["1", "2"], ["1"]]


def test_subscribers_get_what_comes_from_now_on(machine):
    machine.stream()
    machine.put(1)
    got: list[dict[str, Any]] = []
    end = machine.sources.subscribe("main", got.append)
    machine.put(2, key="x")
    machine.settle()
    (one,) = got
    assert (one["partitionKey"], manyth(one["sequenceNumber"]), json.loads(one["data"])["n"]) == ("x", "2", 2)
    assert one["shard"] == "shardId-000000000000" and one["approximateArrivalTimestamp"] > 0
    end()
    machine.put(3)
    machine.settle()
    assert len(got) == 1


def test_changes_of_a_table(machine):
    machine.client("lambda").add("f", machine.table())
    machine.adopt("f")
    table = machine.client("dynamodb")
    item = {"pk": {"S": "a"}, "raw": {"B": b"\x01"}}
    table.put_item(TableName="orders", Item=item)
    table.put_item(TableName="orders", Item=item)
    table.put_item(TableName="orders", Item=item | {"n": {"N": "1"}})
    machine.sources.mark_expired("orders", {"pk": {"S": "a"}})
    table.delete_item(TableName="orders", Key={"pk": {"S": "a"}})
    table.put_item(TableName="orders", Item=item)
    table.delete_item(TableName="orders", Key={"pk": {"S": "a"}})
    machine.feed.change("dynamodb")
    machine.settle()
    records = [one for _, told in machine.functions.invoked for one in told]
    # The second write changed nothing: DynamoDB tells nothing of it.
    assert [one["eventName"] for one in records] == ["INSERT", "MODIFY", "REMOVE", "INSERT", "REMOVE"]
    assert records[0]["dynamodb"]["NewImage"]["raw"] == {"B": "AQ=="}
    assert [one.get("userIdentity", {}).get("principalId") for one in records] == [
        None,
        None,
        "dynamodb.amazonaws.com",
        None,
        None,
    ]


def test_only_services_that_changed_are_asked(machine, monkeypatch):
    machine.client("lambda").add("f", machine.stream())
    machine.client("lambda").add("g", machine.table())
    machine.adopt("f", "g")
    asked: list[str] = []
    for service in ("kinesis", "dynamodbstreams"):
        get_records = machine.client(service).get_records

        def heard(service: str = service, get_records: Any = get_records, **fields: Any) -> Any:
            asked.append(service)
            return get_records(**fields)

        monkeypatch.setattr(machine.client(service), "get_records", heard)
    machine.feed.change("s3")
    machine.settle()
    assert asked == []
    machine.feed.change("kinesis")
    machine.settle()
    assert asked == ["kinesis"]


def test_a_stream_that_refuses_is_read_later(machine, monkeypatch):
    machine.client("lambda").add("f", machine.stream())
    machine.adopt("f")
    refusals = [1, 1]
    get_records = machine.client("kinesis").get_records

    def throttled(**asked: Any) -> Any:
        if refusals:
            refusals.pop()
            raise ClientError({"Error": {"Code": "ProvisionedThroughputExceededException"}}, "GetRecords")
        return get_records(**asked)

    monkeypatch.setattr(machine.client("kinesis"), "get_records", throttled)
    machine.put(1)
    machine.settle()
    assert machine.functions.sequences("f") == [["1"]] and not refusals and not machine.sources.problems


def test_messages_of_a_queue(machine):
    url, arn = machine.queue()
    sent: list[str] = []

    def answer(name: str, records: list[dict[str, Any]]) -> Answer:
        sent.append(",".join(one["body"] for one in records))
        bad = [one for one in records if one["body"] == "bad" and one["attributes"]["ApproximateReceiveCount"] == "1"]
        for one in bad:
            machine.show(url, one)
        failed = [one["messageId"] for one in bad]
        return Answer(json.dumps({"batchItemFailures": [{"itemIdentifier": one} for one in failed]}).encode())

    machine.functions.answer = answer
    machine.client("lambda").add("f", arn, FunctionResponseTypes=["ReportBatchItemFailures"])
    machine.sources.pause()
    machine.adopt("f")
    for body in ("good", "bad", "fine"):
        machine.client("sqs").send_message(QueueUrl=url, MessageBody=body)
    machine.feed.change("sqs")
    machine.sources.resume()
    until(lambda: len(sent) == 2)
    machine.settle()
    assert sent == ["good,bad,fine", "bad"]
    assert machine.received(url) == []


def test_a_message_that_shows_just_behind_the_look_is_not_forgotten(machine, monkeypatch):
    url, arn = machine.queue()
    client = machine.client("sqs")
    receive, looks = client.receive_message, [1, 1, 1, 1, 1, 1]

    def later(**asked: Any) -> Any:
        return {} if looks and looks.pop() else receive(**asked)

    monkeypatch.setattr(client, "receive_message", later)
    machine.client("lambda").add("f", arn)
    machine.sources.pause()
    machine.adopt("f")
    client.send_message(QueueUrl=url, MessageBody="late")
    machine.feed.change("sqs")
    machine.sources.resume()
    machine.settle()
    assert [one["body"] for _, records in machine.functions.invoked for one in records] == ["late"]


def test_messages_that_the_filter_refuses_are_deleted(machine):
    url, arn = machine.queue()
    machine.client("lambda").add("f", arn, FilterCriteria={"Filters": [{"Pattern": '{"body":{"a":[1]}}'}]})
    machine.adopt("f")
    for body in ('{"a":1}', '{"a":2}', "text"):
        machine.client("sqs").send_message(QueueUrl=url, MessageBody=body)
    machine.feed.change("sqs")
    machine.settle()
    assert [one["body"] for _, records in machine.functions.invoked for one in records] == ['{"a":1}']
    told = machine.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert told["ApproximateNumberOfMessages"] == told["ApproximateNumberOfMessagesNotVisible"] == "0"


def test_a_message_that_keeps_failing_goes_where_its_queue_says(machine):
    dead, dead_arn = machine.queue("dead")
    policy = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 2})
    url, arn = machine.queue(RedrivePolicy=policy)

    def answer(name: str, records: list[dict[str, Any]]) -> Answer:
        machine.show(url, records[0])
        return Answer(b"{}", "Unhandled")

    machine.functions.answer = answer
    machine.client("lambda").add("f", arn)
    machine.adopt("f")
    machine.client("sqs").send_message(QueueUrl=url, MessageBody="bad")
    machine.feed.change("sqs")
    machine.settle()
    assert len(machine.functions.invoked) == 2
    assert machine.received(dead) == ["bad"]


def test_skipping_empties_queues(machine):
    url, arn = machine.queue()
    machine.client("lambda").add("f", arn)
    machine.sources.pause()
    machine.adopt("f")
    machine.client("sqs").send_message(QueueUrl=url, MessageBody="old")
    machine.feed.change("sqs")
    machine.sources.to_latest()
    machine.sources.resume()
    machine.settle()
    assert not machine.functions.invoked


def test_a_feed_that_knows_resources_has_only_those_read(machine, monkeypatch):
    machine.client("lambda").add("f", machine.stream("main"))
    machine.client("lambda").add("g", machine.stream("other"))
    machine.adopt("f", "g")
    touched = {("kinesis", "other"): 1}
    machine.feed.touched_resource = lambda service, name: touched.get((service, name), 0)
    machine.put(1, stream="main")
    machine.put(1, stream="other")
    touched["kinesis", "other"] = machine.feed.at
    until(lambda: machine.functions.sequences("g"))
    machine.settle()
    assert not machine.functions.sequences("f")


def test_a_window_gathers_records(machine):
    machine.client("lambda").add("f", machine.stream(), BatchSize=2, MaximumBatchingWindowInSeconds=300)
    machine.adopt("f")
    at = machine.put(1)
    until(lambda: machine.sources.busy())
    assert not machine.sources.settled(at) and not machine.functions.invoked
    machine.put(2)
    machine.settle()
    assert machine.functions.sequences("f") == [["1", "2"]]


def test_a_function_that_cannot_be_invoked_now_gets_its_batch_later(machine):
    refusals = [1]

    def answer(name: str, records: list[dict[str, Any]]) -> Answer:
        if refusals:
            refusals.pop()
            raise ConnectionError("no process")
        return Answer()

    machine.functions.answer = answer
    machine.client("lambda").add("f", machine.stream(), MaximumRetryAttempts=0)
    machine.adopt("f")
    machine.put(1)
    machine.settle()
    assert machine.functions.sequences("f") == [["1"], ["1"]]
    assert machine.sources.problems == ["f could not be invoked: no process"]


class Gate:
    """An answer that waits: `began` counts the invocations that have, `open` lets all of them end."""

    def __init__(self) -> None:
        self.began = threading.Semaphore(0)
        self.open = threading.Event()

    def __call__(self, name: str, records: list[dict[str, Any]]) -> Answer:
        self.began.release()
        self.open.wait(5)
        return Answer()


def test_paused_consumers_finish_their_batch_and_begin_no_other(machine):
    gate = machine.functions.answer = Gate()
    machine.client("lambda").add("f", machine.stream(), BatchSize=1)
    machine.adopt("f")
    machine.put(1, 2)
    assert gate.began.acquire(timeout=5)
    machine.sources.pause()
    gate.open.set()
    until(lambda: any("1 records" in words for words in machine.sources.busy()))
    assert not gate.began.acquire(timeout=0.05)
    machine.sources.resume()
    machine.settle()
    assert machine.functions.sequences("f") == [["1"], ["2"]]


def test_a_queue_that_is_paused_is_not_worked_through(machine):
    gate = machine.functions.answer = Gate()
    url, arn = machine.queue()
    for body in ("a", "b"):
        machine.client("sqs").send_message(QueueUrl=url, MessageBody=body)
    machine.client("lambda").add("f", arn, BatchSize=1)
    at = machine.feed.change("sqs")
    machine.adopt("f")
    assert gate.began.acquire(timeout=5)
    machine.sources.pause()
    gate.open.set()
    until(lambda: not any("at work" in words for words in machine.sources.busy()))
    assert not gate.began.acquire(timeout=0.05)
    assert not machine.sources.settled(at)
    machine.sources.resume()
    machine.settle()
    assert len(machine.functions.invoked) == 2


def test_a_restart_while_an_answer_is_awaited_drops_that_answer(machine):
    first, second = Gate(), Gate()
    gates = [first, second]
    machine.functions.answer = lambda name, records: gates.pop(0)(name, records)
    machine.client("lambda").add("f", machine.stream())
    machine.adopt("f")
    machine.put(1)
    assert first.began.acquire(timeout=5)
    machine.sources.restart()
    assert second.began.acquire(timeout=5)
    first.open.set()
    until(lambda: sum(one.name == "f-shardId-000000000000-0" for one in threading.enumerate()) == 1)
    assert any("1 records" in words for words in machine.sources.busy())
    second.open.set()
    machine.settle()
