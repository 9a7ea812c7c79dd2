"""Views in a search index, and searches of it: the runtime against the local search engine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from search_node import Engine

from cncb_compiler.runtime import bulk, search_client, search_view
from cncb_compiler.runtime.batch import batch
from cncb_compiler.runtime.errors import InvalidInputError, TransientError
from cncb_compiler.runtime.projection import Gone, Row
from cncb_compiler.runtime.search_client import SearchRefusedError
from cncb_compiler.runtime.search_index import By, SearchIndex
from cncb_compiler.runtime.search_view import SearchView
from cncb_compiler.runtime.unit import UnitOfWork

FIELDS = {"id": "keyword", "name": "text", "category": "keyword", "price": "long", "rare": "boolean", "seen": "date"}
VIEW = SearchView("THINGS_INDEX", key=("id",), fields=FIELDS)
INDEX = SearchIndex("THINGS_INDEX", key=("id",), order=("id",))
BY = By(
    text=("name",),
    filters={
        "category": ("category", "keyword"),
        "price": ("price", "long"),
        "rare": ("rare", "boolean"),
        "seen": ("seen", "date"),
    },
    sort={"price": "price", "name": "name.keyword"},
)
NOW = 1_700_000_000


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    made = Engine()
    monkeypatch.setenv("THINGS_INDEX", "things-1")
    monkeypatch.setenv("PRICES_INDEX", "things-2")
    monkeypatch.setenv("CALL_ATTEMPTS", "3")
    monkeypatch.setattr(search_client, "send", made.send)
    monkeypatch.setattr(bulk, "pause", lambda _: None)
    monkeypatch.setattr("time.time", lambda: float(NOW))
    search_view._ready.clear()
    yield made
    search_view._ready.clear()


def unit(value: Any, position: int = 0) -> UnitOfWork:
    return UnitOfWork({}, position, value=value)


def row(key: str, at: int, **fields: Any) -> Row:
    return Row({"id": key}, fields, at, trigger=f"event-{at}")


def apply(*values: Any) -> list[Exception | None]:
    return [one.error for one in batch(VIEW)(iter([unit(value, at) for at, value in enumerate(values)]))]


def found(**query: str) -> list[str]:
    request = {"query": query, "path": {}, "input": None}
    return [one["id"] for one in INDEX.search(request, BY, limit=10)["items"]]


class TestView:
    def test_a_batch_is_one_request_behind_those_that_prepare_the_index_once(self, engine: Engine) -> None:
        assert apply(row("a", 1, name="one"), row("b", 2, name="two")) == [None, None]
        assert apply(row("c", 3)) == [None]
        prepared = [
            ("PUT", "/things-1"),
            ("POST", "/things-1/_delete_by_query?conflicts=proceed&wait_for_completion=false"),
        ]
        assert engine.asked == [*prepared, ("POST", "/things-1/_bulk"), ("POST", "/things-1/_bulk")]
        assert engine.sources("things-1")["a"] == {"id": "a", "name": "one", "asOf": 1, "asOf:trigger": "event-1"}

    def test_an_older_event_changes_nothing_and_an_equal_one_is_applied(self, engine: Engine) -> None:
        assert apply(row("a", 2, name="new"), row("a", 1, name="old")) == [None, None]
        assert engine.sources("things-1")["a"]["name"] == "new"
        apply(row("a", 2, name="same tick"))
        assert engine.sources("things-1")["a"]["name"] == "same tick"

    def test_without_the_lock_the_last_one_stands(self, engine: Engine) -> None:
        view = VIEW._replace(locked=False)
        list(batch(view)(iter([unit(row("a", 2, name="new")), unit(row("a", 1, name="old"))])))
        assert engine.sources("things-1")["a"]["name"] == "old"

    def test_a_deleted_document_cannot_come_back_by_an_older_event(self, engine: Engine) -> None:
        later = NOW * 1000
        apply(row("a", later - 2, name="x"), Gone({"id": "a"}, later, "event-9"), row("a", later - 1, name="late"))
        assert INDEX.get({"id": "a"}) is None
        assert found() == []
        apply(row("a", later + 1, name="again"))
        assert INDEX.get({"id": "a"}) == {"id": "a", "name": "again"}

    def test_what_has_expired_is_not_found_and_goes_with_the_next_cold_start(self, engine: Engine) -> None:
        keeping = VIEW._replace(keep=60)
        list(batch(keeping)(iter([unit(row("a", (NOW - 61) * 1000)), unit(row("b", (NOW - 59) * 1000))])))
        assert INDEX.get({"id": "a"}) is None
        assert found() == ["b"]
        assert set(engine.sources("things-1")) == {"a", "b"}
        search_view._ready.clear()
        apply(row("c", 1))
        assert set(engine.sources("things-1")) == {"b", "c"}

    def test_an_event_that_does_not_fit_is_the_only_one_that_fails(self, engine: Engine) -> None:
        fine, unknown, unkeyed = apply(row("a", 1, name="x"), row("b", 1, unknown=1), Row({"id": ""}, {}, 1))
        assert fine is None
        assert isinstance(unknown, SearchRefusedError)
        assert "strict_dynamic_mapping_exception" in str(unknown)
        assert isinstance(unkeyed, ValueError)
        assert set(engine.sources("things-1")) == {"a"}

    def test_a_unit_that_has_failed_is_passed_by(self, engine: Engine) -> None:
        error = ValueError("before")
        [fine, failed] = batch(VIEW)(iter([unit(None).failed(error), unit(row("a", 1))]))
        assert failed.error is error
        assert fine.error is None

    def test_only_what_was_refused_for_now_is_tried_again(self, engine: Engine) -> None:
        engine.busy = {"b"}
        assert apply(row("a", 1), row("b", 1)) == [None, None]
        first, second = engine.bodies[-2:]
        assert (first.count(b"\n"), second.count(b"\n")) == (4, 2)
        assert set(engine.sources("things-1")) == {"a", "b"}

    def test_a_domain_that_is_down_fails_the_records_for_now(self, engine: Engine) -> None:
        engine.fail = [503, 503, 503]
        [error] = apply(row("a", 1))
        assert isinstance(error, TransientError)
        apply(row("a", 1))
        engine.fail = [503, OSError("reset"), 500]
        [error] = apply(row("b", 1))
        assert isinstance(error, TransientError)
        assert len(engine.fail) == 0

    def test_the_tombstone_of_an_old_deletion_lasts_as_long_as_any(self) -> None:
        source = VIEW.document(Gone({"id": "a"}, 2)).source
        assert source["expires"] == pytest.approx(time.time() + 30 * 86400, abs=60)

    def test_a_field_that_is_new_is_added_and_one_that_is_held_otherwise_asks_for_a_new_generation(
        self, engine: Engine
    ) -> None:
        apply(row("a", 1, name="x"))
        search_view._ready.clear()
        grown = VIEW._replace(fields={**FIELDS, "colour": "keyword"})
        [done] = batch(grown)(iter([unit(row("b", 1, colour="red"))]))
        assert done.error is None
        search_view._ready.clear()
        changed = VIEW._replace(fields={**FIELDS, "price": "double"})
        [done] = batch(changed)(iter([unit(row("c", 1))]))
        assert isinstance(done.error, TransientError)
        assert "`cncb reindex` makes one that does" in str(done.error)


class TestBulk:
    def test_a_request_has_so_many_writes_and_bytes_at_most(
        self, engine: Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        apply(row("first", 1))
        monkeypatch.setattr(search_view, "LIMITS", bulk.Limits(2, 10_000))
        engine.bodies.clear()
        apply(*(row(str(at), 1) for at in range(5)))
        assert [body.count(b"\n") // 2 for body in engine.bodies] == [2, 2, 1]
        monkeypatch.setattr(search_view, "LIMITS", bulk.Limits(10, 420))
        engine.bodies.clear()
        apply(row("a", 2, name="b" * 150), row("b", 2), row("c", 2, name="b" * 150))
        assert len(engine.bodies) == 2

    def test_what_is_too_large_for_the_domain_is_refused_alone(self, engine: Engine) -> None:
        apply(row("first", 1))
        engine.fail = [413, None, 413]
        fine, refused = apply(row("a", 1), row("b", 1))
        assert fine is None
        assert isinstance(refused, SearchRefusedError)


class TestSearch:
    @pytest.fixture(autouse=True)
    def _things(self, engine: Engine) -> None:
        apply(
            row("a", 1, name="Red chair", category="seats", price=90, rare=True, seen="2026-01-31"),
            row("b", 1, name="A chair for kitchens", category="seats", price=40, rare=False),
            row("c", 1, name="Red table, red legs", category="tables", price=200),
        )

    def test_words_are_all_looked_for(self) -> None:
        assert found(q="RED chair") == ["a"]
        assert found(q="red -chair") == ["c"]
        assert found(q='"for kitchens"') == ["b"]
        assert found(q="kitch*") == ["b"]
        assert found(q="sofa") == []

    def test_the_best_come_first_and_the_rest_by_key(self) -> None:
        assert found(q="red") == ["c", "a"]
        assert found() == ["a", "b", "c"]

    def test_filters_are_values_of_their_types(self) -> None:
        assert found(category="seats") == ["a", "b"]
        assert found(category="seats", price="40") == ["b"]
        assert found(rare="true") == ["a"]
        assert found(seen="2026-01-31") == ["a"]
        for wrong in (
            {"price": "4x"},
            {"price": "1e400"},
            {"price": str(2**64)},
            {"rare": "yes"},
            {"seen": "yesterday"},
        ):
            with pytest.raises(InvalidInputError):
                found(**wrong)

    def test_a_value_is_never_a_part_of_the_query(self, engine: Engine) -> None:
        assert found(category='seats"}},{"match_all":{}}') == []
        assert found(q='"}}, "script": {') == []
        assert found(q="name:red OR *:*") == []

    def test_a_parameter_of_the_path_wins(self) -> None:
        request = {"path": {"category": "tables"}, "query": {"category": "seats"}, "input": None}
        assert [one["id"] for one in INDEX.search(request, BY, limit=10)["items"]] == ["c"]

    def test_the_order_is_one_that_was_declared(self) -> None:
        assert found(sort="price") == ["b", "a", "c"]
        assert found(sort="-price", q="red") == ["c", "a"]
        assert found(sort="name") == ["b", "a", "c"]
        with pytest.raises(InvalidInputError, match="is none of name, price"):
            found(sort="category")

    def test_pages_go_through_all_of_it_once(self) -> None:
        for query in ({}, {"sort": "-price"}, {"q": "red"}):
            request = {"query": query, "path": {}, "input": None}
            ids, cursor = [], None
            for _ in range(5):
                page = INDEX.search(request, BY, limit=1, cursor=cursor)
                ids += [one["id"] for one in page["items"]]
                cursor = page["cursor"]
                if cursor is None:
                    break
            assert ids == found(**query)

    @pytest.mark.parametrize("cursor", ["x", "!", "eyJhIjoxfQ", "W10", "W1tdXQ", "WzEsMiwzXQ"])
    def test_a_cursor_of_another_making_is_refused(self, cursor: str) -> None:
        request: dict[str, Any] = {"query": {}, "path": {}, "input": None}
        with pytest.raises(InvalidInputError):
            INDEX.search(request, BY, limit=1, cursor=cursor)

    def test_what_is_too_long_or_no_text_is_refused(self) -> None:
        with pytest.raises(InvalidInputError):
            found(q="x" * 1001)
        with pytest.raises(InvalidInputError):
            INDEX.search({"query": {}, "path": {}, "input": {"q": 5}}, BY, limit=1)

    def test_numbers_are_decimals_as_from_tables(self, engine: Engine) -> None:
        index = engine.node.create("things-2", {"mappings": {"dynamic": "false"}})
        index.write("index", "a", {"id": "a", "price": 0.1})
        assert INDEX._replace(variable="PRICES_INDEX").get({"id": "a"}) == {"id": "a", "price": Decimal("0.1")}


class TestNobodyThere:
    def test_an_index_that_no_event_has_made_yet_holds_nothing(self, engine: Engine) -> None:
        assert INDEX.get({"id": "a"}) is None
        assert found() == []

    def test_a_refusal_is_told_apart_from_a_domain_that_is_busy(self, engine: Engine) -> None:
        engine.fail = [403]
        with pytest.raises(TransientError, match="forbidden"):
            found()
        engine.fail = [429, 503, 500]
        with pytest.raises(TransientError, match="500"):
            found()
        engine.fail = [418]
        with pytest.raises(SearchRefusedError):
            found()
        engine.fail = [404]
        with pytest.raises(TransientError):
            found()
