"""Lines on their way to CloudWatch Logs, and what Lambda writes among them."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from cncb_compiler.local.functions import reports
from cncb_compiler.local.functions.configuration import Configuration
from cncb_compiler.local.functions.invocation import Outcome, timed_out
from cncb_compiler.local.functions.logs import LogStream, LogWriter, Output, batches, stream_name
from cncb_compiler.local.functions.reports import Report


def configured(**logging: str) -> Configuration:
    answer = {"FunctionName": "f", "MemorySize": 128, "LoggingConfig": logging}
    return Configuration.answered({"Configuration": answer, "Code": {"Location": "x"}})


@pytest.fixture
def events():
    return []


@pytest.fixture
def stream(events):
    return LogStream("group", "stream", lambda *event: events.append(event))


def test_a_stream_is_named_by_day_version_and_32_digits() -> None:
    name = stream_name(datetime(2024, 2, 3, tzinfo=UTC))
    assert name.startswith("2024/02/03/[$LATEST]")
    assert len(name.partition("]")[2]) == 32


def test_the_tail_is_the_last_4_kb_of_the_invocation(stream) -> None:
    stream.line("before")
    stream.begin()
    for number in range(1000):
        stream.line(f"line {number:04}")
    assert len(stream.tail) == 4096
    assert stream.tail.endswith(b"line 0999\n")


def test_breaks_within_an_event_are_kept_and_empty_lines_left_out(stream, events) -> None:
    stream.line("[ERROR] no\rTraceback\n")
    stream.line("\n")
    assert [event[3] for event in events] == ["[ERROR] no\nTraceback"]
    assert events[0][:2] == ("group", "stream")


def test_output_is_split_into_lines_and_drained_with_the_last(stream, events) -> None:
    output = Output(stream)
    os.write(output.sink, "one\ntwo ä\nthr".encode())
    output.drain()
    os.write(output.sink, b"four\n")
    output.drain()
    output.drain()
    assert [event[3] for event in events] == ["one", "two ä", "thr", "four"]
    output.follow()


def test_batches_keep_the_limits_and_the_order_of_time() -> None:
    assert batches([]) == []
    assert batches([(2, "b"), (1, "a"), (2, "c")]) == [[(1, "a"), (2, "b"), (2, "c")]]
    assert [len(batch) for batch in batches([(1, "x")] * 10_001)] == [10_000, 1]
    assert [len(batch) for batch in batches([(1, "x" * (262_144 - 26))] * 5)] == [4, 1]


class Client:
    exceptions = SimpleNamespace(ResourceAlreadyExistsException=KeyError)

    def __init__(self) -> None:
        self.put: list[tuple[str, list[str]]] = []
        self.created: list[str] = []

    def create_log_stream(self, logGroupName: str, logStreamName: str) -> None:  # noqa: N803
        if logStreamName == "refused":
            raise OSError
        self.created.append(logStreamName)

    def put_log_events(self, logGroupName: str, logStreamName: str, logEvents: list[dict]) -> None:  # noqa: N803
        self.put.append((logStreamName, [event["message"] for event in logEvents]))


def test_flush_writes_each_stream_once_and_makes_it_once() -> None:
    client = Client()
    writer = LogWriter(lambda: client)
    for moment, (stream, message) in enumerate([("a", "1"), ("refused", "x"), ("b", "2"), ("a", "3")]):
        writer.put("group", stream, moment, message)
    writer.flush()
    assert client.put == [("a", ["1", "3"]), ("b", ["2"])]
    writer.put("group", "a", 9, "4")
    writer.flush()
    assert client.put[2:] == [("a", ["4"])]
    assert client.created == ["a", "b"]


def test_stop_writes_what_is_left() -> None:
    client = Client()
    writer = LogWriter(lambda: client)
    writer.start()
    writer.put("group", "a", 1, "x" * 300_000)
    writer.stop()
    assert [len(message) for _, messages in client.put for message in messages] == [262_144 - 26]


def test_text_reports() -> None:
    configuration = configured()
    assert list(reports.started(configuration, "id")) == ["START RequestId: id Version: $LATEST"]
    assert list(reports.ended(configuration, Report("id", 1.234, 50, 20.5, Outcome(b"")))) == [
        "END RequestId: id",
        "REPORT RequestId: id\tDuration: 1.23 ms\tBilled Duration: 22 ms\tMemory Size: 128 MB\tMax Memory Used: 50 MB\tInit Duration: 20.50 ms",
    ]
    late = timed_out("id", 3, datetime(2024, 1, 1, tzinfo=UTC))
    assert list(reports.ended(configuration, Report("id", 3000.0, 50, None, late))) == [
        "2024-01-01T00:00:00.000Z id Task timed out after 3.00 seconds",
        "END RequestId: id",
        "REPORT RequestId: id\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 128 MB\tMax Memory Used: 50 MB\tStatus: timeout",
    ]


def test_json_reports() -> None:
    failed = Report("id", 1.2345, 50, None, Outcome(b"{}", "KeyError"))
    (line,) = reports.ended(configured(LogFormat="JSON"), failed)
    report = json.loads(line)
    assert report["type"] == "platform.report"
    assert report["record"] == {
        "requestId": "id",
        "metrics": {"durationMs": 1.234, "billedDurationMs": 2, "memorySizeMB": 128, "maxMemoryUsedMB": 50},
        "status": "error",
        "errorType": "KeyError",
    }


def test_the_system_log_level_leaves_out_what_went_well() -> None:
    configuration = configured(LogFormat="JSON", SystemLogLevel="WARN")
    assert list(reports.started(configuration, "id")) == list(reports.init_started(configuration)) == []
    assert list(reports.ended(configuration, Report("id", 1, 1, None, Outcome(b"")))) == []
    assert len(list(reports.ended(configuration, Report("id", 1, 1, None, Outcome(b"{}", "KeyError"))))) == 1
