"""Requests: both payload formats, all problems at once, and nothing of the inside to the outside."""

from __future__ import annotations

import base64
import json
import logging
from decimal import Decimal
from typing import Any

import pytest

from cncb_compiler.runtime import shape
from cncb_compiler.runtime.errors import InvalidInputError, found
from cncb_compiler.runtime.http import respond
from cncb_compiler.runtime.request import invoke, paged

LINE = shape.record({"sku": shape.string, "quantity": shape.integer})
INPUT = shape.record({"id": shape.uuid, "lines": shape.list_of(LINE)}, {"email": shape.email})
GOOD = {"id": "8f7b1c1e-2f63-4c57-9d6e-0d7d3f4f2a11", "lines": [{"sku": "a", "quantity": 2}]}


def body(answer: dict[str, Any]) -> Any:
    return json.loads(answer["body"])


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("encoded", [True, False])
def test_a_request_is_answered(version: str, encoded: bool) -> None:
    text = json.dumps({**GOOD, "lines": []})
    event = {
        "version": version,
        "body": base64.b64encode(text.encode()).decode() if encoded else text,
        "isBase64Encoded": encoded,
        "pathParameters": {"id": "1"} if version == "2.0" else None,
    }
    answer = respond(event, lambda command: command, status=201, shape=INPUT)
    assert answer["statusCode"] == 201
    assert answer["headers"] == {"content-type": "application/json", "cache-control": "no-store"}
    path = {"id": "1"} if version == "2.0" else {}
    assert body(answer) == {"input": {**GOOD, "lines": []}, "path": path, "query": {}}


def test_all_that_is_wrong_is_said_at_once() -> None:
    wrong = {"id": "x", "lines": [{"sku": 1}, "no"], "email": "nobody", "more": 1}
    answer = respond({"body": json.dumps(wrong)}, lambda command: command, shape=INPUT)
    assert answer["statusCode"] == 400
    assert {problem["path"]: problem["message"] for problem in body(answer)["error"]["problems"]} == {
        "id": "is not a UUID",
        "lines[0].sku": "is not a string",
        "lines[0].quantity": "is required",
        "lines[1]": "is not an object",
        "email": "is not an email address",
        "more": "is not a known field",
    }


@pytest.mark.parametrize("text", ["{", "NaN", "", None, "[]", "[" * 100_000, '"\\ud800"'])
def test_a_bad_body_is_refused(text: str | None) -> None:
    answer = respond({"body": text}, lambda command: command, shape=INPUT)
    assert answer["statusCode"] == 400


def test_a_body_that_is_not_base64_is_refused() -> None:
    answer = respond({"body": "{}", "isBase64Encoded": True}, lambda command: command, shape=INPUT)
    assert answer["statusCode"] == 400


def test_what_is_not_there() -> None:
    answer = respond({}, lambda request: found(None))
    assert answer["statusCode"] == 404
    assert body(answer)["error"]["code"] == "not-found"


def test_what_goes_wrong_inside_stays_inside(caplog: pytest.LogCaptureFixture) -> None:
    def broken(request: object) -> None:
        raise RuntimeError("password=secret")

    with caplog.at_level(logging.ERROR):
        answer = respond({"requestContext": {"requestId": "r-1"}}, broken)
    assert answer["statusCode"] == 500
    assert body(answer) == {"error": {"code": "internal", "message": "The request failed.", "requestId": "r-1"}}
    assert "secret" in caplog.text


def test_a_deletion_answers_without_a_body() -> None:
    answer = respond({}, lambda request: None, status=204)
    assert answer["statusCode"] == 204
    assert "body" not in answer


def test_an_answer_may_be_kept_where_it_says_so() -> None:
    assert respond({}, lambda request: {}, cache="no-cache")["headers"]["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("allowed", "origin", "answered"),
    [
        ("https://a.example,https://b.example", "https://b.example", "https://b.example"),
        ("https://a.example", "https://evil.example", None),
        ("*", "https://any.example", "*"),
        ("", "", None),
    ],
)
def test_cors(monkeypatch: pytest.MonkeyPatch, allowed: str, origin: str, answered: str | None) -> None:
    monkeypatch.setenv("CORS_ORIGINS", allowed)
    answer = respond({"headers": {"Origin": origin}}, lambda request: {})
    assert answer["headers"].get("access-control-allow-origin") == answered


def test_a_call_by_name() -> None:
    assert invoke({**GOOD, "lines": []}, lambda command: command["input"]["id"], shape=INPUT) == GOOD["id"]
    assert invoke({"n": 0.5}, lambda command: command["input"]) == {"n": 0.5}
    assert invoke({"n": 0.5}, lambda command: type(command["input"]["n"]).__name__) == "Decimal"
    with pytest.raises(InvalidInputError, match="id is required"):
        invoke({"lines": []}, lambda command: command, shape=INPUT)


def test_pages_are_asked_for() -> None:
    def asked(**query: Any) -> dict[str, Any]:
        return paged({"query": query, "input": None}, 25)

    assert asked() == {"limit": 25, "cursor": None}
    assert asked(limit="5", cursor="c") == {"limit": 5, "cursor": "c"}
    assert asked(limit="500")["limit"] == 25
    assert paged({"query": {}, "input": {"limit": 3}}, 25)["limit"] == 3
    for limit in ("0", "-1", "x", "1.5", "²", "9" * 5000, ""):
        with pytest.raises(InvalidInputError, match="limit"):
            asked(limit=limit)
    with pytest.raises(InvalidInputError, match="cursor"):
        paged({"query": {}, "input": {"cursor": 1}}, 25)


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (shape.string, ["", "a"], [1, None, []]),
        (shape.integer, [0, -1, Decimal("2.0")], [True, "1", Decimal("1.5")]),
        (shape.number, [0, Decimal("1.5")], [True, "1", None]),
        (shape.boolean, [True], [1, "true", None]),
        (shape.uuid, ["8F7B1C1E-2f63-4c57-9d6e-0d7d3f4f2a11"], ["8f7b1c1e2f634c579d6e0d7d3f4f2a11", "", 1]),
        (shape.email, ["a@b.c"], ["a@b", "a b@c.d", "@b.c", 1]),
        (shape.uri, ["https://a.b/c", "urn:isbn:1"], ["a", "", "http://[", 1, "https://a b"]),
        (shape.day, ["2024-02-29"], ["2023-02-29", "2024", 1]),
        (shape.date_time, ["2024-01-01T00:00:00Z", "2024-01-01T00:00:00+01:00"], ["2024-01-01T00:00:00", "x", 1]),
        (shape.timestamp, [0, 1_700_000_000_000], [-1, True, "1", Decimal("1.5")]),
        (shape.anything, [None, 1, []], []),
        (shape.one_of("a", "b"), ["a"], ["c", ["a"], None]),
        (shape.map_of(shape.integer), [{}, {"a": 1}], [{"a": "b"}, [], 1]),
        (shape.list_of(shape.integer), [[], [1]], [["a"], {}, "ab"]),
        (shape.any_of(shape.integer, shape.string), [1, "a"], [None, []]),
        (shape.record({"a": shape.integer}, {"b": shape.string}), [{"a": 1}, {"a": 1, "b": None}], [{}, {"a": None}]),
        (shape.record({}, is_open=True), [{}, {"z": 1}], [[]]),
    ],
)
def test_shapes(check: shape.Check, good: list[Any], bad: list[Any]) -> None:
    for value in good:
        problems: shape.Problems = []
        check(value, "x", problems)
        assert problems == [], value
    for value in bad:
        problems = []
        check(value, "x", problems)
        assert problems, value


def test_a_shape_may_hold_itself() -> None:
    tree = shape.record({}, {"children": shape.list_of(shape.later(lambda: tree))})
    problems: shape.Problems = []
    tree({"children": [{"children": [{"children": 1}]}]}, "", problems)
    assert problems == [("children[0].children[0].children", "is not a list")]
