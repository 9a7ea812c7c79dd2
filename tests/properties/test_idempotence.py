"""Whatever order events come in, and however often: the same rows, as far as the declared idempotence promises.

The rows are written by the runtime itself, with its real condition expressions, into a double of DynamoDB that evaluates
them. A function may die after any of its requests, and its batch comes again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cncb_compiler.runtime import aws, processed, reaction, stream
from cncb_compiler.runtime.pipeline import run
from cncb_compiler.runtime.processed import Processed
from cncb_compiler.runtime.projection import project, remove
from cncb_compiler.runtime.rows import decode, is_gone, public
from cncb_compiler.runtime.steps import for_types, only, to
from cncb_compiler.runtime.stream_records import from_stream
from cncb_compiler.runtime.table import Table
from cncb_compiler.runtime.table_records import from_table, unlatched
from cncb_compiler.runtime.unit import Step, each
from cncb_compiler.runtime.view import View
from tests.unit.runtime_fakes import FakeAws, event, stream_record

Record = dict[str, Any]
VIEW = View("ROWS", ("id",), locks={"asOf": ("name",)})
NUMBERED = View("ROWS", ("id",), locks={"asOf:sequence": ("name",)})
ROWS = Table("ROWS", ("id",))


class Killed(BaseException):
    """The function dies."""


class Aws(FakeAws):
    """Dies after so many requests, if told to."""

    left: int | None = None

    def _call(self, operation: str) -> None:
        super()._call(operation)
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.left = None
                raise Killed


@contextmanager
def world(**variables: str) -> Iterator[Aws]:
    with pytest.MonkeyPatch.context() as patch:
        fake = Aws()
        patch.setattr(aws, "client", fake.client)
        patch.setattr(stream, "pause", lambda seconds: None, raising=False)
        defaults = {"ROWS": "rows", "MAIN": "main", "SYSTEM": "s", "SERVICE": "a", "FUNCTION": "f", "PROCESSED": "done"}
        for name, value in {**defaults, **variables}.items():
            patch.setenv(name, value)
        fake.table("rows", "id")
        fake.table("done", "id")
        yield fake


def key(one: Any) -> dict[str, Any]:
    return {"id": one["row"]}


def fields(one: Any) -> dict[str, Any]:
    return {"id": one["row"], "name": one["id"]}


def steps_of(idempotence: str) -> dict[str, tuple[Step, ...]]:
    """What writes rows: a view, and reactions."""
    numbered = idempotence == "sequence"
    view = NUMBERED if numbered else VIEW
    projections = {
        "set": project(key, fields, lock="asOf:sequence" if numbered else "asOf", sequence=numbered),
        "gone": remove(key, sequence=numbered),
    }
    writes = {
        "set": reaction.put(ROWS, fields, idempotence=idempotence),
        "gone": reaction.delete(ROWS, key, idempotence=idempotence),
    }
    return {"view": (for_types(projections), each(view.apply)), "reaction": (for_types(writes),)}


@st.composite
def histories(draw: st.DrawFn) -> list[Record]:
    """Events of two rows in the order in which they happened; each has a time and a number of its own."""
    made = []
    for at in range(draw(st.integers(1, 7))):
        kind = draw(st.sampled_from(["set", "set", "gone"]))
        made.append(stream_record(event(kind, 1000 + at, id=f"e{at}", row=draw(st.sampled_from("xy"))), 10**40 + at))
    return made


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[Record], list[list[Record]], list[int]]:
    """A history, the batches in which it comes (any order, any repetition), and after which request each dies."""
    history = draw(histories())
    order = draw(st.permutations(history * draw(st.integers(1, 2))))
    batches, at = [], 0
    while at < len(order):
        size = draw(st.integers(1, 4))
        batches.append(list(order[at : at + size]))
        at += size
    return history, batches, [draw(st.integers(0, 6)) for _ in batches]


def deliver(fake: Aws, steps: tuple[Step, ...], records: list[Record], dies_after: int | None = None) -> None:
    """Call the function with a batch, again and again, until all of it is worked on."""
    fake.left = dies_after
    left = records
    while left:
        try:
            answer = run({"Records": left}, None, from_stream, steps, faults_to="MAIN")
        except Killed:
            continue
        failed = [one["itemIdentifier"] for one in answer["batchItemFailures"]]
        numbers = [record["kinesis"]["sequenceNumber"] for record in left]
        left = left[numbers.index(failed[0]) :] if failed else []
    fake.left = None


def rows(fake: Aws) -> list[dict[str, Any]]:
    found = [decode(row) for row in fake.tables["rows"].values()]
    return sorted((public(row) for row in found if not is_gone(row)), key=str)


@pytest.mark.parametrize("sink", ["view", "reaction"])
@pytest.mark.parametrize("idempotence", ["oplock", "sequence"])
@given(deliveries())
@settings(max_examples=30, deadline=None)
def test_any_order_and_repetition_gives_the_same_rows(
    idempotence: str, sink: str, delivered: tuple[list[Record], list[list[Record]], list[int]]
) -> None:
    history, batches, deaths = delivered
    steps = steps_of(idempotence)[sink]
    with world() as fake:
        deliver(fake, steps, history)
        once = rows(fake)
    with world() as fake:
        for batch, dies_after in zip(batches, deaths, strict=True):
            deliver(fake, steps, batch, dies_after)
        assert rows(fake) == once
        assert fake.events == [], "nothing of this is a fault"


@given(deliveries())
@settings(max_examples=30, deadline=None)
def test_each_event_is_handled_once(delivered: tuple[list[Record], list[list[Record]], list[int]]) -> None:
    """A hook that dies in its midst is called again; one that has come to its end is not."""
    history, batches, deaths = delivered
    table = Processed("PROCESSED", lease=30, keep=1000)
    with world() as fake:
        done: list[str] = []
        steps = (only("set", "gone"), table.claim, each(to(lambda one: done.append(one["id"]))), table.done)
        for batch in batches:
            deliver(fake, steps, batch)
        assert sorted(done) == sorted({f"e{at}" for at in range(len(history))})
    with world() as fake, pytest.MonkeyPatch.context() as patch:
        patch.setattr(processed, "now", iter(range(0, 10**9, 10**5)).__next__)
        done.clear()
        for batch, dies_after in zip(batches, deaths, strict=True):
            deliver(fake, steps, batch, dies_after)
        assert set(done) == {f"e{at}" for at in range(len(history))}, "a crash loses nothing"


class Side:
    """One of two services that author the same rows: its table, its change capture, its reactions."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.fake = Aws()
        self.fake.table("rows", "id")
        self.table = Table("ROWS", ("id",), latch=True)
        self.published = 0

    @contextmanager
    def at_work(self, clock: int) -> Iterator[Aws]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(aws, "client", self.fake.client)
            patch.setattr("cncb_compiler.runtime.table.now", lambda: clock)
            for name, value in {"ROWS": "rows", "MAIN": "main", "SYSTEM": "s", "SERVICE": self.name}.items():
                patch.setenv(name, value)
            yield self.fake

    def write(self, clock: int, kind: str, name: str) -> list[Record]:
        """Save or delete the row; what is published of it."""
        with self.at_work(clock) as fake:
            old = fake.tables["rows"].get("[{'S': 'x'}]")
            self.table.put({"id": "x", "name": name}) if kind == "set" else self.table.delete({"id": "x"})
            return self._captured(old, fake.tables["rows"].get("[{'S': 'x'}]"), clock)

    def hear(self, clock: int, heard: Record) -> list[Record]:
        """React to an event of the other side; what is published of that, which must be nothing."""
        work = {
            "set": reaction.put(self.table, lambda one: {"id": "x", "name": one["name"]}),
            "gone": reaction.delete(self.table, lambda one: {"id": "x"}),
        }
        with self.at_work(clock) as fake:
            old = fake.tables["rows"].get("[{'S': 'x'}]")
            assert run({"Records": [heard]}, None, from_stream, (for_types(work),)) == {"batchItemFailures": []}
            return self._captured(old, fake.tables["rows"].get("[{'S': 'x'}]"), clock)

    def _captured(self, old: Any, new: Any, clock: int) -> list[Record]:
        images = {name: image for name, image in (("OldImage", old), ("NewImage", new)) if image is not None}
        if old == new or not images:
            return []
        operation = "MODIFY" if len(images) == 2 else "INSERT"
        self.published += 1
        change = {
            "Keys": {"id": {"S": "x"}},
            "SequenceNumber": "1",
            "ApproximateCreationDateTime": clock / 1000,
            **images,
        }
        record = {"eventID": f"{self.name}{self.published}", "eventName": operation, "dynamodb": change}
        seen: list[Any] = []
        run({"Records": [record]}, None, from_table, (unlatched, each(to(seen.append))))
        return [
            stream_record(
                event(
                    "gone" if one["operation"] == "REMOVE" else "set",
                    one["timestamp"],
                    id=one["id"],
                    name=one.get("new", {}).get("name"),
                    tags={"service": self.name},
                ),
                self.published,
            )
            for one in seen
        ]

    def row(self) -> dict[str, Any] | None:
        with self.at_work(0):
            return self.table.get({"id": "x"})


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_both_sides_of_a_synchronization_end_with_the_same_row(data: st.DataObject) -> None:
    """Both write and delete, their clocks differ, events come late, twice and in any order: they agree in the end."""
    first, second = Side("first"), Side("second")
    skew = {first: 0, second: data.draw(st.integers(-3, 3), label="skew")}
    on_the_way: list[tuple[Side, Record]] = []
    for step in range(data.draw(st.integers(1, 6), label="writes")):
        side = data.draw(st.sampled_from([first, second]), label="who")
        other = second if side is first else first
        clock = 1000 + data.draw(st.integers(0, 4), label="clock") + skew[side]
        kind = data.draw(st.sampled_from(["set", "set", "gone"]), label="what")
        on_the_way += [(other, record) for record in side.write(clock, kind, f"{side.name} {step}")]
        if on_the_way and data.draw(st.booleans(), label="heard already"):
            to_side, record = data.draw(st.sampled_from(on_the_way), label="which")
            assert to_side.hear(2000, record) == [], "what was taken over is not published again"
    for to_side, record in data.draw(st.permutations(on_the_way * 2), label="the rest"):
        assert to_side.hear(2000, record) == []
    assert first.row() == second.row()
