"""Batches through pipelines: what is handled, faulted, tried again."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message
from types import SimpleNamespace
from typing import Any
from urllib.error import HTTPError, URLError

import pytest
from runtime_fakes import FakeAws, event, refuse, stream_record

from cncb_compiler.runtime import aws, bulk, stream
from cncb_compiler.runtime.emission import Emission
from cncb_compiler.runtime.errors import TransientError
from cncb_compiler.runtime.pipeline import run
from cncb_compiler.runtime.publish import distinct, publish, publish_now
from cncb_compiler.runtime.steps import for_types, foreign, only, to, when
from cncb_compiler.runtime.stream_records import from_stream
from cncb_compiler.runtime.unit import UnitOfWork, each

FINE: dict[str, list[Any]] = {"batchItemFailures": []}


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeAws:
    made = FakeAws()
    monkeypatch.setattr(aws, "client", made.client)
    monkeypatch.setattr(bulk, "pause", lambda seconds: None)
    for name, value in {"MAIN": "main", "SYSTEM": "shop", "SERVICE": "svc", "FUNCTION": "f", "STAGE": "dev"}.items():
        monkeypatch.setenv(name, value)
    return made


def batch(*events: Any) -> dict[str, Any]:
    return {"Records": [stream_record(one, index) for index, one in enumerate(events)]}


def failed(sequence: int) -> dict[str, list[dict[str, str]]]:
    return {"batchItemFailures": [{"itemIdentifier": str(sequence)}]}


def raising(errors: dict[str, Exception], seen: list[str]) -> Any:
    def work(event: dict[str, Any]) -> None:
        seen.append(event["id"])
        if event["id"] in errors:
            raise errors[event["id"]]

    return each(to(work))


def test_other_types_never_reach_the_logic(fake: FakeAws) -> None:
    seen: list[str] = []
    given = batch(event("a", id="1"), event("b", id="2"), event("a", id="3"))
    assert run(given, None, from_stream, (only("a"), raising({}, seen)), faults_to="MAIN") == FINE
    assert seen == ["1", "3"]


def test_an_error_is_a_fault_and_the_rest_flows(fake: FakeAws) -> None:
    seen: list[str] = []
    given = batch(event("a", id="1"), event("a", id="2"), b"no json", {"no": "type"}, event("a", id="3"))
    pipeline = (only("a"), raising({"2": KeyError("sku")}, seen))
    assert run(given, None, from_stream, pipeline, faults_to="MAIN") == FINE
    assert seen == ["1", "2", "3"]
    assert [one["type"] for one in fake.events] == ["fault"] * 3
    fault = fake.events[0]
    assert fault["error"] == {"name": "KeyError", "message": "'sku'"}
    assert fault["unit"]["record"] == given["Records"][1]
    assert fault["tags"]["trigger"] == "2"
    assert fault["tags"]["function"] == "f"
    assert fake.events[1]["error"]["name"] == "PoisonError"


def test_a_batch_that_is_tried_again_faults_under_the_same_ids(fake: FakeAws) -> None:
    for _ in range(2):
        run(batch(event("a", id="1"), b"poison"), None, from_stream, (only("b"),), faults_to="MAIN")
    first, second = fake.events
    assert first["id"] == second["id"]


def test_an_event_without_a_whole_envelope_is_poison_only_to_who_wants_it(fake: FakeAws) -> None:
    given = batch({"type": "a", "id": "1"}, {"type": "b"}, {"type": "a", "id": "1", "timestamp": True})
    assert run(given, None, from_stream, (only("a"),), faults_to="MAIN") == FINE
    assert [one["error"]["name"] for one in fake.events] == ["PoisonError"] * 2


@pytest.mark.parametrize(
    "error",
    [
        TransientError("later"),
        TimeoutError(),
        ConnectionResetError(),
        refuse("ThrottlingException"),
        URLError("no route to host"),
        HTTPError("https://x", 503, "Service Unavailable", Message(), None),
        HTTPError("https://x", 429, "Too Many Requests", Message(), None),
    ],
)
def test_what_another_attempt_may_mend_ends_the_pull(fake: FakeAws, error: Exception) -> None:
    seen: list[str] = []
    given = batch(*(event("a", id=str(number)) for number in range(4)))
    pipeline = (only("a"), raising({"0": ValueError(), "1": error}, seen))
    assert run(given, None, from_stream, pipeline, faults_to="MAIN") == failed(1)
    assert seen == ["0", "1"]
    assert [one["tags"]["trigger"] for one in fake.events] == ["0"]


@pytest.mark.parametrize(
    "error", [refuse("ValidationException"), HTTPError("https://x", 404, "Not Found", Message(), None)]
)
def test_what_will_never_be_accepted_is_a_fault(fake: FakeAws, error: Exception) -> None:
    given = batch(event("a", id="0"))
    answer = run(given, None, from_stream, (only("a"), raising({"0": error}, [])), faults_to="MAIN")
    assert answer == FINE
    assert fake.events[0]["error"]["name"] == type(error).__name__


def test_a_fault_that_cannot_be_published_fails_its_record(fake: FakeAws) -> None:
    fake.fail["put_records"] = [refuse("InternalFailure")]
    given = batch(event("a", id="0"), event("a", id="1"))
    pipeline = (only("a"), raising({"1": ValueError()}, []))
    assert run(given, None, from_stream, pipeline, faults_to="MAIN") == failed(1)


def test_without_a_stream_for_faults_every_error_fails_its_record(fake: FakeAws) -> None:
    given = batch(event("a", id="0"), event("a", id="1"))
    assert run(given, None, from_stream, (only("a"), raising({"1": ValueError()}, []))) == failed(1)


def emission(event_type: str, **more: Any) -> Emission:
    return Emission(event_type, stream="MAIN", fields=lambda one: {"from": one["id"]}, step=event_type, **more)


def test_an_event_causes_others_the_same_at_each_retry(fake: FakeAws) -> None:
    steps = for_types({"a": (emission("x"), emission("y", when=lambda one: one["id"] == "1")), "b": emission("z")})
    given = batch(event("a", 1000, id="1"), event("b", 2000, id="2"), event("a", 3000, id="3"), event("c"))
    assert run(given, None, from_stream, (steps, publish), faults_to="MAIN") == FINE
    first = fake.events
    assert sorted((one["type"], one["from"]) for one in first) == [("x", "1"), ("x", "3"), ("y", "1"), ("z", "2")]
    assert len({one["id"] for one in first}) == 4
    assert {one["timestamp"] for one in first if one["from"] == "1"} == {1001}
    assert first[0]["partitionKey"] == "p"
    assert first[0]["tags"] == {
        "system": "shop", "service": "svc", "function": "f", "stage": "dev", "region": "", "trigger": "1",
    }  # fmt: skip
    fake.sent.clear()
    run(given, None, from_stream, (steps, publish), faults_to="MAIN")
    assert fake.events == first


def test_one_emission_that_fails_does_not_stop_the_next(fake: FakeAws) -> None:
    broken = Emission("x", stream="MAIN", fields=lambda one: one["missing"], step="x")
    keyless = emission("y", partition_key=lambda one: None)
    steps = (for_types({"a": (broken, keyless, emission("z"))}), publish)
    assert run(batch(event("a", id="1")), None, from_stream, steps, faults_to="MAIN") == FINE
    assert [one["type"] for one in fake.events] == ["z", "fault"]


def test_a_repeated_event_is_published_once_in_a_batch(fake: FakeAws) -> None:
    given = batch(event("a", id="1"), event("a", id="1"))
    run(given, None, from_stream, (for_types({"a": emission("x")}), distinct, publish), faults_to="MAIN")
    assert len(fake.events) == 1


def test_order_per_key_is_kept_and_only_what_failed_is_sent_again(fake: FakeAws) -> None:
    events = [stream.outgoing("MAIN", {"type": "a", "partitionKey": key, "n": n}) for n, key in enumerate("kjkk")]
    fake.entry_errors = [{0}]
    assert stream.put(events) == [None] * 4
    assert [[one["PartitionKey"] for one in request] for request in fake.sent] == [["j"], ["k"], ["k"], ["k"]]
    assert [one["n"] for one in fake.events if one["partitionKey"] == "k"] == [0, 2, 3]


def test_behind_an_event_that_cannot_be_put_its_key_waits(fake: FakeAws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALL_ATTEMPTS", "2")
    fake.entry_errors = [{0}, {0}]
    events = [stream.outgoing("MAIN", {"type": "a", "partitionKey": key, "n": n}) for n, key in enumerate("kjk")]
    errors = stream.put(events)
    assert [type(error).__name__ for error in errors] == ["TransientError", "NoneType", "TransientError"]
    assert [one["n"] for one in fake.events] == [1]


def test_what_a_stream_cannot_hold_is_refused_before_it_is_sent() -> None:
    with pytest.raises(ValueError, match="bytes"):
        stream.outgoing("MAIN", {"type": "a", "partitionKey": "k", "text": "x" * 1024 * 1024})
    for key in ("", "k" * 257):
        with pytest.raises(ValueError, match="partition key"):
            stream.outgoing("MAIN", {"type": "a", "partitionKey": key})


def test_large_events_are_spread_over_requests(fake: FakeAws) -> None:
    text = "x" * 900_000
    events = [stream.outgoing("MAIN", {"type": "a", "partitionKey": str(n), "text": text}) for n in range(7)]
    assert stream.put(events) == [None] * 7
    assert [len(request) for request in fake.sent] == [5, 2]


def test_a_command_publishes_now(fake: FakeAws) -> None:
    answer = publish_now(Emission("x", stream="MAIN", fields=lambda c: {"n": c["input"]}), {"input": 1})
    assert answer == {"id": fake.events[0]["id"]}
    assert fake.events[0]["partitionKey"] == fake.events[0]["id"]
    assert "trigger" not in fake.events[0]["tags"]
    fake.fail["put_records"] = [refuse("ThrottlingException")]
    with pytest.raises(Exception, match="Throttling"):
        publish_now(Emission("x", stream="MAIN", fields=lambda c: {}), {})


def test_guards_and_own_events(fake: FakeAws) -> None:
    seen: list[str] = []
    own = event("a", id="2", tags={"system": "shop", "service": "svc"})
    other = event("a", id="3", tags={"system": "shop", "service": "other"})
    given = batch(event("a", id="1", ok=False), own, other)
    run(given, None, from_stream, (only("a"), foreign, when(lambda one: one.get("ok", True)), raising({}, seen)))
    assert seen == ["3"]


def test_steps_are_pulled_one_unit_at_a_time(fake: FakeAws) -> None:
    order: list[str] = []

    def noted(name: str) -> Any:
        def work(unit: UnitOfWork) -> Iterator[UnitOfWork]:
            order.append(f"{name}{unit.event['id']}")
            yield unit

        return each(work)

    run(batch(event("a", id="1"), event("a", id="2")), None, from_stream, (noted("x"), each(to(str)), noted("y")))
    assert order == ["x1", "y1", "x2", "y2"]


def test_a_fault_behind_a_failed_record_waits_for_the_next_attempt(fake: FakeAws) -> None:
    def fields(one: dict[str, Any]) -> dict[str, Any]:
        return {"sku": one["sku"]}

    made = Emission("x", stream="MAIN", fields=fields, step="x")
    given = batch(event("a", id="0"), event("a", id="1", sku="s"), event("a", id="2"))
    fake.fail["put_records"] = [refuse("InternalFailure")]
    assert run(given, None, from_stream, (for_types({"a": made}), publish), faults_to="MAIN") == failed(1)
    assert [one["tags"]["trigger"] for one in fake.events] == ["0"]


def test_whoever_asks_is_told_the_faults(fake: FakeAws) -> None:
    asking = SimpleNamespace(client_context=SimpleNamespace(custom={"cncb": "report"}))
    given = batch(event("a", id="1"), event("a", id="2"))
    pipeline = (only("a"), raising({"2": KeyError("sku")}, []))
    answer = run(given, asking, from_stream, pipeline, faults_to="MAIN")
    assert answer == {**FINE, "faults": [fake.events[0]["id"]]}
    assert run(batch(), asking, from_stream, pipeline, faults_to="MAIN") == {**FINE, "faults": []}
