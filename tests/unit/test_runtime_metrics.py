"""What invocations tell CloudWatch, held against the published schema of the embedded metric format."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from typing import Any

import jsonschema
import pytest
from runtime_fakes import FakeAws, event, stream_record

from cncb_compiler.runtime import aws, bulk, http, metrics, tracing
from cncb_compiler.runtime.emission import Emission
from cncb_compiler.runtime.errors import TransientError
from cncb_compiler.runtime.pipeline import run
from cncb_compiler.runtime.publish import publish_now
from cncb_compiler.runtime.request import invoke
from cncb_compiler.runtime.steps import only, to
from cncb_compiler.runtime.stream_records import from_stream
from cncb_compiler.runtime.unit import each

UNITS = r"^(((Kilo|Mega|Giga|Tera)(bits|bytes)|Bits|Bytes|Count)(/Second)?|Seconds|(Milli|Micro)seconds|Percent|None)$"
SCHEMA = {
    "type": "object",
    "required": ["_aws"],
    "properties": {
        "_aws": {
            "type": "object",
            "required": ["Timestamp", "CloudWatchMetrics"],
            "properties": {
                "Timestamp": {"type": "integer"},
                "CloudWatchMetrics": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["Namespace", "Dimensions", "Metrics"],
                        "properties": {
                            "Namespace": {"type": "string", "minLength": 1, "maxLength": 1024},
                            "Dimensions": {
                                "type": "array",
                                "minItems": 1,
                                "items": {
                                    "type": "array",
                                    "maxItems": 30,
                                    "items": {"type": "string", "minLength": 1, "maxLength": 250},
                                },
                            },
                            "Metrics": {
                                "type": "array",
                                "minItems": 1,
                                "maxItems": 100,
                                "items": {
                                    "type": "object",
                                    "required": ["Name"],
                                    "properties": {
                                        "Name": {"type": "string", "minLength": 1, "maxLength": 1024},
                                        "Unit": {"type": "string", "pattern": UNITS},
                                    },
                                },
                            },
                        },
                    },
                },
            },
        }
    },
}
"""Of "Specification: Embedded metric format" (Amazon CloudWatch), with its limits as the text beside it says them."""

X_RAY = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
TRACE = "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01"
NAMES = {
    "MAIN_STREAM": "physical-main",
    "SYSTEM": "shop",
    "SERVICE": "svc",
    "FUNCTION": "f",
    "STAGE": "dev",
    "AWS_REGION": "us-east-1",
}


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeAws:
    made = FakeAws()
    monkeypatch.setattr(aws, "client", made.client)
    monkeypatch.setattr(bulk, "pause", lambda seconds: None)
    for name, value in NAMES.items():
        monkeypatch.setenv(name, value)
    return made


def printed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The lines, each an object of its own, valid, with all that its directives refer to at its root."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    for line in lines:
        jsonschema.validate(line, SCHEMA)
        for directive in line["_aws"]["CloudWatchMetrics"]:
            for dimensions in directive["Dimensions"]:
                assert all(isinstance(line[name], str) and line[name] for name in dimensions)
            assert all(isinstance(line[metric["Name"]], (int, float)) for metric in directive["Metrics"])
    return lines


def batch(*events: Any) -> dict[str, Any]:
    records = [stream_record(one, index) for index, one in enumerate(events)]
    for record in records:
        record["eventSourceARN"] = "arn:aws:kinesis:us-east-1:1:stream/physical-main"
        record["kinesis"]["approximateArrivalTimestamp"] = time.time() - 60
    return {"Records": records}


def failing(errors: dict[str, Exception]) -> Any:
    def work(one: dict[str, Any]) -> None:
        if one["id"] in errors:
            raise errors[one["id"]]

    return each(to(work))


def test_a_batch_is_one_line_with_what_became_of_it(fake: FakeAws, capsys: pytest.CaptureFixture[str]) -> None:
    tags = {"service": "orders"}
    given = batch(*(event("a", id=str(number), tags=tags) for number in range(4)))
    run(given, None, from_stream, (only("a"), failing({"1": ValueError("bad")})), faults_to="MAIN_STREAM")
    (line,) = printed(capsys)
    told = {name: line[name] for name in ("records", "handled", "faulted", "retried", "events")}
    assert told == {"records": 4, "handled": 3, "faulted": 1, "retried": 0, "events": 4}
    assert (line["stream"], line["type"], line["source"], line["region"]) == ("main", "a", "orders", "us-east-1")
    assert (line["system"], line["stage"], line["service"], line["function"]) == ("shop", "dev", "svc", "f")
    assert 60_000 <= line["iteratorAge"] < 120_000
    assert list(line["steps"]) == ["decode", "for_types", "to"]
    assert line["duration"] >= sum(line["steps"].values()) > 0


def test_what_comes_again_is_counted_when_it_is_done(fake: FakeAws, capsys: pytest.CaptureFixture[str]) -> None:
    given = batch(event("a", id="0"), event("b", id="1"), event("a", id="2"))
    run(given, None, from_stream, (failing({"1": TransientError("busy")}),), faults_to="MAIN_STREAM")
    (line,) = printed(capsys)
    assert (line["handled"], line["faulted"], line["retried"], line["events"]) == (1, 0, 2, 1)
    assert line["type"] == "a"


def test_each_further_kind_has_a_short_line(fake: FakeAws, capsys: pytest.CaptureFixture[str]) -> None:
    run(batch(event("a", id="0"), event("b", id="1")), None, from_stream, ())
    first, second = printed(capsys)
    assert (first["type"], second["type"], second["events"]) == ("a", "b", 1)
    assert "records" in first
    assert "records" not in second


def test_poison_is_a_record_and_no_event(fake: FakeAws, capsys: pytest.CaptureFixture[str]) -> None:
    run(batch("no event"), None, from_stream, (), faults_to="MAIN_STREAM")
    (line,) = printed(capsys)
    assert (line["records"], line["faulted"]) == (1, 1)
    assert "events" not in line


def test_a_pipeline_that_breaks_has_retried_all(fake: FakeAws, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(units: Any) -> Any:
        raise MemoryError

    with pytest.raises(MemoryError):
        run(batch(event("a")), None, from_stream, (broken,))
    (line,) = printed(capsys)
    assert (line["records"], line["handled"], line["retried"]) == (1, 0, 1)


def test_lines_pass_every_level_of_the_log(
    fake: FakeAws, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_LOG_LEVEL", "ERROR")
    run(batch(event("a")), None, from_stream, ())
    (line,) = printed(capsys)
    assert line["level"] == "ERROR"
    time.strptime(line["timestamp"], "%Y-%m-%dT%H:%M:%S.%fZ")


def test_requests_and_their_errors(
    fake: FakeAws, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", X_RAY)

    def broken(request: dict[str, Any]) -> None:
        raise RuntimeError

    def refusing(value: Any, path: str, problems: list[tuple[str, str]]) -> None:
        problems.append(("id", "is missing"))

    assert http.respond({}, lambda request: {})["statusCode"] == 200
    assert http.respond({}, lambda request: {}, shape=refusing)["statusCode"] == 400
    assert http.respond({}, broken)["statusCode"] == 500
    with pytest.raises(RuntimeError):
        invoke({}, broken)
    assert metrics.call(lambda one, context: one, 1, None) == 1
    lines = printed(capsys)
    assert [(line["requests"], line["errors"]) for line in lines] == [(1, 0), (1, 0), (1, 1), (1, 1), (1, 0)]
    assert {line["traceparent"] for line in lines} == {TRACE}


def test_an_event_that_a_command_publishes(
    fake: FakeAws, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", X_RAY)
    invoke({}, lambda command: publish_now(Emission("a", stream="MAIN_STREAM", fields=lambda one: {}), command))
    (line,) = printed(capsys)
    assert (line["published"], line["type"], line["stream"], line["source"]) == (1, "a", "main", "svc")
    assert fake.events[0]["tags"]["traceparent"] == TRACE


def test_metrics_of_a_hook(fake: FakeAws, capsys: pytest.CaptureFixture[str]) -> None:
    metrics.add("nobody", 1)

    def hook(one: dict[str, Any]) -> None:
        metrics.add("weight", 2.5, "Bytes")
        metrics.add('100% "full"', Decimal(1))

    run(batch(event("a", id="0"), event("a", id="1")), None, from_stream, (each(to(hook)),))
    (line,) = printed(capsys)
    assert (line["weight"], line['100% "full"']) == (5, 2)
    assert "nobody" not in line
    assert {"Name": "weight", "Unit": "Bytes"} in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]
    with pytest.raises(ValueError, match="cncb's own"):
        metrics.add("duration", 1)
    with pytest.raises(ValueError, match="cannot be nan"):
        metrics.add("weight", float("nan"))


@pytest.mark.parametrize(
    ("header", "made"),
    [
        (X_RAY, TRACE),
        (X_RAY.replace("Sampled=1", "Sampled=0"), TRACE[:-1] + "0"),
        ("Root=1-5759e988-bd862e3fe1be46a994272793", "00-5759e988bd862e3fe1be46a994272793-e1be46a994272793-00"),
        ("", None),
        ("Self=1", None),
    ],
)
def test_the_trace_of_a_request(monkeypatch: pytest.MonkeyPatch, header: str, made: str | None) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", header)
    assert tracing.begun() == made


def test_a_trace_goes_from_trigger_to_effect(fake: FakeAws) -> None:
    from cncb_compiler.runtime.publish import publish
    from cncb_compiler.runtime.steps import for_types

    effect = Emission("b", stream="MAIN_STREAM", fields=lambda one: {}, step="then")
    given = batch(event("a", id="0", tags={"traceparent": TRACE}), event("a", id="1", tags={"traceparent": "nonsense"}))
    run(given, None, from_stream, (for_types({"a": effect}), publish))
    assert [one["tags"].get("traceparent") for one in fake.events] == [TRACE, None]


def test_a_trace_goes_through_rows(fake: FakeAws, monkeypatch: pytest.MonkeyPatch) -> None:
    from cncb_compiler.runtime.reaction import put
    from cncb_compiler.runtime.rows import decode
    from cncb_compiler.runtime.table import Table
    from cncb_compiler.runtime.table_records import from_table
    from cncb_compiler.runtime.unit import UnitOfWork

    rows = fake.table("orders", "id")
    monkeypatch.setenv("ORDERS_TABLE", "orders")
    table = Table("ORDERS_TABLE", key=("id",))
    run(
        batch(event("a", id="0", tags={"traceparent": TRACE})),
        None,
        from_stream,
        (each(put(table, lambda one: {"id": "1"})),),
    )
    monkeypatch.setenv("_X_AMZN_TRACE_ID", X_RAY)
    table.put({"id": "2"})
    for image in rows.values():
        assert decode(image)["asOf:traceparent"] == TRACE
        keys = {"id": image["id"]}
        record = {"eventID": "1", "eventName": "INSERT", "dynamodb": {"Keys": keys, "NewImage": image}}
        (unit,) = from_table(UnitOfWork(record, 0))
        assert unit.cause.traceparent == TRACE
