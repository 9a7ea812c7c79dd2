"""What operators may not change: the result, the order of a key, the rate."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from runtime_fakes import FakeAws, event, refuse, stream_record

from cncb_compiler.runtime import aws, bulk
from cncb_compiler.runtime.batch import batch
from cncb_compiler.runtime.compact import compact
from cncb_compiler.runtime.group import group_last
from cncb_compiler.runtime.parallel import parallel
from cncb_compiler.runtime.parallel_requests import several
from cncb_compiler.runtime.pipeline import run
from cncb_compiler.runtime.projection import part, project, remove
from cncb_compiler.runtime.rate import SECOND, Rate
from cncb_compiler.runtime.steps import for_types
from cncb_compiler.runtime.stream_records import from_stream
from cncb_compiler.runtime.table_batch import TableBatch
from cncb_compiler.runtime.unit import Step, UnitOfWork, each
from cncb_compiler.runtime.view import View

LOCKS = {"asOf:saved": ("name",), "asOf:counted": ("n",)}


def key(one: dict[str, Any]) -> dict[str, Any]:
    return {"id": one["row"]}


PROJECTIONS = {
    "saved": project(key, lambda one: {"name": one["text"]}, lock="asOf:saved"),
    "counted": project(key, lambda one: {"n": 10 // one["n"]}, lock="asOf:counted"),
    "gone": remove(key),
}
VIEW = View("VIEW", ("id",), locks=LOCKS)
PLAIN = View("VIEW", ("id",), locked=False)

events = st.lists(
    st.tuples(
        st.sampled_from(["saved", "counted", "gone"]), st.integers(1, 6), st.sampled_from("xyz"), st.integers(0, 3)
    ),
    max_size=12,
)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "pause", lambda seconds: None)
    monkeypatch.setenv("CALL_ATTEMPTS", "2")
    for name, value in {"MAIN": "main", "VIEW": "view", "SERVICE": "svc", "FUNCTION": "f"}.items():
        monkeypatch.setenv(name, value)


class LockedAws(FakeAws):
    """A fake that threads may share, and that writes batches."""

    def __init__(self) -> None:
        super().__init__()
        self.lock = threading.RLock()
        self.unprocessed: Iterator[bool] = iter(())
        self.refused = False

    def update_item(self, **request: Any) -> dict[str, Any]:  # type: ignore[override]  # the same, one at a time
        with self.lock:
            return super().update_item(**request)

    def put_records(self, **request: Any) -> dict[str, Any]:  # type: ignore[override]  # the same, one at a time
        with self.lock:
            return super().put_records(**request)

    def batch_write_item(self, RequestItems: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:  # noqa: N803
        with self.lock:
            ((table, entries),) = RequestItems.items()
            self._call("batch_write_item")
            keys = [str(entry["PutRequest"]["Item"]["id"]) for entry in entries]
            self.refused = self.refused or len(entries) > 25 or len(set(keys)) < len(keys)
            left = [entry for entry in entries if next(self.unprocessed, False)]
            for entry in entries:
                if entry not in left:
                    item = entry["PutRequest"]["Item"]
                    self.tables[table][str([item["id"]])] = item
            return {"UnprocessedItems": {table: left}} if left else {}


def made(history: list[tuple[str, int, str, int]]) -> list[dict[str, Any]]:
    return [
        event(kind, at, id=f"{number}", row=row, n=n, text=f"{kind}{number}", partitionKey=row)
        for number, (kind, at, row, n) in enumerate(history)
    ]


def result(pipeline: tuple[Step, ...], given: list[dict[str, Any]], unprocessed: list[bool]) -> tuple[Any, Any]:
    """The rows, without the marks of the runtime, and which records are faults; tried again until nothing fails."""
    fake = LockedAws()
    fake.table("view", "id")
    fake.unprocessed = iter(unprocessed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(aws, "client", fake.client)
        records = [stream_record(one, number) for number, one in enumerate(given)]
        for _ in range(20):
            answer = run({"Records": records}, None, from_stream, pipeline, faults_to="MAIN")["batchItemFailures"]
            if not answer:
                break
            records = [
                one for one in records if int(one["kinesis"]["sequenceNumber"]) >= int(answer[0]["itemIdentifier"])
            ]
        assert not answer
        assert not fake.refused, "DynamoDB refuses two writes of one row, and more than 25"
    rows = {
        at: {name: value for name, value in row.items() if name in ("id", "name", "n", "deletedAt")}
        for at, row in fake.tables["view"].items()
    }
    # A row that is gone is one that is not there.
    rows = {at: row for at, row in rows.items() if "deletedAt" not in row}
    return rows, sorted({one["tags"]["trigger"] for one in fake.events})


@settings(max_examples=60, deadline=None)
@given(events, st.booleans(), st.booleans())
def test_a_locked_view_is_the_same_with_any_operators(
    history: list[tuple[str, int, str, int]], grouped: bool, at_a_time: bool
) -> None:
    given_events = made(history)
    sink = parallel(3, VIEW.apply, row=VIEW.row) if at_a_time else each(VIEW.apply)
    sink = group_last(VIEW.row, sink, part=part) if grouped else sink
    expected = result((for_types(PROJECTIONS), each(VIEW.apply)), given_events, [])
    rows, faults = result((for_types(PROJECTIONS), sink), given_events, [])
    assert (rows, faults) == expected


@settings(max_examples=60, deadline=None)
@given(events, st.booleans(), st.integers(1, 4), st.integers(1, 3), st.lists(st.booleans(), max_size=4))
def test_an_unlocked_view_is_the_same_with_any_operators(
    history: list[tuple[str, int, str, int]], grouped: bool, most: int, at_a_time: int, unprocessed: list[bool]
) -> None:
    given_events = made([one for one in history if one[0] != "counted"])
    sink = batch(
        TableBatch("VIEW", PLAIN.whole), most=most, runner=several(at_a_time) if at_a_time > 1 else bulk.one_by_one
    )
    sink = group_last(PLAIN.row, sink, part=part, by_time=False) if grouped else sink
    expected = result((for_types(PROJECTIONS), each(PLAIN.apply)), given_events, [])
    assert result((for_types(PROJECTIONS), sink), given_events, unprocessed) == expected


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.just("saved"), st.integers(1, 6), st.sampled_from("xyz"), st.just(1)), max_size=12))
def test_compaction_by_the_row_changes_no_row(history: list[tuple[str, int, str, int]]) -> None:
    plain = (for_types(PROJECTIONS), each(VIEW.apply))
    step = compact({"saved": lambda one: one["row"]})
    assert result((step, *plain), made(history), []) == result(plain, made(history), [])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from("abcd"), max_size=30), st.integers(1, 6))
def test_in_parallel_each_key_keeps_its_order(keys: list[str], most: int) -> None:
    done: list[tuple[str, int]] = []
    running: list[str] = []
    bound = threading.Semaphore(most)

    def work(unit: UnitOfWork) -> tuple[UnitOfWork]:
        assert bound.acquire(blocking=False), "more at a time than declared"
        at = unit.cause.partition_key
        assert at not in running, "two of one key at a time"
        running.append(at)
        done.append((at, unit.position))
        running.remove(at)
        bound.release()
        return (unit,)

    given_events = [event("a", id=str(number), partitionKey=at) for number, at in enumerate(keys)]
    records = [stream_record(one, number) for number, one in enumerate(given_events)]
    assert run({"Records": records}, None, from_stream, (parallel(most, work),)) == {"batchItemFailures": []}
    assert len(done) == len(keys)
    for at in set(keys):
        mine = [position for other, position in done if other == at]
        assert mine == sorted(mine)


class Clock:
    """Nanoseconds that pass when somebody sleeps, or works."""

    now = 0

    def sleep(self, seconds: float) -> None:
        # Never less than asked, and sometimes a clock is coarse.
        self.now += max(1, int(seconds * SECOND))


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(st.integers(1, 12).map(float), st.floats(0.05, 12)),
    st.lists(st.tuples(st.integers(0, 700), st.integers(1, 12)), max_size=60),
)
def test_no_window_ever_has_more_than_the_rate(per_second: float, asked: list[tuple[int, int]]) -> None:
    """Any second from any moment, batches by their entries; below one a second, any window of one unit."""
    clock = Clock()
    begun: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "monotonic_ns", lambda: clock.now)
        patch.setattr(time, "sleep", clock.sleep)
        rate = Rate(per_second)
        for pause, units in asked:
            clock.now += pause * 1_000_000
            taken = min(units, rate.most)
            rate.wait(taken)
            begun += [clock.now] * taken
    window = SECOND if per_second >= 1 else int(SECOND / per_second)
    allowed = int(per_second) if per_second >= 1 else 1
    for first, beyond in zip(begun, itertools.islice(begun, allowed, None), strict=False):
        assert beyond - first >= window


def test_a_rate_is_not_slower_than_it_must_be() -> None:
    clock = Clock()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "monotonic_ns", lambda: clock.now)
        patch.setattr(time, "sleep", clock.sleep)
        rate = Rate(5)
        for _ in range(50):
            rate.wait()
    assert clock.now == 9 * SECOND


def test_a_failing_sink_stops_what_stands_behind_it() -> None:
    seen: list[int] = []

    def work(unit: UnitOfWork) -> tuple[UnitOfWork]:
        seen.append(unit.position)
        raise refuse("ThrottlingException")

    records = [stream_record(event("a", id=str(n), partitionKey="k"), n) for n in range(50)]
    for sink in (each(work), parallel(3, work), group_last(lambda unit: unit.position, each(work))):
        seen.clear()
        answer = run({"Records": records}, None, from_stream, (sink,), faults_to="MAIN")
        assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}
        assert seen == [0]


BOOKS_BATCHES = (1000, 1000, 650, 1000, 850)
"""The invocations of the book's simulation of 4,500 events (recipe "Grouping events in streams")."""


def requests_of(sink: Step, row: str) -> int:
    """The requests for the purple ones of the book's 4,500 events: of 4 types and 10 keys, 5 in each of 2 shards."""
    fake = LockedAws()
    fake.table("view", "id")
    project_to = project(lambda one: {"id": one[row]}, lambda one: {"name": one["text"]}, lock="asOf")
    pipeline = (for_types({"purple": project_to}), sink)
    colours = itertools.cycle(("blue", "green", "orange", "purple"))
    numbers = itertools.count()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(aws, "client", fake.client)
        for at, size in enumerate(BOOKS_BATCHES):
            records = []
            for _ in range(size):
                number = next(numbers)
                key_of_shard = f"key-{5 * (at % 2) + number // 4 % 5}"
                made_event = event(next(colours), 1000 + number, id=str(number), text="x", partitionKey=key_of_shard)
                records.append(stream_record(made_event, number))
            answer = run({"Records": records}, None, from_stream, pipeline, faults_to="MAIN")
            assert answer == {"batchItemFailures": []}
    assert not fake.refused
    return len(fake.calls)


def test_the_books_simulation_takes_a_tenth_of_the_requests_by_batching_and_one_per_key_and_batch_by_grouping() -> None:
    ten_a_request = batch(TableBatch("VIEW", PLAIN.whole), most=10)
    assert requests_of(each(PLAIN.apply), "id") == 1125
    assert requests_of(ten_a_request, "id") == 25 + 25 + 17 + 25 + 22
    # The book: 4,500 events, 25 writes.
    assert requests_of(group_last(PLAIN.row, each(PLAIN.apply), by_time=False), "partitionKey") == 25
    assert requests_of(group_last(PLAIN.row, ten_a_request, by_time=False), "partitionKey") == len(BOOKS_BATCHES)
