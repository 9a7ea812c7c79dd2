"""Firehose on this machine: names of objects, what a function is asked, what becomes of its answer."""

from __future__ import annotations

import base64
import gzip
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from cncb_compiler.local.firehose import delivery as delivering
from cncb_compiler.local.firehose.delivery import Delivery
from cncb_compiler.local.firehose.prefixes import formatted, parsed
from cncb_compiler.local.firehose.settings import DeliveryStream, Transform, delivery_stream
from cncb_compiler.local.firehose.transform import Arrived, Failure, batches, request, results
from cncb_compiler.local.sources.records import Record
from cncb_compiler.local.sources.shards import Stream
from cncb_compiler.target.problems import Problem

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TRANSFORM = Transform("arn:aws:lambda:us-east-1:123456789012:function:transform", 1024, 2)
SETTINGS = DeliveryStream(
    name="things",
    arn="arn:aws:firehose:us-east-1:123456789012:deliverystream/things",
    version="1",
    source_arn="arn:aws:kinesis:us-east-1:123456789012:stream/main",
    bucket="lake",
    prefix=parsed("main/!{timestamp:yyyy/MM/dd/HH}/"),
    error_prefix=parsed("errors/!{firehose:error-output-type}/!{timestamp:yyyy}/"),
    gzip=True,
    size=1024 * 1024,
    interval=300,
    transform=TRANSFORM,
)


def record(number: int, data: bytes = b"{}", at: float = AT.timestamp()) -> Record:
    event = {"kinesis": {"data": base64.b64encode(data).decode()}}
    return Record(str(number), f"key-{number}", at + number, event, {}, 100)


def arrived(*data: bytes) -> list[Arrived]:
    return [Arrived("shardId-0", record(number, one)) for number, one in enumerate(data)]


@pytest.mark.parametrize(
    ("prefix", "name"),
    [
        ("main/!{timestamp:yyyy/MM/dd/HH}/", "main/2026/01/02/03/"),
        ("", "2026/01/02/03/"),
        ("main/", "main/2026/01/02/03/"),
        ("!{timestamp:'year='yyyy'/o''clock='HH}/", "year=2026/o'clock=03/"),
        ("!{timestamp:yyyy}/!{timestamp:MM}-!{firehose:random-string}/", "2026/01-random/"),
        ("errors/!{firehose:error-output-type}/!{timestamp:dd}/", "errors/processing-failed/02/"),
    ],
)
def test_prefixes(prefix: str, name: str) -> None:
    assert parsed(prefix).evaluated(AT, "random", "processing-failed") == name


@pytest.mark.parametrize(
    "prefix", ["!{partitionKeyFromQuery:a}/", "!{timestamp:eee}/", "!{firehose:x}/", "!{timestamp:'}"]
)
def test_prefixes_that_are_not_evaluated(prefix: str) -> None:
    with pytest.raises(ValueError, match=r"in a|pattern"):
        parsed(prefix)


def test_the_suffix_says_the_time() -> None:
    assert formatted("yyyy-MM-dd-HH-mm-ss", AT) == "2026-01-02-03-04-05"


def test_a_function_is_asked_as_firehose_does() -> None:
    asked = json.loads(request(SETTINGS, arrived(b"a"), "invocation-1"))
    (one,) = asked.pop("records")
    assert asked == {
        "invocationId": "invocation-1",
        "sourceKinesisStreamArn": SETTINGS.source_arn,
        "deliveryStreamArn": SETTINGS.arn,
        "region": "us-east-1",
    }
    assert base64.b64decode(one["data"]) == b"a"
    assert one["approximateArrivalTimestamp"] == int(AT.timestamp() * 1000)
    assert one["kinesisRecordMetadata"]["partitionKey"] == "key-0"


def test_batches_hold_what_the_buffer_does() -> None:
    found = list(batches(arrived(*[b"x" * 600] * 5), TRANSFORM))
    assert [len(batch) for batch in found] == [2, 2, 1]
    large = replace(TRANSFORM, size=100 * 1024 * 1024)
    assert [len(batch) for batch in batches(arrived(*[b"x" * 3_000_000] * 3), large)] == [1, 1, 1]


def ok(asked: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"recordId": one["recordId"], "result": "Ok", "data": one["data"]} for one in asked["records"]]


def test_answers() -> None:
    batch = arrived(b"a", b"b", b"c", b"d", b"e")
    made = ok(json.loads(request(SETTINGS, batch, "1")))
    made[1] |= {"result": "Dropped"}
    made[2] |= {"result": "ProcessingFailed"}
    made[3] |= {"data": "no base64!"}
    del made[4]
    found = results(json.dumps({"records": made}).encode(), batch)
    assert found[:2] == [b"a", None]
    codes = [one.code for one in found if isinstance(one, Failure)]
    assert codes == ["Lambda.ProcessingFailedStatus", "Lambda.JsonProcessingException", "Lambda.MissingRecordId"]
    for answer in (b"no JSON", b"{}", b"[]", b" " * (6 * 1024 * 1024) + b'{"records": []}'):
        assert all(isinstance(one, Failure) for one in results(answer, batch))


def test_what_is_not_played_is_refused() -> None:
    told = {"DeliveryStreamName": "x", "DeliveryStreamARN": SETTINGS.arn, "Destinations": [{}]}
    with pytest.raises(Problem, match="from Kinesis into a bucket"):
        delivery_stream(told)
    to = {"BucketARN": "arn:aws:s3:::lake", "Prefix": "!{partitionKeyFromLambda:a}/"}
    source = {"KinesisStreamSourceDescription": {"KinesisStreamARN": SETTINGS.source_arn}}
    with pytest.raises(Problem, match="partitionKeyFromLambda"):
        delivery_stream({**told, "Source": source, "Destinations": [{"ExtendedS3DestinationDescription": to}]})


@dataclass
class Answer:
    payload: bytes
    error: str | None = None


class Bucket:
    """A stand-in for S3 that remembers, and fails as often as it is told."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.failing = 0

    def put_object(self, Bucket: str, Key: str, Body: bytes, ContentType: str) -> None:  # noqa: N803
        if self.failing:
            self.failing -= 1
            raise OSError("away")
        self.objects[Key] = gzip.decompress(Body)


class OneStream:
    """A source with one shard that nothing is read from: records are appended by hand."""

    def shards(self) -> list[str]:
        return ["shardId-0"]

    def read(self, shard: str, after: str | None) -> tuple[tuple[Record, ...], bool]:
        return (), False

    def identity(self) -> str:
        return "one"


class Running:
    """A delivery stream that follows a stream; it has nothing of the clock but a limit for the test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, invoke: Callable[[str, bytes], Any], **settings: Any) -> None:
        monkeypatch.setattr(delivering, "QUIET_SECONDS", 3600.0)
        monkeypatch.setattr(delivering, "RETRY_SECONDS", 0.0)
        self.bucket = Bucket()
        self.problems: list[str] = []
        self.stream = Stream("kinesis", "main", OneStream())
        self.stream.open()
        self.shard = self.stream.shards["shardId-0"]
        self.shard.append((record(0, b"before"),))
        self.delivery = Delivery(replace(SETTINGS, **settings), self.bucket, invoke, self.problems.append)
        self.delivery.join(self.stream)

    def rest(self) -> None:
        end = time.monotonic() + 20
        while self.delivery.busy():
            assert time.monotonic() < end
            self.delivery.flush()
            threading.Event().wait(0.001)


def invoked(_: str, payload: bytes) -> Answer:
    return Answer(json.dumps({"records": ok(json.loads(payload))}).encode())


def test_from_the_latest_record_on_into_one_object(monkeypatch: pytest.MonkeyPatch) -> None:
    running = Running(monkeypatch, invoked)
    running.shard.append((record(1, b"one,"), record(2, b"two")))
    assert "2 records" in running.delivery.busy()[0]
    running.rest()
    ((name, body),) = running.bucket.objects.items()
    assert name.startswith("main/2026/01/02/03/things-1-2026-01-02-03-04-06-")
    assert name.endswith(".gz")
    assert body == b"one,two"


def test_a_full_buffer_is_written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    running = Running(monkeypatch, invoked, size=3)
    running.shard.append((record(1, b"one"),))
    end = time.monotonic() + 20
    while running.delivery.busy():
        assert time.monotonic() < end
        threading.Event().wait(0.001)
    assert list(running.bucket.objects.values()) == [b"one"]


def test_what_the_function_fails_on_is_kept_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[bytes] = []

    def failing(_: str, payload: bytes) -> Answer:
        calls.append(payload)
        return Answer(b"", "Unhandled")

    running = Running(monkeypatch, failing)
    running.shard.append((record(1, b"one"),))
    running.rest()
    ((name, body),) = running.bucket.objects.items()
    assert name.startswith("errors/processing-failed/2026/things-1-")
    kept = json.loads(body)
    assert (base64.b64decode(kept["rawData"]), kept["attemptsMade"]) == (b"one", 3)
    assert kept["errorCode"] == "Lambda.FunctionError"
    assert len(calls) == TRANSFORM.retries + 1
    assert "failed on 1 records" in running.problems[0]


def test_a_bucket_that_is_away_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    running = Running(monkeypatch, invoked)
    running.bucket.failing = 2
    running.shard.append((record(1, b"one"),))
    running.rest()
    assert list(running.bucket.objects.values()) == [b"one"]
    assert "could not write: away" in running.problems[0]


def test_after_its_end_and_after_a_skip_there_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    running = Running(monkeypatch, invoked)
    running.shard.append((record(1, b"one"),))
    running.delivery.skip()
    running.rest()
    running.delivery.stop()
    running.shard.append((record(2, b"two"),))
    assert running.delivery.busy() == []
    assert running.bucket.objects == {}
