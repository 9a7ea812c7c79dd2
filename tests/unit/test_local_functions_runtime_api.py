"""The Runtime API of one environment, spoken to as the runtime client does."""

from __future__ import annotations

import http.client
import threading
import time

import pytest

from cncb_compiler.local.functions.runtime_api import NEXT, RuntimeApi


@pytest.fixture
def api():
    api = RuntimeApi()
    yield api
    api.close()


@pytest.fixture
def client(api):
    connection = http.client.HTTPConnection(api.address, timeout=10)
    yield connection
    connection.close()


def soon() -> float:
    return time.monotonic() + 10


def test_requests_and_answers_go_over_one_connection(api, client) -> None:
    for number in (b"1", b"22"):
        client.request("GET", NEXT)
        request = api.request(soon())
        assert (request.method, request.path, request.body) == ("GET", NEXT, b"")
        api.answer(200, {"Lambda-Runtime-Aws-Request-Id": "id"}, number)
        answer = client.getresponse()
        assert (answer.status, answer.headers["Lambda-Runtime-Aws-Request-Id"], answer.read()) == (200, "id", number)
        local_port = client.sock.getsockname()
    assert client.sock.getsockname() == local_port


def test_a_posted_body_is_read_whole(api, client) -> None:
    body = b"x" * 300_000
    sender = threading.Thread(
        target=client.request, args=("POST", "/r", body, {"Lambda-Runtime-Function-Error-Type": "T"})
    )
    sender.start()
    request = api.request(soon())
    sender.join()
    assert (request.body, request.headers["lambda-runtime-function-error-type"]) == (body, "T")


def test_a_client_may_connect_anew(api, client) -> None:
    client.request("GET", "/one")
    assert api.request(soon()).path == "/one"
    client.close()
    client.request("GET", "/two")
    assert api.request(soon()).path == "/two"


def test_nothing_comes_in_time(api, client) -> None:
    with pytest.raises(TimeoutError):
        api.request(time.monotonic() + 0.01)
    client.connect()
    client.sock.sendall(b"POST /half HTTP/1.1\r\nContent-Length: 10\r\n\r\n12")
    with pytest.raises(TimeoutError):
        api.request(time.monotonic() + 0.05)


def test_an_answer_counts_before_the_end(api, client) -> None:
    client.request("GET", "/last")
    api.hang_up()
    while (request := api.request(soon())) is None:
        pass
    assert request.path == "/last"
    client.close()
    assert api.request(soon()) is None


def test_hanging_up_wakes_who_waits(api) -> None:
    timer = threading.Timer(0.02, api.hang_up)
    timer.start()
    assert api.request(soon()) is None
    timer.join()


def test_answering_who_is_gone_is_no_error(api, client) -> None:
    client.request("GET", NEXT)
    api.request(soon())
    client.close()
    for _ in range(3):
        api.answer(200, {}, b"x" * 1_000_000)
