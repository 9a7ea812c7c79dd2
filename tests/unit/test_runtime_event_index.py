"""The index of the data lake's events: the runtime against the local search engine."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from search_node import Engine

from cncb_compiler.runtime import bulk, event_index, search_client
from cncb_compiler.runtime.batch import batch
from cncb_compiler.runtime.event_index import EventIndex, events, without
from cncb_compiler.runtime.pipeline import run
from cncb_compiler.runtime.redaction import Redaction
from cncb_compiler.runtime.stream_records import from_stream

PIPELINE = (events, without(Redaction({"made": ("owner", "partitionKey")})), batch(EventIndex("LAKE_EVENTS_INDEX")))
CONTEXT = SimpleNamespace(get_remaining_time_in_millis=lambda: 30_000)
DAY = 86_400_000
FIRST = 1_764_028_800_000
"""2025-11-25T00:00Z."""


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    made = Engine()
    monkeypatch.setenv("LAKE_EVENTS_INDEX", "events")
    monkeypatch.setattr(search_client, "send", made.send)
    monkeypatch.setattr(bulk, "pause", lambda _: None)
    event_index._ready.clear()
    yield made
    event_index._ready.clear()


def event(key: str, at: int = FIRST, type_: str = "made", **fields: Any) -> dict[str, Any]:
    return {"id": key, "type": type_, "timestamp": at, "partitionKey": "k", "tags": {"stage": "dev"}, **fields}


def index(*values: Any) -> dict[str, Any]:
    records = [
        {
            "kinesis": {
                "sequenceNumber": str(number),
                "data": b64encode(value if isinstance(value, bytes) else json.dumps(value).encode()).decode(),
            }
        }
        for number, value in enumerate(values)
    ]
    return run({"Records": records}, CONTEXT, from_stream, PIPELINE)


def found(engine: Engine, words: str) -> list[str]:
    query = {"simple_query_string": {"query": words, "fields": ["words", "type"], "flags": FLAGS}}
    _, answer = engine.node.answer("POST", "/events.*/_search", "", json.dumps({"query": query}).encode())
    return sorted(hit["_id"] for hit in answer["hits"]["hits"])


FLAGS = "NOT|PHRASE|PREFIX|WHITESPACE"
DONE: dict[str, list[Any]] = {"batchItemFailures": []}


def test_each_event_is_in_the_index_of_its_day(engine: Engine) -> None:
    assert index(event("a", FIRST - 1), event("b"), event("c", FIRST + DAY - 1)) == DONE
    assert {day: sorted(engine.sources(day)) for day in engine.node.indexes} == {
        "events.2025-11-24": ["a"],
        "events.2025-11-25": ["b", "c"],
    }
    assert engine.asked.count(("PUT", "/_index_template/events")) == 1


def test_a_document_is_the_event_without_what_is_sensitive_and_its_words_are_not_kept(engine: Engine) -> None:
    thing = {"name": "Red\nchair", "legs": [4, True, None, {"note": "Käse"}], "price": 1.5}
    index(event("a", owner={"email": "ann@example.org"}, thing=thing))
    assert engine.sources("events.2025-11-25")["a"] == {
        "id": "a",
        "type": "made",
        "timestamp": FIRST,
        "partitionKey": "[redacted]",
        "tags": {"stage": "dev"},
        "event": {"owner": "[redacted]", "thing": thing},
    }
    for words in ("red", "chair", "käse", "1.5", "4", "made"):
        assert found(engine, words) == ["a"]
    assert found(engine, "ann") == []


def test_what_comes_twice_is_there_once_and_what_is_no_event_holds_nothing_up(engine: Engine) -> None:
    odd = [
        b"no event",
        {"type": "made"},
        {"id": "", "type": "made", "timestamp": 1},
        event("x", -1),
        event("y", 10**15),
    ]
    assert index(event("a", word="one"), *odd, event("a", word="one"), event("b", word="one")) == DONE
    assert found(engine, "one") == ["a", "b"]
    assert [*engine.node.indexes] == ["events.2025-11-25"]


def test_what_others_publish_fits_too(engine: Engine) -> None:
    """Whatever is refused would hold up its stream."""
    tags = {"deep": {"er": 1}, "": "x", "long": "x" * 40_000, "yes": True, "number": 7}
    others = [
        event("i" * 600, tags=tags, partitionKey={"odd": 1}),
        event("b", tags="none", partitionKey=None, **{"a.b": {"": []}}, words="mine"),
    ]
    assert index(*others) == DONE
    long, short = sorted(engine.sources("events.2025-11-25").values(), key=lambda one: -len(one["id"]))
    assert long["id"] == "i" * 600
    assert long["tags"] == {"number": "7"}
    assert short["event"] == {"a.b": {"": []}, "words": "mine"}


def test_a_day_that_is_busy_is_tried_again_from_there(engine: Engine) -> None:
    index(event("first"))
    engine.fail = [503] * 3
    answer = index(event("a"), event("b"))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert index(event("a"), event("b")) == DONE
    assert sorted(engine.sources("events.2025-11-25")) == ["a", "b", "first"]


def test_without_its_template_nothing_is_written(engine: Engine) -> None:
    engine.fail = [400]
    assert index(event("a"))["batchItemFailures"]
    assert engine.node.indexes == {}
