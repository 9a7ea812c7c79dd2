"""Stand-ins for external systems: which answer is given, and what is remembered."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from local_front_apis import ask

from cncb_compiler.local.stubs import Answer, Stubs
from cncb_compiler.target.problems import Problem


@pytest.fixture
def stubs() -> Iterator[Stubs]:
    stubs = Stubs()
    stubs.start()
    yield stubs
    stubs.stop()


def post(stubs: Stubs, path: str, body: Any = None, variable: str = "PAYMENTS_URL") -> int:
    return ask(stubs.url(variable) + path, "POST", json.dumps(body).encode()).status


def test_an_answer(stubs: Stubs) -> None:
    answer = Answer("POST /charges/{id}/refunds", 201, {"ok": True}, {"X-Trace": "1"})
    stubs.answers("PAYMENTS_URL", [answer])
    got = ask(
        stubs.url("PAYMENTS_URL") + "/charges/a%2Fb/refunds?dry=1",
        "POST",
        b'{"cents": 5}',
        {"X-Key": "k", "Content-Type": "application/json"},
    )
    assert (got.status, got.json, got.header("x-trace")) == (201, {"ok": True}, "1")
    assert got.header("content-type") == "application/json"
    (seen,) = stubs.requests
    assert (seen.variable, seen.on, seen.path) == ("PAYMENTS_URL", answer.on, "/charges/a%2Fb/refunds")
    assert (seen.query, seen.body, seen.answered) == ({"dry": "1"}, {"cents": 5}, True)
    assert seen.headers["x-key"] == "k"


@pytest.mark.parametrize(
    ("body", "sent", "kind"),
    [
        (None, b"", None),
        ("text", b"text", "text/plain; charset=utf-8"),
        (b"\xff", b"\xff", None),
        ([1], b"[1]", "application/json"),
        (0, b"0", "application/json"),
    ],
)
def test_bodies_of_answers(stubs: Stubs, body: Any, sent: bytes, kind: str | None) -> None:
    stubs.answers("A", [Answer("GET /", body=body)])
    got = ask(stubs.url("A"))
    assert (got.status, got.body, got.header("content-type")) == (200, sent, kind)


def test_an_own_content_type_is_kept(stubs: Stubs) -> None:
    stubs.answers("A", [Answer("GET /", body={}, headers={"Content-Type": "application/hal+json"})])
    assert ask(stubs.url("A") + "/").header("content-type") == "application/hal+json"


@pytest.mark.parametrize(("body", "seen"), [(b"", None), (b"a=1", "a=1"), (b"[1]", [1]), (b"\xff", "�")])
def test_bodies_of_requests(stubs: Stubs, body: bytes, seen: Any) -> None:
    ask(stubs.url("A") + "/x", "POST", body)
    assert [request.body for request in stubs.requests] == [seen]


@pytest.mark.parametrize(
    ("variable", "method", "path"),
    [("B", "POST", "/charges"), ("A", "GET", "/charges"), ("A", "POST", "/charges/1"), ("A", "POST", "/chargesx")],
)
def test_a_request_that_no_answer_fits(stubs: Stubs, variable: str, method: str, path: str) -> None:
    stubs.answers("A", [Answer("POST /charges")])
    got = ask(stubs.url(variable) + path, method)
    assert got.status == 501
    known = "Its answers are for: POST /charges." if variable == "A" else "It has no answers."
    assert got.json == {"message": f"The stand-in for {variable} has no answer for {method} {path}. {known}"}
    (seen,) = stubs.requests
    assert (seen.variable, seen.on, seen.answered) == (variable, f"{method} {path}", False)


@pytest.mark.parametrize(
    ("when", "fits"),
    [
        ({}, True),
        ({"a": 1}, True),
        ({"a": 1, "b": {"c": "x"}}, True),
        ({"b": {"c": "y"}}, False),
        ({"a": True}, False),
        ({"z": None}, False),
        ({"l": [1, 2]}, True),
        ({"l": [1]}, False),
        ([], False),
    ],
)
def test_when(stubs: Stubs, when: Any, fits: bool) -> None:
    stubs.answers("A", [Answer("POST /", 202, when=when)])
    body = {"a": 1, "b": {"c": "x", "d": 1}, "l": [1, 2]}
    assert post(stubs, "/", body, "A") == (202 if fits else 501)


def test_the_first_that_fits_answers_as_often_as_it_says(stubs: Stubs) -> None:
    stubs.answers("A", [Answer("POST /", 500, times=2), Answer("POST /", 201, when={"a": 1}), Answer("POST /", 202)])
    assert [post(stubs, "/", {"a": number}, "A") for number in (1, 1, 1, 2, 1)] == [500, 500, 201, 202, 201]


def test_answers_are_replaced_and_reset(stubs: Stubs) -> None:
    stubs.answers("A", [Answer("POST /", 500, times=1)])
    assert post(stubs, "/", {}, "A") == 500
    stubs.answers("A", [Answer("POST /", 503, times=1)])
    assert post(stubs, "/", {}, "A") == 503
    assert len(stubs.requests) == 2
    stubs.reset()
    assert stubs.requests == []
    assert post(stubs, "/", {}, "A") == 501


def test_a_delay(stubs: Stubs) -> None:
    stubs.answers("A", [Answer("POST /", delay=0.05)])
    begin = time.perf_counter()
    assert post(stubs, "/", {}, "A") == 200
    assert time.perf_counter() - begin >= 0.05


def test_the_end_does_not_wait_for_a_delay() -> None:
    stubs = Stubs()
    stubs.start()
    stubs.answers("A", [Answer("POST /", delay=60)])
    done = threading.Event()

    def call() -> None:
        try:
            post(stubs, "/", {}, "A")
        except OSError:
            pass
        finally:
            done.set()

    threading.Thread(target=call, daemon=True).start()
    deadline = time.monotonic() + 10
    while not stubs.requests and time.monotonic() < deadline:
        threading.Event().wait(0.005)
    stubs.stop()
    assert done.wait(10)


@pytest.mark.parametrize("on", ["charges", "POST charges", "FETCH /charges", "/charges", ""])
def test_an_answer_to_nothing(stubs: Stubs, on: str) -> None:
    with pytest.raises(Problem, match="does not say which request is answered"):
        stubs.answers("A", [Answer(on)])


def test_a_path_is_no_pattern(stubs: Stubs) -> None:
    stubs.answers("A", [Answer("POST /a.b")])
    assert (post(stubs, "/a.b", {}, "A"), post(stubs, "/axb", {}, "A")) == (200, 501)
