"""HTTP APIs at the local front: events of both formats, answers, CORS, limits."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from local_front_apis import ACCOUNT, Functions, Got, ask, http_api, local_target

from cncb_compiler.local.front.front import Answered, Front
from cncb_compiler.target.problems import Problem
from cncb_compiler.target.target import Target

PREFIX = "dev/orders"


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    with local_target() as made:
        yield made


@pytest.fixture
def functions() -> Functions:
    return Functions()


@pytest.fixture
def front(target: Target, functions: Functions) -> Iterator[Front]:
    front = Front(target, functions)
    front.start()
    yield front
    front.stop()


def adopted(front: Front, target: Target, *keys: str, **settings: Any) -> str:
    front.adopt(PREFIX, "http", http_api(target, *keys, **settings))
    return front.url(PREFIX)


def test_the_event_of_format_2(front: Front, target: Target, functions: Functions) -> None:
    url = adopted(front, target, "POST /orders/{id}/lines/{line}", StageVariables={"tier": "gold"})
    got = ask(
        f"{url}/orders/a%20b/lines/%C3%A9?q=1&q=2%2C3&s=x%20y&t=+",
        "POST",
        b'{"n":1}',
        [
            ("Content-Type", "application/json"),
            ("X-Two", "1"),
            ("x-two", "2"),
            ("Cookie", "c1=1; c2=2"),
            ("User-Agent", "tests"),
        ],
    )
    assert got.status == 200
    (name, event) = functions.invoked[0]
    context = event.pop("requestContext")
    headers = event.pop("headers")
    assert name == "post-orders-id-lines-line"
    assert event == {
        "version": "2.0",
        "routeKey": "POST /orders/{id}/lines/{line}",
        "rawPath": "/orders/a b/lines/é",
        "rawQueryString": "q=1&q=2%2C3&s=x%20y&t=+",
        "cookies": ["c1=1", "c2=2"],
        "queryStringParameters": {"q": "1,2,3", "s": "x y", "t": " "},
        "pathParameters": {"id": "a b", "line": "é"},
        "stageVariables": {"tier": "gold"},
        "body": '{"n":1}',
        "isBase64Encoded": False,
    }
    assert headers["x-two"] == "1,2"
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-port"] == str(front.port)
    assert headers["x-amzn-trace-id"].startswith("Root=1-")
    assert "cookie" not in headers and "connection" not in headers
    assert context.pop("requestId") == got.header("apigw-requestid")
    assert isinstance(context.pop("timeEpoch"), int)
    assert context.pop("time").endswith(" +0000")
    api_id = context.pop("apiId")
    assert context == {
        "accountId": ACCOUNT,
        "domainName": f"127.0.0.1:{front.port}",
        "domainPrefix": api_id,
        "http": {
            "method": "POST",
            "path": "/orders/a b/lines/é",
            "protocol": "HTTP/1.1",
            "sourceIp": "127.0.0.1",
            "userAgent": "tests",
        },
        "routeKey": "POST /orders/{id}/lines/{line}",
        "stage": "$default",
    }


def test_what_a_request_does_not_have_is_left_out_of_format_2(
    front: Front, target: Target, functions: Functions
) -> None:
    ask(adopted(front, target, "GET /"))
    assert functions.event.keys() == {
        "version", "routeKey", "rawPath", "rawQueryString", "headers", "requestContext", "isBase64Encoded",
    }  # fmt: skip
    assert functions.event["rawPath"] == "/"


def test_the_event_of_format_1(front: Front, target: Target, functions: Functions) -> None:
    url = adopted(front, target, "GET /orders/{id}", payload="1.0", stage="live")
    assert url.endswith("/dev/orders/live")
    ask(f"{url}/orders/a%20b?q=1&q=2", headers=[("X-Two", "1"), ("X-Two", "2")])
    event = functions.event
    assert (event["version"], event["resource"], event["path"]) == ("1.0", "/orders/{id}", "/live/orders/a b")
    assert event["headers"]["x-two"] == "2"
    assert event["multiValueHeaders"]["x-two"] == ["1", "2"]
    assert event["queryStringParameters"] == {"q": "2"}
    assert event["multiValueQueryStringParameters"] == {"q": ["1", "2"]}
    assert event["pathParameters"] == {"id": "a b"}
    assert event["stageVariables"] is None
    assert event["body"] is None
    assert event["requestContext"]["path"] == "/live/orders/a b"
    assert event["requestContext"]["stage"] == "live"
    assert event["requestContext"]["resourcePath"] == "/orders/{id}"
    assert event["requestContext"]["identity"]["sourceIp"] == "127.0.0.1"


def test_the_path_of_a_named_stage(front: Front, target: Target, functions: Functions) -> None:
    url = adopted(front, target, "GET /a", stage="live")
    assert ask(f"{url}/a").status == 200
    assert functions.event["rawPath"] == "/live/a"
    assert ask(f"{url.removesuffix('/live')}/a").status == 404


@pytest.mark.parametrize(
    ("content_type", "body", "binary"),
    [
        ("application/json; charset=utf-8", b"{}", False),
        ("text/csv", b"a", False),
        ("application/problem+json", b"{}", False),
        ("application/x-www-form-urlencoded", b"a=1", True),
        ("image/png", b"\x89PNG", True),
        (None, b"plain", False),
        (None, b"\xff", True),
    ],
)
def test_bodies(
    front: Front, target: Target, functions: Functions, content_type: str | None, body: bytes, binary: bool
) -> None:
    url = adopted(front, target, "POST /")
    ask(url + "/", "POST", body, {"Content-Type": content_type} if content_type else {})
    assert functions.event["isBase64Encoded"] is binary
    assert functions.event["body"] == (base64.b64encode(body).decode() if binary else body.decode())


@pytest.mark.parametrize(
    ("result", "status", "content_type", "body"),
    [
        ({"a": 1}, 200, "application/json", b'{"a": 1}'),
        ("hello", 200, "application/json", b'"hello"'),
        (None, 200, "application/json", b"null"),
        ({"statusCode": 201, "body": "made"}, 201, "text/plain;charset=UTF-8", b"made"),
        ({"statusCode": "404", "headers": {"Content-Type": "a/b"}}, 404, "a/b", b""),
        ({"statusCode": 200, "body": "/w==", "isBase64Encoded": True}, 200, "text/plain;charset=UTF-8", b"\xff"),
    ],
)
def test_answers_of_format_2(
    front: Front, target: Target, functions: Functions, result: Any, status: int, content_type: str, body: bytes
) -> None:
    functions.result = result
    got = ask(adopted(front, target, "GET /"))
    assert (got.status, got.header("content-type"), got.body) == (status, content_type, body)


def test_headers_and_cookies_of_an_answer(front: Front, target: Target, functions: Functions) -> None:
    functions.result = {"statusCode": 200, "headers": {"x-n": 1, "x-b": True, "x-u": "é"}, "cookies": ["a=1", "b=2"]}
    got = ask(adopted(front, target, "GET /"))
    assert [value for name, value in got.headers if name == "set-cookie"] == ["a=1", "b=2"]
    assert (got.header("x-n"), got.header("x-b")) == ("1", "true")
    assert (got.header("x-u") or "").encode("latin-1").decode() == "é"


MALFORMED = [
    {"statusCode": 99},
    {"statusCode": "ok"},
    {"statusCode": True},
    {"statusCode": 200, "body": {"a": 1}},
    {"statusCode": 200, "headers": []},
    {"statusCode": 200, "headers": {"a": {}}},
    {"statusCode": 200, "headers": {"a": "1\r\nb: 2"}},
    {"statusCode": 200, "isBase64Encoded": True, "body": "%"},
    {"statusCode": 200, "cookies": "a=1"},
]


@pytest.mark.parametrize("result", [*MALFORMED, b"not json"])
def test_malformed_answers_of_format_2(front: Front, target: Target, functions: Functions, result: Any) -> None:
    functions.result = result
    got = ask(adopted(front, target, "GET /"))
    assert (got.status, got.json) == (500, {"message": "Internal Server Error"})


def test_format_1_is_not_inferred(front: Front, target: Target, functions: Functions) -> None:
    url = adopted(front, target, "GET /", payload="1.0")
    functions.result = {"a": 1}
    assert ask(url).status == 500
    functions.result = {
        "statusCode": 200,
        "multiValueHeaders": {"x-a": ["1", "2"]},
        "headers": {"x-a": "2", "x-b": "3"},
    }
    got = ask(url)
    assert ([value for name, value in got.headers if name == "x-a"], got.header("x-b")) == (["1", "2"], "3")
    assert got.header("content-type") == "application/json"


def test_a_function_that_fails(front: Front, target: Target, functions: Functions) -> None:
    functions.error = "Unhandled"
    got = ask(adopted(front, target, "GET /"))
    assert (got.status, got.json) == (500, {"message": "Internal Server Error"})


def test_a_function_that_is_not_there(front: Front, target: Target, functions: Functions) -> None:
    def missing(event: dict[str, Any]) -> Any:
        raise LookupError("no such function")

    functions.play = missing
    assert ask(adopted(front, target, "GET /")).status == 500


def test_a_function_that_takes_too_long(target: Target) -> None:
    gone = threading.Event()

    def slow(event: dict[str, Any]) -> Any:
        gone.wait(20)

    front = Front(target, Functions(play=slow), limit=0.05)
    front.start()
    try:
        got = ask(adopted(front, target, "GET /"))
        assert (got.status, got.json) == (503, {"message": "Service Unavailable"})
    finally:
        gone.set()
        front.stop()


@pytest.mark.parametrize("path", ["/b", "/a/", "/a/b"])
def test_no_route(front: Front, target: Target, functions: Functions, path: str) -> None:
    got = ask(adopted(front, target, "GET /a") + path)
    assert (got.status, got.json) == (404, {"message": "Not Found"})
    assert functions.invoked == []


def test_a_body_that_is_too_large(front: Front, target: Target, functions: Functions) -> None:
    url = adopted(front, target, "POST /")
    got = ask(url, "POST", b"x" * (10 * 1024 * 1024 + 1), {"Content-Type": "text/plain"})
    assert (got.status, got.json) == (413, {"message": "Request Entity Too Large"})
    assert functions.invoked == []


CORS = {
    "AllowOrigins": ["https://shop.example", "http://*"],
    "AllowMethods": ["GET", "POST"],
    "AllowHeaders": ["content-type"],
    "ExposeHeaders": ["x-total"],
    "AllowCredentials": True,
    "MaxAge": 600,
}


def preflight(url: str, origin: str, method: str = "GET") -> Got:
    return ask(url, "OPTIONS", headers={"Origin": origin, "Access-Control-Request-Method": method})


@pytest.mark.parametrize("origin", ["https://shop.example", "http://anywhere.example"])
def test_a_preflight_is_answered(front: Front, target: Target, functions: Functions, origin: str) -> None:
    got = preflight(adopted(front, target, "GET /a", CorsConfiguration=CORS) + "/a", origin)
    assert got.status == 204
    assert {name: value for name, value in got.headers if name.startswith("access-control")} == {
        "access-control-allow-origin": origin,
        "access-control-allow-credentials": "true",
        "access-control-allow-methods": "GET,POST",
        "access-control-allow-headers": "content-type",
        "access-control-max-age": "600",
    }
    assert functions.invoked == []


def test_a_preflight_of_another_origin(front: Front, target: Target) -> None:
    got = preflight(adopted(front, target, "GET /a", CorsConfiguration=CORS) + "/a", "https://evil.example")
    assert got.status == 204
    assert not [name for name, _ in got.headers if name.startswith("access-control")]


def test_cors_headers_of_answers(front: Front, target: Target, functions: Functions) -> None:
    url = adopted(front, target, "GET /a", CorsConfiguration=CORS) + "/a"
    functions.result = {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "*"}}
    got = ask(url, headers={"Origin": "https://shop.example"})
    assert {name: value for name, value in got.headers if name.lower().startswith("access-control")} == {
        "access-control-allow-origin": "https://shop.example",
        "access-control-allow-credentials": "true",
        "access-control-expose-headers": "x-total",
    }
    assert ask(url).header("access-control-allow-origin") is None
    assert ask(url, headers={"Origin": "https://evil.example"}).header("access-control-allow-origin") is None


def test_any_origin(front: Front, target: Target) -> None:
    url = adopted(front, target, "GET /a", CorsConfiguration={"AllowOrigins": ["*"]}) + "/a"
    assert ask(url, headers={"Origin": "https://any.example"}).header("access-control-allow-origin") == "*"


def test_an_options_request_without_cors(front: Front, target: Target, functions: Functions) -> None:
    url = adopted(front, target, "GET /a", "OPTIONS /b")
    assert preflight(f"{url}/a", "https://shop.example").status == 404
    assert preflight(f"{url}/b", "https://shop.example").status == 200
    assert len(functions.invoked) == 1


def test_a_signed_route_of_any_method_refuses_preflights(front: Front, target: Target) -> None:
    url = adopted(front, target, "ANY /a", signed=True, CorsConfiguration=CORS) + "/a"
    assert preflight(url, "https://shop.example").status == 403


def test_what_is_not_played_is_refused(front: Front, target: Target) -> None:
    for authorization in ("JWT", "CUSTOM"):
        with pytest.raises(Problem, match=f"GET /a has authorization {authorization}"):
            adopted(front, target, "GET /a", authorization=authorization)
    client = target.client("apigatewayv2")
    api = client.create_api(Name="x", ProtocolType="HTTP")["ApiId"]
    with pytest.raises(Problem, match="not deployed to any stage"):
        front.adopt(PREFIX, "http", api)
    elsewhere = client.create_integration(ApiId=api, IntegrationType="HTTP_PROXY", IntegrationUri="http://x.example")
    client.create_route(ApiId=api, RouteKey="GET /a", Target=f"integrations/{elsewhere['IntegrationId']}")
    with pytest.raises(Problem, match="GET /a has an integration of type HTTP_PROXY"):
        front.adopt(PREFIX, "http", api)


def test_an_api_that_is_refused_leaves_the_one_before(front: Front, target: Target) -> None:
    url = adopted(front, target, "GET /a")
    with pytest.raises(Problem):
        adopted(front, target, "GET /b", authorization="JWT")
    assert ask(f"{url}/a").status == 200


def test_prefixes(front: Front, target: Target, functions: Functions) -> None:
    adopted(front, target, "GET /a")
    front.adopt("dev/orders/archive", "http", http_api(target, "GET /x"))
    assert ask(front.url("dev/orders/archive") + "/x").status == 200
    assert [name for name, _ in functions.invoked] == ["get-x"]
    got = ask(f"http://127.0.0.1:{front.port}/dev/orderses/a")
    assert (got.status, got.json["message"]) == (
        404,
        "No API answers here. There are: /dev/orders, /dev/orders/archive.",
    )
    front.forget("dev/orders/archive")
    assert ask(f"http://127.0.0.1:{front.port}/dev/orders/archive/x").json == {"message": "Not Found"}
    with pytest.raises(KeyError):
        front.url("dev/orders/archive")


def test_adopting_again_reads_again(front: Front, target: Target) -> None:
    url = adopted(front, target, "GET /a")
    assert ask(f"{url}/b").status == 404
    adopted(front, target, "GET /b")
    assert (ask(f"{url}/a").status, ask(f"{url}/b").status) == (404, 200)


def test_subscribers_see_each_answered_request(front: Front, target: Target, functions: Functions) -> None:
    seen: list[Answered] = []

    def failing(answered: Answered) -> None:
        raise RuntimeError("a bad subscriber")

    front.subscribe(failing)
    end = front.subscribe(seen.append)
    url = adopted(front, target, "POST /a")
    functions.result = {"statusCode": 202, "body": json.dumps({"b": 2})}
    got = ask(f"{url}/a?c=3", "POST", b"{}")
    (answered,) = seen
    assert (answered.prefix, answered.method, answered.path, answered.query) == (PREFIX, "POST", "/a", "c=3")
    assert (answered.status, answered.request_body, answered.response_body) == (202, b"{}", b'{"b": 2}')
    assert answered.request_id == got.header("apigw-requestid")
    assert 0 < answered.duration < 20
    end()
    ask(f"{url}/a", "POST")
    assert len(seen) == 1


def test_a_port_that_is_taken(front: Front, target: Target) -> None:
    with pytest.raises(Problem, match=f"Port {front.port} cannot be listened on"):
        Front(target, Functions(), port=front.port).start()
