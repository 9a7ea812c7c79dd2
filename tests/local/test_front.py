"""Deployed APIs over HTTP, as browsers and signing clients call them."""

from __future__ import annotations

import json
import uuid
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from cncb_compiler.local.front.signing import signed

ORIGIN = "https://www.example.com"
SYSTEM = """\
system: front-proofs
services:
  notes:
    api: {auth: none, cors: {origins: [https://www.example.com], headers: [content-type]}}
    stores: {notes: {of: {id: uuid, text: string}}}
    commands:
      write: {route: POST /notes, input: {id: uuid, text: string}, write: notes}
    queries:
      note: {route: "GET /notes/{id}", from: notes}
      secret: {route: "GET /secrets/{id}", auth: iam, from: notes}
  rest:
    api: {kind: rest, auth: iam}
    stores: {notes: {of: {id: uuid, text: string}}}
    commands:
      write: {route: POST /notes, auth: none, input: {id: uuid, text: string}, write: notes}
    queries:
      note: {route: "GET /notes/{id}", from: notes}
"""


@pytest.fixture(scope="module")
def running(session, analysed):
    made = session.deploy(analysed({"system.yaml": SYSTEM}))
    yield made
    for stack in made.stacks:
        session.machine.forget(stack.name)


def call(method, url, content=None, headers=None):
    """Status, headers and JSON of an answer."""
    body = None if content is None else json.dumps(content).encode()
    request = Request(url, body, {"Content-Type": "application/json", **(headers or {})}, method=method)
    try:
        with urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers, json.loads(answer.read() or b"null")
    except HTTPError as error:
        return error.code, error.headers, json.loads(error.read() or b"null")


def note(url):
    """A note that is written there."""
    written = {"id": str(uuid.uuid4()), "text": "n\u00f6te"}
    assert call("POST", f"{url}/notes", written)[0] == 201
    return written


@pytest.mark.parametrize("service", ["notes", "rest"])
def test_an_iam_route_is_refused_unsigned_and_answered_signed(running, service):
    machine = running.machine
    url = machine.url("front-proofs", service)
    written = note(url)
    route = f"{url}/{'secrets' if service == 'notes' else 'notes'}/{written['id']}"
    status, _, refused = call("GET", route)
    assert (status, set(refused)) == (403, {"message"})
    status, _, answer = call("GET", route, headers=signed("GET", route, b"", {}, machine.target))
    assert (status, answer["text"]) == (200, written["text"])
    forged = signed("GET", route + "0", b"", {}, machine.target)
    assert call("GET", route, headers=forged)[0] == 403


def test_what_is_written_over_http_is_read_over_http(running):
    url = running.machine.url("front-proofs", "notes")
    written = note(url)
    status, headers, answer = call("GET", f"{url}/notes/{written['id']}")
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert answer["text"] == written["text"]
    assert [(one.method, one.status) for one in running.machine.journal.requests[-2:]] == [("POST", 201), ("GET", 200)]


def test_what_is_not_there_is_404_and_what_does_not_fit_is_400(running):
    url = running.machine.url("front-proofs", "notes")
    assert call("GET", f"{url}/nowhere")[::2] == (404, {"message": "Not Found"})
    assert call("DELETE", f"{url}/notes/1")[0] == 404
    assert call("GET", f"{url}/notes/{uuid.uuid4()}")[0] == 404
    assert call("POST", f"{url}/notes", {"id": "no uuid"})[0] == 400


def test_web_pages_of_the_declared_origin_may_call(running):
    url = running.machine.url("front-proofs", "notes") + "/notes"
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    status, allowed, _ = call("OPTIONS", url, headers={"Origin": ORIGIN, **asks})
    assert (status, allowed["Access-Control-Allow-Origin"]) == (204, ORIGIN)
    assert "POST" in allowed["Access-Control-Allow-Methods"]
    assert "content-type" in allowed["Access-Control-Allow-Headers"]
    _, answered, _ = call("GET", f"{url}/{uuid.uuid4()}", headers={"Origin": ORIGIN})
    assert answered["Access-Control-Allow-Origin"] == ORIGIN
    _, strange, _ = call("OPTIONS", url, headers={"Origin": "https://elsewhere.example.com", **asks})
    assert strange["Access-Control-Allow-Origin"] is None
