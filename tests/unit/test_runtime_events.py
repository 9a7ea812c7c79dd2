"""Micro event stores: what is collected, what is computed of it, what is joined."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from runtime_fakes import FakeAws, event, stream_record

from cncb_compiler.runtime import aws
from cncb_compiler.runtime.emission import Emission
from cncb_compiler.runtime.evaluation import evaluate, joined, stored
from cncb_compiler.runtime.micro_event_store import MicroEventStore, collected
from cncb_compiler.runtime.objects import Bucket
from cncb_compiler.runtime.pipeline import run
from cncb_compiler.runtime.publish import distinct, publish
from cncb_compiler.runtime.steps import for_types, to
from cncb_compiler.runtime.stream_records import from_stream
from cncb_compiler.runtime.table import Table
from cncb_compiler.runtime.table_records import from_table
from cncb_compiler.runtime.unit import each
from cncb_compiler.runtime.view import View

FINE: dict[str, list[Any]] = {"batchItemFailures": []}
STORE = MicroEventStore("EVENTS")


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeAws:
    made = FakeAws()
    made.table("events", "correlation", "sequence")
    made.table("view", "user", "month")
    monkeypatch.setattr(aws, "client", made.client)
    monkeypatch.setattr("cncb_compiler.runtime.micro_event_store.now", lambda: 100_000)
    for name, value in {"EVENTS": "events", "VIEW": "view", "MAIN": "main", "SERVICE": "svc"}.items():
        monkeypatch.setenv(name, value)
    return made


def collect(store: MicroEventStore, *events: dict[str, Any]) -> Any:
    batch = {"Records": [stream_record(one, index) for index, one in enumerate(events)]}
    correlate = to(lambda one: one["user"])
    return run(
        batch, None, from_stream, (for_types({"a": correlate, "b": correlate}), each(store.collect)), faults_to="MAIN"
    )


def inserted(fake: FakeAws) -> dict[str, Any]:
    rows = fake.tables["events"].values()
    return {
        "Records": [
            {
                "eventID": f"e{index}",
                "eventName": "INSERT",
                "dynamodb": {"Keys": {}, "SequenceNumber": str(index), "NewImage": row},
            }
            for index, row in enumerate(rows)
        ]
    }


def test_a_duplicate_is_the_same_row_and_events_sort_by_time(fake: FakeAws) -> None:
    late, early = event("a", 90_000, user="u", n=1.5), event("b", 9_000, user="u")
    assert collect(STORE, late, early, late) == FINE
    assert len(fake.tables["events"]) == 2
    assert [one["timestamp"] for one in STORE.events("u")] == [9_000, 90_000]
    assert STORE.events("other") == []


def test_events_are_kept_for_their_time_and_not_collected_behind_it(fake: FakeAws) -> None:
    store = MicroEventStore("EVENTS", keep=50)
    assert collect(store, event("a", 90_000, user="u"), event("a", 49_000, user="u")) == FINE
    (row,) = fake.tables["events"].values()
    assert row["expires"] == {"N": "140"}


def test_an_event_without_a_correlation_is_a_fault(fake: FakeAws) -> None:
    assert collect(STORE, event("a", user=None), event("a", 2, user="u")) == FINE
    assert len(fake.tables["events"]) == 1
    assert "no correlation key" in fake.events[0]["error"]["message"]


def month(one: dict[str, Any]) -> dict[str, Any]:
    return {"user": one["user"], "month": one["month"]}


def row(events: list[dict[str, Any]]) -> dict[str, Any]:
    return {"count": len(events), "first": events[0]["timestamp"], "sum": sum(one.get("n", 0) for one in events)}


def test_a_row_is_computed_of_its_own_events_in_any_order(fake: FakeAws) -> None:
    events = [
        event("a", 1000, user="u", month="1", n=1),
        event("b", 2000, user="u", month="1", n=2),
        event("a", 3000, user="u", month="2", n=4),
    ]
    ends = []
    for order in itertools.permutations([*events, events[0]]):
        fake.tables["events"].clear()
        fake.tables["view"].clear()
        for one in order:
            collect(STORE, one)
            view = View("VIEW", ("user", "month"), keep=60, locked=False)
            steps = (
                each(collected),
                each(STORE.correlated),
                each(evaluate({"a": month, "b": month}, row)),
                each(view.apply),
            )
            assert run(inserted(fake), None, from_table, steps, faults_to="MAIN") == FINE
        ends.append(dict(fake.tables["view"]))
    assert all(end == ends[0] for end in ends)
    (first, _) = sorted(ends[0].values(), key=lambda one: one["month"]["S"])
    assert (first["count"], first["sum"], first["expires"]) == ({"N": "2"}, {"N": "3"}, {"N": "62"})


def test_that_events_expire_is_no_reason_to_compute(fake: FakeAws) -> None:
    collect(STORE, event("a", user="u", month="1"))
    batch = inserted(fake)
    record = batch["Records"][0]
    record["eventName"] = "REMOVE"
    record["dynamodb"]["OldImage"] = record["dynamodb"].pop("NewImage")
    steps = (
        each(collected),
        each(STORE.correlated),
        each(evaluate({"a": month}, row)),
        each(View("VIEW", ("user", "month"), locked=False).apply),
    )
    assert run(batch, None, from_table, steps, faults_to="MAIN") == FINE
    assert fake.tables["view"] == {}


def test_a_computed_row_may_be_an_object(fake: FakeAws) -> None:
    collect(STORE, event("a", user="u", month="1"))
    steps = (
        each(collected),
        each(STORE.correlated),
        each(evaluate({"a": month}, row)),
        each(stored(Bucket("VIEW", ("user", "month")))),
    )
    assert run(inserted(fake), None, from_table, steps, faults_to="MAIN") == FINE
    assert fake.objects["u/1"]["Body"] == b'{"count":1,"first":1000,"sum":0,"user":"u","month":"1"}'
    assert Table("VIEW", ("user", "month")).key == ("user", "month")


def test_a_join_goes_on_once_all_have_come_always_the_same(fake: FakeAws) -> None:
    def fields(all_: dict[str, Any]) -> dict[str, Any]:
        return {"of": [all_["a"]["id"], all_["b"]["id"]], "context": all_["context"]}

    emission = Emission("done", stream="MAIN", fields=fields, step="join")
    steps = (each(collected), each(STORE.correlated), joined("a", "b"), each(emission), distinct, publish)
    collect(STORE, event("a", 1000, user="u", id="a1", context={"x": 1}))
    assert run(inserted(fake), None, from_table, steps, faults_to="MAIN") == FINE
    assert fake.events == []
    collect(STORE, event("b", 500, user="u", id="b1", context={"y": 2}), event("b", 700, user="u", id="b2"))
    run(inserted(fake), None, from_table, steps, faults_to="MAIN")
    (first,) = fake.events
    assert first["of"] == ["a1", "b1"]
    assert first["context"] == {"x": 1, "y": 2}
    assert first["timestamp"] == 1001
    fake.sent.clear()
    for record in inserted(fake)["Records"]:
        run({"Records": [record]}, None, from_table, steps, faults_to="MAIN")
    assert {one["id"] for one in fake.events} == {first["id"]}


def test_an_event_that_was_published_with_two_timestamps_counts_once(fake: FakeAws) -> None:
    collect(STORE, event("a", 1000, user="u", id="same"), event("a", 2000, user="u", id="same"))
    assert len(fake.tables["events"]) == 2
    assert [one["timestamp"] for one in STORE.events("u")] == [1000]
