"""The HTTP server under the front: kept connections, bodies, and an end of it."""

from __future__ import annotations

import http.client
import logging
import socket
from collections.abc import Iterator

import pytest
from local_front_apis import ask

from cncb_compiler.local.front.server import HOST, Answer, Request, Server

SEEN: list[Request] = []


def echo(request: Request) -> Answer:
    SEEN.append(request)
    if request.path == "/fails":
        raise ZeroDivisionError
    if request.path == "/empty":
        return Answer(204)
    return Answer(200, (("X-Path", request.path), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")), request.body)


@pytest.fixture
def server() -> Iterator[Server]:
    SEEN.clear()
    server = Server(echo, limit=1000)
    server.start()
    yield server
    server.stop()


def test_a_connection_serves_many_requests(server: Server) -> None:
    connection = http.client.HTTPConnection(HOST, server.port, timeout=10)
    for number in range(5):
        connection.request("POST", f"/{number}", body=b"x" * number)
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b"x" * number)
    connection.request("GET", "/empty")
    assert connection.getresponse().read() == b""
    connection.request("HEAD", "/head")
    assert connection.getresponse().read() == b""
    connection.request("POST", "/chunked", body=iter([b"one", b"two"]), encode_chunked=True)
    assert connection.getresponse().read() == b"onetwo"
    sock = connection.sock
    connection.request("GET", "/last")
    connection.getresponse().read()
    assert connection.sock is sock
    connection.close()


def test_headers_may_come_twice(server: Server) -> None:
    got = ask(f"http://{HOST}:{server.port}/a%20b?c=%20d", headers=[("X-A", "1"), ("X-A", "2")])
    assert [value for name, value in got.headers if name == "Set-Cookie"] == ["a=1", "b=2"]
    assert (SEEN[0].path, SEEN[0].query, SEEN[0].header("x-a")) == ("/a%20b", "c=%20d", "1,2")
    assert SEEN[0].parameters() == [("c", " d")]
    assert SEEN[0].header("missing") is None


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_limit_is_not_taken(server: Server, chunked: bool) -> None:
    connection = http.client.HTTPConnection(HOST, server.port, timeout=10)
    connection.request("POST", "/", body=iter([b"x" * 1001]) if chunked else b"x" * 1001, encode_chunked=chunked)
    assert connection.getresponse().status == 413
    connection.close()
    assert SEEN == []
    assert ask(f"http://{HOST}:{server.port}/", "POST", b"x" * 1000).status == 200


@pytest.mark.parametrize("length", ["-1", "x"])
def test_a_body_that_is_not_framed(server: Server, length: str) -> None:
    assert ask(f"http://{HOST}:{server.port}/", "POST", headers={"Content-Length": length}).status == 400


def test_a_failure_is_answered(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert ask(f"http://{HOST}:{server.port}/fails").status == 500
    assert "GET /fails was not answered" in caplog.text


def test_no_connection_outlives_the_server(server: Server) -> None:
    connection = http.client.HTTPConnection(HOST, server.port, timeout=10)
    connection.request("GET", "/")
    connection.getresponse().read()
    port = server.port
    server.stop()
    with pytest.raises((http.client.HTTPException, OSError)):
        connection.request("GET", "/")
        connection.getresponse()
    with pytest.raises(OSError), socket.create_connection((HOST, port), timeout=1):
        pass
    server.stop()
