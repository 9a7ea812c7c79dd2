"""The stand-in for OpenSearch: what it answers, and that it refuses what it does not know."""

from __future__ import annotations

import json
import math
from types import SimpleNamespace
from typing import Any

import pytest

from cncb_compiler.local.search.analysis import tokens
from cncb_compiler.local.search.domains import Domains
from cncb_compiler.local.search.node import Node

MAPPINGS = {
    "dynamic": "strict",
    "properties": {
        "id": {"type": "keyword"},
        "name": {"type": "text", "fields": {"keyword": {"type": "keyword", "ignore_above": 20}}},
        "price": {"type": "long"},
        "weight": {"type": "double"},
        "rare": {"type": "boolean"},
        "made": {"type": "date", "format": "strict_date_optional_time"},
        "at": {"type": "date", "format": "epoch_millis"},
        "maker": {"properties": {"name": {"type": "keyword"}, "since": {"type": "date", "format": "strict_date"}}},
        "hidden": {"type": "object", "enabled": False},
        "event": {"type": "flat_object"},
    },
}


@pytest.fixture
def node() -> Node:
    made = Node()
    made.create("things", {"mappings": MAPPINGS})
    return made


def ask(node: Node, line: str, body: Any = None) -> tuple[int, Any]:
    method, _, target = line.partition(" ")
    path, _, query = target.partition("?")
    content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    return node.answer(method, path, query, content)


def put(node: Node, identity: str, **source: Any) -> None:
    status, answer = ask(node, f"PUT /things/_doc/{identity}", source)
    assert status in (200, 201), answer


def found(node: Node, query: Any, **more: Any) -> list[str]:
    status, answer = ask(node, "POST /things/_search", {"query": query, **more})
    assert status == 200, answer
    return [hit["_id"] for hit in answer["hits"]["hits"]]


def refusal(node: Node, line: str, body: Any = None) -> tuple[int, str]:
    status, answer = ask(node, line, body)
    assert answer["status"] == status
    return status, answer["error"]["type"]


class TestAnalysis:
    def test_words_are_those_of_the_standard_analyzer(self) -> None:
        assert tokens("The 2 QUICK Brown-Foxes jumped over the lazy dog's bone.") == (
            ["the", "2", "quick", "brown", "foxes", "jumped", "over", "the", "lazy", "dog's", "bone"]
        )
        assert tokens("1,000.50 foo_bar a.b C3PO mail@x.org") == ["1,000.50", "foo_bar", "a.b", "c3po", "mail", "x.org"]
        assert tokens("Zürich 東京 ") == ["zürich", "東", "京"]
        assert tokens("—!? ") == []
        assert [len(part) for part in tokens("x" * 300)] == [255, 45]


class TestVersions:
    def test_an_external_version_must_be_higher_or_with_gte_not_lower(self, node: Node) -> None:
        line = "PUT /things/_doc/a?version=5&version_type="
        assert ask(node, f"{line}external", {})[0] == 201
        assert refusal(node, f"{line}external", {}) == (409, "version_conflict_engine_exception")
        assert ask(node, f"{line}external_gte", {})[0] == 200
        assert refusal(node, "PUT /things/_doc/a?version=4&version_type=external_gte", {})[0] == 409
        assert ask(node, "GET /things/_doc/a")[1]["_version"] == 5

    def test_a_deletion_has_a_version_too(self, node: Node) -> None:
        put(node, "a")
        assert ask(node, "DELETE /things/_doc/a?version=9&version_type=external")[1]["result"] == "deleted"
        assert refusal(node, "PUT /things/_doc/a?version=8&version_type=external", {})[0] == 409
        assert ask(node, "DELETE /things/_doc/b")[0] == 404
        assert ask(node, "GET /things/_doc/a") == (404, {"_index": "things", "_id": "a", "found": False})

    def test_versions_of_its_own_count(self, node: Node) -> None:
        put(node, "a")
        put(node, "a")
        assert ask(node, "GET /things/_doc/a")[1]["_version"] == 2
        assert refusal(node, "PUT /things/_create/a", {})[0] == 409
        assert refusal(node, "PUT /things/_doc/a?version=1", {})[0] == 400
        assert refusal(node, "PUT /things/_doc/a?version_type=external", {})[0] == 400


class TestMapping:
    @pytest.mark.parametrize(
        "source",
        [
            {"price": "many"},
            {"price": 2**63},
            {"price": True},
            {"weight": False},
            {"rare": "perhaps"},
            {"made": "31.01.2026"},
            {"at": "2026-01-31"},
            {"maker": "me"},
            {"maker": {"since": "2026-01-31T00:00:00Z"}},
            {"name": {"a": "b"}},
        ],
    )
    def test_what_does_not_fit_is_refused_and_leaves_what_was_there(self, node: Node, source: Any) -> None:
        put(node, "a", name="before")
        assert refusal(node, "PUT /things/_doc/a", source) == (400, "mapper_parsing_exception")
        assert found(node, {"match": {"name": "before"}}) == ["a"]

    def test_it_is_closed(self, node: Node) -> None:
        assert refusal(node, "PUT /things/_doc/a", {"color": 1}) == (400, "strict_dynamic_mapping_exception")
        assert refusal(node, "PUT /things/_doc/a", {"maker": {"x": 1}}) == (400, "strict_dynamic_mapping_exception")
        put(node, "a", hidden={"any": {"thing": 1}}, event={"any": [{"thing": 1}]}, price=None)

    def test_it_can_grow_and_not_change(self, node: Node) -> None:
        assert ask(node, "PUT /things/_mapping", {"properties": {"color": {"type": "keyword"}}})[0] == 200
        put(node, "a", color="red")
        line, body = "PUT /things/_mapping", {"properties": {"price": {"type": "keyword"}}}
        assert refusal(node, line, body) == (400, "illegal_argument_exception")

    @pytest.mark.parametrize(
        "mappings",
        [
            {},
            {"dynamic": "strict", "properties": {"a": {"type": "nested"}}},
            {"dynamic": "strict", "properties": {"a": {"type": "text", "analyzer": "english"}}},
            {"dynamic": "strict", "properties": {"a": {"type": "date", "format": "basic_week_date"}}},
            {"dynamic": "strict", "runtime": {}},
        ],
    )
    def test_what_it_does_not_know_it_refuses(self, node: Node, mappings: Any) -> None:
        assert refusal(node, "PUT /others", {"mappings": mappings}) == (501, "unsupported_by_stand_in")


class TestQueries:
    @pytest.fixture(autouse=True)
    def _things(self, node: Node) -> None:
        put(node, "a", name="red chair", price=90, weight=1.5, rare=True, made="2026-01-31", maker={"name": "m"})
        put(node, "b", name="chair", price=40, rare=False, made="2026-02-01T10:00:00+01:00", event={"x": {"y": "deep"}})
        put(node, "c", name="red red table of the north", price=200, at=1000)

    @pytest.mark.parametrize(
        ("query", "ids"),
        [
            ({"match_all": {}}, "abc"),
            ({"match_none": {}}, ""),
            ({"ids": {"values": ["c", "x"]}}, "c"),
            ({"term": {"maker.name": "m"}}, "a"),
            ({"term": {"price": {"value": "40"}}}, "b"),
            ({"term": {"rare": True}}, "a"),
            ({"term": {"made": "2026-02-01T09:00:00Z"}}, "b"),
            ({"term": {"name": "chair"}}, "ab"),
            ({"term": {"name.keyword": "chair"}}, "b"),
            ({"term": {"event.x.y": "deep"}}, "b"),
            ({"term": {"event": "deep"}}, "b"),
            ({"term": {"nowhere": 1}}, ""),
            ({"terms": {"price": [40, 200]}}, "bc"),
            ({"range": {"price": {"gt": 40, "lte": 200}}}, "ac"),
            ({"range": {"made": {"gte": "2026-02-01"}}}, "b"),
            ({"range": {"at": {"lt": 1001}}}, "c"),
            ({"exists": {"field": "weight"}}, "a"),
            ({"exists": {"field": "maker"}}, "a"),
            ({"match": {"name": "red chair"}}, "abc"),
            ({"match": {"name": {"query": "red chair", "operator": "and"}}}, "a"),
            ({"match_phrase": {"name": "of the north"}}, "c"),
            ({"multi_match": {"query": "m", "fields": ["name", "maker.name"]}}, "a"),
            ({"bool": {"must": {"match": {"name": "red"}}, "must_not": [{"term": {"rare": True}}]}}, "c"),
            ({"bool": {"filter": [{"term": {"name": "chair"}}, {"term": {"price": 40}}]}}, "b"),
            ({"bool": {"should": [{"term": {"price": 40}}, {"term": {"price": 90}}]}}, "ab"),
            ({"bool": {"must": {"match_all": {}}, "should": [{"term": {"price": 40}}]}}, "abc"),
            ({"bool": {}}, "abc"),
        ],
    )
    def test_each_finds(self, node: Node, query: Any, ids: str) -> None:
        assert sorted(found(node, query)) == list(ids)
        assert ask(node, "POST /things/_count", {"query": query})[1]["count"] == len(ids)

    @pytest.mark.parametrize(
        "query",
        [
            {"script": {"script": "1"}},
            {"query_string": {"query": "*"}},
            {"term": {"price": {"value": 1, "boost": 2}}},
            {"match": {"name": {"query": "x", "fuzziness": 1}}},
            {"multi_match": {"query": "x", "fields": ["name"], "type": "cross_fields"}},
            {"multi_match": {"query": "x"}},
            {"simple_query_string": {"query": "x", "fields": ["name"]}},
            {"bool": {"must": [], "boost": 1}},
        ],
    )
    def test_what_it_does_not_know_it_refuses(self, node: Node, query: Any) -> None:
        assert refusal(node, "POST /things/_search", {"query": query}) == (501, "unsupported_by_stand_in")

    @pytest.mark.parametrize(
        "query", [{}, [], {"term": 1}, {"term": {}}, {"terms": {"price": 1}}, {"range": {"price": 1}}]
    )
    def test_what_is_not_well_formed_is_refused(self, node: Node, query: Any) -> None:
        assert refusal(node, "POST /things/_search", {"query": query})[0] == 400

    def test_a_score_is_that_of_lucene(self, node: Node) -> None:
        _, answer = ask(node, "POST /things/_search", {"query": {"match": {"name": "red"}}})
        scores = {hit["_id"]: hit["_score"] for hit in answer["hits"]["hits"]}
        rarity = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
        assert scores["a"] == pytest.approx(rarity * 2.2 * 1 / (1 + 1.2 * (0.25 + 0.75 * 2 / 3)))
        assert scores["c"] == pytest.approx(rarity * 2.2 * 2 / (2 + 1.2 * (0.25 + 0.75 * 6 / 3)))
        assert answer["hits"]["max_score"] == max(scores.values())


class TestPaging:
    @pytest.fixture(autouse=True)
    def _things(self, node: Node) -> None:
        for number, name in enumerate("edcba"):
            put(node, name, id=name, price=number % 2 if number < 4 else None)

    def test_sort_and_search_after(self, node: Node) -> None:
        sort = [{"price": "desc"}, {"id": {"order": "asc"}}]
        pages, after = [], {}
        for _ in range(3):
            _, answer = ask(node, "GET /things/_search", {"sort": sort, "size": 2, **after})
            hits = answer["hits"]["hits"]
            pages.append([hit["_id"] for hit in hits])
            after = {"search_after": hits[-1]["sort"]}
            assert answer["hits"]["total"] == {"value": 5, "relation": "eq"}
        assert pages == [["b", "d"], ["c", "e"], ["a"]]

    def test_what_cannot_be_sorted_or_paged_is_refused(self, node: Node) -> None:
        for body in (
            {"sort": ["name"]},
            {"sort": ["nowhere"]},
            {"sort": [{"id": "up"}]},
            {"sort": ["id"], "search_after": [1]},
            {"sort": ["id"], "search_after": ["a", "b"]},
            {"search_after": ["a"]},
            {"size": 10001},
        ):
            assert refusal(node, "POST /things/_search", body)[0] == 400
        for body in ({"aggs": {}}, {"sort": [{"id": {"mode": "max"}}]}, {"_source": ["id"]}):
            assert refusal(node, "POST /things/_search", body)[0] == 501


class TestIndexes:
    def test_a_template_makes_the_index_of_a_first_write(self, node: Node) -> None:
        template = {"mappings": MAPPINGS, "aliases": {"days": {}}}
        ask(node, "PUT /_index_template/days", {"index_patterns": ["day-*"], "template": template})
        assert ask(node, "PUT /day-1/_doc/x", {"price": 1})[0] == 201
        assert ask(node, "PUT /day-2/_doc/y", {"price": 2})[0] == 201
        assert ask(node, "GET /days/_count")[1] == {"count": 2}
        assert ask(node, "GET /day-*/_count")[1] == {"count": 2}
        assert refusal(node, "PUT /week-1/_doc/x", {"price": 1})[0] == 501
        assert ask(node, "DELETE /_index_template/days")[0] == 200
        assert ask(node, "HEAD /_index_template/days") == (404, None)

    def test_what_the_source_leaves_out_is_found_and_not_kept(self, node: Node) -> None:
        mappings = {**MAPPINGS, "_source": {"excludes": ["name"]}}
        assert ask(node, "PUT /lean", {"mappings": mappings})[0] == 200
        ask(node, "PUT /lean/_doc/a", {"name": "red chair", "price": 1})
        [hit] = ask(node, "POST /lean/_search", {"query": {"match": {"name": "chair"}}})[1]["hits"]["hits"]
        assert hit["_source"] == {"price": 1}
        for excludes in (["na*"], ["a.b"]):
            assert refusal(node, "PUT /more", {"mappings": {**MAPPINGS, "_source": {"excludes": excludes}}})[0] == 501
        assert refusal(node, "PUT /more", {"mappings": {**MAPPINGS, "_source": {"enabled": False}}})[0] == 501

    def test_an_alias_is_switched_at_once(self, node: Node) -> None:
        node.create("things-2", {"mappings": MAPPINGS})
        ask(node, "POST /_aliases", {"actions": [{"add": {"index": "things", "alias": "current"}}]})
        ask(node, "PUT /current/_doc/a", {})
        actions = [
            {"remove": {"index": "things", "alias": "current"}},
            {"add": {"index": "things-2", "alias": "current"}},
        ]
        assert ask(node, "POST /_aliases", {"actions": actions})[0] == 200
        assert ask(node, "GET /current/_count")[1] == {"count": 0}
        assert ask(node, "GET /_aliases")[1]["things-2"] == {"aliases": {"current": {}}}
        wrong = [{"add": {"index": "things", "alias": "x"}}, {"remove": {"index": "things", "alias": "current"}}]
        assert refusal(node, "POST /_aliases", {"actions": wrong})[0] == 404
        assert "x" not in node.aliases

    def test_what_is_deleted_is_gone(self, node: Node) -> None:
        put(node, "a", price=1)
        put(node, "b", price=2)
        line = "POST /things/_delete_by_query"
        assert ask(node, line, {"query": {"range": {"price": {"lt": 2}}}})[1]["deleted"] == 1
        assert found(node, {"match_all": {}}) == ["b"]
        assert ask(node, "DELETE /things")[0] == 200
        assert refusal(node, "GET /things/_search") == (404, "index_not_found_exception")
        assert ask(node, "GET /things/_search?ignore_unavailable=true")[1]["hits"]["hits"] == []

    def test_an_index_is_made_once_and_with_a_proper_name(self, node: Node) -> None:
        assert refusal(node, "PUT /things", {"mappings": MAPPINGS}) == (400, "resource_already_exists_exception")
        assert refusal(node, "PUT /Things", {"mappings": MAPPINGS}) == (400, "invalid_index_name_exception")
        assert ask(node, "HEAD /things") == (200, None)
        assert ask(node, "GET /things")[1]["things"]["mappings"]["properties"]["price"] == {"type": "long"}

    @pytest.mark.parametrize(
        "line",
        ["GET /_cat/indices", "POST /things/_update/a", "POST /_reindex", "GET /things/_search?q=x", "PATCH /things"],
    )
    def test_what_it_does_not_know_it_refuses(self, node: Node, line: str) -> None:
        assert refusal(node, line, {}) == (501, "unsupported_by_stand_in")


class TestBulk:
    def test_each_write_stands_for_itself(self, node: Node) -> None:
        lines = [
            {"index": {"_index": "things", "_id": "a", "version": 3, "version_type": "external_gte"}},
            {"price": 1},
            {"index": {"_index": "things", "_id": "b"}},
            {"price": "many"},
            {"index": {"_index": "things", "_id": "a", "version": 2, "version_type": "external_gte"}},
            {"price": 2},
            {"delete": {"_index": "things", "_id": "x"}},
        ]
        body = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
        status, answer = ask(node, "POST /_bulk", body)
        assert status == 200
        assert answer["errors"]
        assert [next(iter(item.values()))["status"] for item in answer["items"]] == [201, 400, 409, 404]

    def test_an_index_in_the_body_is_refused_where_the_domain_does_not_allow_it(self, node: Node) -> None:
        node.explicit_index = False
        body = b'{"index": {"_index": "things", "_id": "a"}}\n{}\n'
        assert refusal(node, "POST /things/_bulk", body)[0] == 400
        assert ask(node, "POST /things/_bulk", b'{"index": {"_id": "a"}}\n{}\n')[0] == 200

    @pytest.mark.parametrize(
        "body", [b"{}", b"{}\n", b"[]\n", b"x\n", b'{"index": {"_id": "a"}}\n', b'{"update": {}}\n{}\n']
    )
    def test_what_is_no_bulk_is_refused(self, node: Node, body: bytes) -> None:
        assert refusal(node, "POST /things/_bulk", body)[0] in (400, 501)


class TestDomains:
    def test_each_has_its_own_engine_which_goes_with_it(self) -> None:
        there = {
            ("us-east-1", "one"): SimpleNamespace(advanced_options={}),
            ("us-east-1", "two"): SimpleNamespace(advanced_options={}),
        }
        domains = Domains(lambda region, name: there.get((region, name)))
        host = "one.us-east-1.es.amazonaws.com"
        assert domains.is_for(host)
        assert not domains.is_for("es.us-east-1.amazonaws.com")
        assert not domains.is_for("127.0.0.1:4566")
        body = json.dumps({"mappings": MAPPINGS}).encode()
        assert domains.answer(host, "PUT", ("/things", ""), body)[0] == 200
        assert domains.answer(host, "HEAD", ("/things", ""), b"")[0] == 200
        assert domains.answer("two.us-east-1.es.amazonaws.com", "HEAD", ("/things", ""), b"")[0] == 404
        there["us-east-1", "one"] = SimpleNamespace(advanced_options={})
        assert domains.answer(host, "HEAD", ("/things", ""), b"")[0] == 404
        assert domains.answer("none.us-east-1.es.amazonaws.com", "GET", ("/", ""), b"")[0] == 404
