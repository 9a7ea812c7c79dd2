"""Views: whatever order and however often events come, the row ends the same."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from runtime_fakes import FakeAws

from cncb_compiler.runtime import aws
from cncb_compiler.runtime.object_view import ObjectView
from cncb_compiler.runtime.projection import Gone, Row
from cncb_compiler.runtime.table import Table
from cncb_compiler.runtime.view import View

KEY = {"id": "1"}
LOCKS = {"asOf:a": ("name", "price"), "asOf:b": ("stock",)}
ONE_LOCK = {"asOf": ("name", "price", "stock")}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("V", "v")


def fresh(patch: pytest.MonkeyPatch) -> FakeAws:
    fake = FakeAws()
    fake.table("v", "id")
    patch.setattr(aws, "client", fake.client)
    return fake


@st.composite
def histories(draw: st.DrawFn, locks: bool) -> list[Row | Gone]:
    history: list[Row | Gone] = []
    for timestamp in range(1, draw(st.integers(1, 7))):
        kind = draw(st.sampled_from("abd"))
        if kind == "d":
            history.append(Gone(KEY, timestamp, f"e{timestamp}"))
        elif not locks:
            history.append(
                Row(
                    KEY,
                    {"name": f"n{timestamp}", "price": None, "stock": timestamp},
                    timestamp,
                    trigger=f"e{timestamp}",
                )
            )
        elif kind == "a":
            history.append(
                Row(KEY, {"name": f"n{timestamp}", "price": timestamp}, timestamp, "asOf:a", f"e{timestamp}")
            )
        else:
            history.append(Row(KEY, {"stock": timestamp}, timestamp, "asOf:b", f"e{timestamp}"))
    return history


@st.composite
def disorders(draw: st.DrawFn, locks: bool) -> tuple[list[Row | Gone], list[Row | Gone]]:
    history = draw(histories(locks))
    repeated = draw(st.lists(st.sampled_from(history), max_size=5)) if history else []
    return history, draw(st.permutations([*history, *repeated]))


def visible(history: list[Row | Gone], view: View) -> tuple[object, object]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("V", "v")
        fake = fresh(patch)
        for one in history:
            view.remove(one) if isinstance(one, Gone) else view.set(one)
        row = Table("V", ("id",), view=True).get(KEY)
        return row, fake.tables["v"]


@settings(max_examples=150, deadline=None)
@given(disorders(locks=False))
def test_one_lock_converges(both: tuple[list[Row | Gone], list[Row | Gone]]) -> None:
    view = View("V", ("id",), locks=ONE_LOCK)
    assert visible(both[0], view)[0] == visible(both[1], view)[0]


@settings(max_examples=200, deadline=None)
@given(disorders(locks=True))
def test_several_locks_converge(both: tuple[list[Row | Gone], list[Row | Gone]]) -> None:
    view = View("V", ("id",), locks=LOCKS)
    assert visible(both[0], view)[0] == visible(both[1], view)[0]


@settings(max_examples=150, deadline=None)
@given(disorders(locks=True))
def test_objects_converge(both: tuple[list[Row | Gone], list[Row | Gone]]) -> None:
    view = ObjectView("V", ("id",), deletes=True, locks=LOCKS)

    def body(history: list[Row | Gone]) -> object:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("V", "v")
            fake = fresh(patch)
            for one in history:
                view.remove(one) if isinstance(one, Gone) else view.set(one)
            stored = fake.objects.get("1")
            return None if stored is None else (sorted(stored["Body"]), stored["Metadata"])

    assert body(both[0]) == body(both[1])


def test_without_the_lock_the_last_to_come_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh(monkeypatch)
    view = View("V", ("id",), locked=False)
    view.set(Row(KEY, {"name": "new"}, 2))
    view.set(Row(KEY, {"name": "old"}, 1))
    assert Table("V", ("id",), view=True).get(KEY) == {"id": "1", "name": "old"}


def test_exactly_as_old_is_applied(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh(monkeypatch)
    view = View("V", ("id",))
    view.set(Row(KEY, {"name": "first"}, 1))
    view.set(Row(KEY, {"name": "second"}, 1))
    assert Table("V", ("id",), view=True).get(KEY) == {"id": "1", "name": "second"}


def test_rows_and_tombstones_have_their_time(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = fresh(monkeypatch)
    view = View("V", ("id",), keep=60, locks=ONE_LOCK)
    now = int(time.time() * 1000)
    view.set(Row(KEY, {"name": "n"}, now))
    (row,) = fake.tables["v"].values()
    assert row["expires"] == {"N": str(now // 1000 + 60)}
    view.set(Row(KEY, {"name": "n"}, now - 120_000))
    assert Table("V", ("id",), view=True).get(KEY) == {"id": "1", "name": "n"}
    view.remove(Gone(KEY, now + 1))
    (row,) = fake.tables["v"].values()
    assert set(row) == {"id", "deletedAt", "asOf:deleted", "expires"}
    assert int(row["expires"]["N"]) - time.time() == pytest.approx(30 * 86400, abs=60)
    assert Table("V", ("id",), view=True).get(KEY) is None


def test_the_tombstone_of_an_old_deletion_lasts_as_long_as_any(monkeypatch: pytest.MonkeyPatch) -> None:
    """A replay of a long history would else lose it before what it guards against is replayed."""
    fake = fresh(monkeypatch)
    View("V", ("id",), locks=ONE_LOCK).remove(Gone(KEY, 2))
    (row,) = fake.tables["v"].values()
    assert int(row["expires"]["N"]) - time.time() == pytest.approx(30 * 86400, abs=60)


def test_what_has_outlived_its_time_is_gone_before_dynamodb_removes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh(monkeypatch)
    View("V", ("id",), keep=60).set(Row(KEY, {"name": "n"}, 1000))
    assert Table("V", ("id",), view=True).get(KEY) is None


def test_an_older_event_does_not_shorten_the_life_of_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = fresh(monkeypatch)
    view = View("V", ("id",), keep=60, locks=LOCKS)
    view.set(Row(KEY, {"stock": 1}, 9000, "asOf:b"))
    view.set(Row(KEY, {"name": "n"}, 1000, "asOf:a"))
    (row,) = fake.tables["v"].values()
    assert row["expires"] == {"N": "69"}


def test_a_missing_key_is_the_events_error() -> None:
    for key in ({}, {"id": None}, {"id": ""}):
        with pytest.raises(ValueError, match="key `id`"):
            View("V", ("id",)).set(Row(key, {}, 1))


def test_objects_are_stored_for_whoever_reads_the_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = fresh(monkeypatch)
    view = ObjectView("V", ("id", "part"), cache_control="max-age=5")
    view.set(Row({"id": "a/../b", "part": 2}, {"name": "n", "gone": None}, 1))
    assert list(fake.objects) == ["a%2F..%2Fb/2"]
    stored = fake.objects["a%2F..%2Fb/2"]
    assert stored["Body"] == b'{"name":"n","id":"a/../b","part":2}'
    assert (stored["CacheControl"], stored["ContentType"]) == ("max-age=5", "application/json")
