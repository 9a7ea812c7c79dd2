"""The index of a bucket's objects: the runtime against the local search engine and a stand-in for S3."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import permutations
from types import SimpleNamespace
from typing import Any

import pytest
from runtime_fakes import FakeAws
from search_node import Engine

from cncb_compiler.runtime import aws, bulk, object_urls, search_client, search_view
from cncb_compiler.runtime.batch import batch
from cncb_compiler.runtime.bucket_records import from_bucket
from cncb_compiler.runtime.object_index import ObjectIndex
from cncb_compiler.runtime.pipeline import run
from cncb_compiler.runtime.search_index import By, SearchIndex

FIELDS = {"id": "keyword", "name": "text"}
INDEX = ObjectIndex("PAGES_INDEX", bucket="PAGES_BUCKET", fields=FIELDS)
PIPELINE = (batch(INDEX),)
CONTEXT = SimpleNamespace(get_remaining_time_in_millis=lambda: 30_000)
DONE: dict[str, list[Any]] = {"batchItemFailures": []}


class World:
    """A bucket, its index, and the words about the bucket's objects that nobody has worked on."""

    def __init__(self) -> None:
        self.aws, self.engine = FakeAws(), Engine()

    def put(self, key: str, **fields: Any) -> None:
        body = json.dumps({"id": key, **fields}).encode()
        self.aws.put_object("pages", key, body, {"asof-trigger": f"event-{len(self.aws.calls)}"})

    def index(self, *words: dict[str, Any], faults_to: str | None = None) -> dict[str, Any]:
        return run({"Records": list(words)}, CONTEXT, from_bucket, PIPELINE, faults_to=faults_to)

    def names(self) -> dict[str, Any]:
        found = self.engine.sources("pages-index-1")
        return {key: one.get("name") for key, one in found.items() if "deletedAt" not in one}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = World()
    variables = {
        "PAGES_INDEX": "pages-index-1",
        "PAGES_BUCKET": "pages",
        "MAIN": "main",
        "SERVICE": "s",
        "FUNCTION": "f",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(aws, "client", made.aws.client)
    monkeypatch.setattr(search_client, "send", made.engine.send)
    monkeypatch.setattr(bulk, "pause", lambda _: None)
    search_view._ready.clear()
    yield made
    search_view._ready.clear()


def word(name: str, second: int, message: str = "m", operation: str = "ObjectCreated:Put") -> dict[str, Any]:
    told = {"eventTime": f"2026-01-01T00:00:{second:02d}.000Z", "eventName": operation, "s3": {"object": {"key": name}}}
    return {"messageId": message, "body": json.dumps({"Records": [told]})}


def test_an_object_is_indexed_by_the_fields_that_are_searched(world: World) -> None:
    world.put("a b/1", name="one", text="of no use to a search")
    assert world.index(word("a+b%2F1", 1)) == DONE
    assert world.engine.sources("pages-index-1") == {
        "a b/1": {"id": "a b/1", "name": "one", "asOf": 1767225601000, "asOf:trigger": "event-0"}
    }


def test_what_is_not_there_any_more_is_found_no_more(world: World) -> None:
    world.put("a", name="one")
    assert world.index(word("a", 1)) == DONE
    del world.aws.objects["a"]
    assert world.index(word("a", 2, operation="ObjectRemoved:Delete")) == DONE
    assert world.names() == {}
    assert world.index(word("a", 1)) == DONE, "word of an earlier change that comes again"
    assert world.names() == {}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_two_that_look_at_one_object_at_different_times_leave_the_later_view(
    world: World, order: tuple[int, ...]
) -> None:
    documents = []
    for second, name in enumerate(("one", "two", "three"), start=1):
        world.put("a", name=name)
        documents.append(INDEX.document("a", 1767225600000 + second * 1000))
    search_view.prepare("pages-index-1", FIELDS)
    for number in order:
        assert INDEX.send([documents[number].entry("pages-index-1")]) == [None]
    assert world.names() == {"a": "three"}


def test_the_marks_of_deletions_and_the_test_message_of_s3_are_no_objects(world: World) -> None:
    test = {"messageId": "t", "body": json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent"})}
    assert world.index(word(".deleted/a", 1), test) == DONE
    assert world.engine.asked == []


def test_messages_come_again_from_the_first_that_failed(world: World) -> None:
    for name in "abc":
        world.put(name, name=name)
    world.engine.fail = [503] * 3
    answer = world.index(word("a", 1, "1"), word("b", 1, "2"), word("c", 1, "3"))
    assert [one["itemIdentifier"] for one in answer["batchItemFailures"]] == ["1", "2", "3"]


def test_what_cannot_be_indexed_is_a_fault_and_the_rest_goes_on(world: World) -> None:
    world.put("a", name={"no": "text"})
    world.put("b", name="two")
    poison = {"messageId": "p", "body": "[]"}
    assert world.index(word("a", 1, "1"), poison, word("b", 1, "2"), faults_to="MAIN") == DONE
    assert sorted(one["error"]["name"] for one in world.aws.events) == ["PoisonError", "SearchRefusedError"]
    assert world.names() == {"b": "two"}


def test_what_is_found_has_the_url_of_its_object(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "k",
        "AWS_SECRET_ACCESS_KEY": "s",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    object_urls.signer.cache_clear()
    world.put("a b", name="one")
    world.index(word("a+b", 1))
    index = SearchIndex("PAGES_INDEX", ("id",), ("id",), lambda name: object_urls.url_of("PAGES_BUCKET", name))
    [found] = index.search({"query": {"q": "one"}, "path": {}, "input": None}, By(text=("name",)), limit=5)["items"]
    url, _, signature = found.pop("url").partition("?")
    assert (found, url) == ({"id": "a b", "name": "one"}, "https://pages.s3.eu-west-1.amazonaws.com/a%20b")
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in signature
    assert "X-Amz-Expires=900" in signature
    object_urls.signer.cache_clear()
