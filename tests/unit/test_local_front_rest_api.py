"""REST APIs at the local front: events, answers, mock integrations, gateway responses."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from local_front_apis import ACCOUNT, Functions, RestApi, ask, local_target, rest_api

from cncb_compiler.aws.rest_api import _allow_listed_origin
from cncb_compiler.local.front.front import Front
from cncb_compiler.target.problems import Problem
from cncb_compiler.target.target import Target

PREFIX = "dev/orders"
MISSING = (403, {"message": "Missing Authentication Token"})


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


def adopted(front: Front, api: RestApi, **variables: str) -> str:
    front.adopt(PREFIX, "rest", api.deploy("live", **variables))
    return front.url(PREFIX)


def test_the_event(front: Front, target: Target, functions: Functions) -> None:
    api = rest_api(target, "POST /orders/{id}/lines")
    url = adopted(front, api, tier="gold")
    assert url == f"http://127.0.0.1:{front.port}/dev/orders/live"
    got = ask(
        f"{url}/orders/a%20b/lines?q=1&q=x%20y",
        "POST",
        b'{"n":1}',
        [("Content-Type", "application/json"), ("X-Two", "1"), ("X-Two", "2"), ("User-Agent", "tests")],
    )
    assert got.status == 200
    (name, event) = functions.invoked[0]
    context = event.pop("requestContext")
    headers, several = event.pop("headers"), event.pop("multiValueHeaders")
    assert name == "post-orders-id-lines"
    assert event == {
        "resource": "/orders/{id}/lines",
        "path": "/orders/a%20b/lines",
        "httpMethod": "POST",
        "queryStringParameters": {"q": "x y"},
        "multiValueQueryStringParameters": {"q": ["1", "x y"]},
        "pathParameters": {"id": "a%20b"},
        "stageVariables": {"tier": "gold"},
        "body": '{"n":1}',
        "isBase64Encoded": False,
    }
    assert (headers["X-Two"], several["X-Two"]) == ("2", ["1", "2"])
    assert headers["X-Forwarded-For"] == "127.0.0.1"
    identity = context.pop("identity")
    assert (identity["sourceIp"], identity["userAgent"], identity["userArn"]) == ("127.0.0.1", "tests", None)
    assert context.pop("requestId") == context.pop("extendedRequestId") == got.header("x-amzn-requestid")
    assert isinstance(context.pop("requestTimeEpoch"), int)
    assert context.pop("requestTime").endswith(" +0000")
    assert context == {
        "accountId": ACCOUNT,
        "apiId": api.id,
        "domainName": f"127.0.0.1:{front.port}",
        "domainPrefix": api.id,
        "httpMethod": "POST",
        "path": "/live/orders/a%20b/lines",
        "protocol": "HTTP/1.1",
        "resourceId": api.resource("/orders/{id}/lines"),
        "resourcePath": "/orders/{id}/lines",
        "stage": "live",
    }


def test_what_a_request_does_not_have_is_null(front: Front, target: Target, functions: Functions) -> None:
    assert ask(adopted(front, rest_api(target, "GET /"))).status == 200
    for name in (
        "queryStringParameters",
        "multiValueQueryStringParameters",
        "pathParameters",
        "stageVariables",
        "body",
    ):
        assert functions.event[name] is None
    assert functions.event["path"] == "/"


def test_a_slash_at_the_end_is_nothing(front: Front, target: Target, functions: Functions) -> None:
    url = adopted(front, rest_api(target, "GET /a"))
    assert ask(f"{url}/a/").status == 200
    assert functions.event["path"] == "/a/"


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/b"), ("POST", "/a"), ("GET", "/"), ("GET", "/a/b"), ("GET", "/x/1")]
)
def test_no_route(front: Front, target: Target, functions: Functions, method: str, path: str) -> None:
    url = adopted(front, rest_api(target, "GET /a", "GET /x/{id}/y"))
    got = ask(url + path, method)
    assert (got.status, got.json) == MISSING
    assert got.header("x-amzn-errortype") == "MissingAuthenticationTokenException"
    assert functions.invoked == []


def test_the_resource_is_found_before_the_method(front: Front, target: Target) -> None:
    url = adopted(front, rest_api(target, "POST /a/new", "GET /a/{id}"))
    assert ask(f"{url}/a/1").status == 200
    assert ask(f"{url}/a/new").status == 403


def test_a_stage_that_is_not_there(front: Front, target: Target) -> None:
    url = adopted(front, rest_api(target, "GET /a")).removesuffix("/live")
    got = ask(f"{url}/dead/a")
    assert (got.status, got.json) == (403, {"message": "Forbidden"})


@pytest.mark.parametrize(
    "result",
    [
        {"a": 1},
        {"body": "no status"},
        {"statusCode": 200, "cookies": []},
        {"statusCode": 200, "body": {}},
        {"statusCode": 200, "multiValueHeaders": {"a": "1"}},
        "text",
        None,
        b"not json",
    ],
)
def test_malformed_answers(front: Front, target: Target, functions: Functions, result: Any) -> None:
    functions.result = result
    got = ask(adopted(front, rest_api(target, "GET /")))
    assert (got.status, got.json) == (502, {"message": "Internal server error"})


def test_a_function_that_fails(front: Front, target: Target, functions: Functions) -> None:
    functions.error = "Unhandled"
    got = ask(adopted(front, rest_api(target, "GET /")))
    assert (got.status, got.json) == (502, {"message": "Internal server error"})


def test_a_function_that_takes_too_long(target: Target) -> None:
    gone = threading.Event()

    def slow(event: dict[str, Any]) -> Any:
        gone.wait(20)

    front = Front(target, Functions(play=slow), limit=0.05)
    front.start()
    try:
        got = ask(adopted(front, rest_api(target, "GET /")))
        assert (got.status, got.json) == (504, {"message": "Endpoint request timed out"})
    finally:
        gone.set()
        front.stop()


def test_a_body_that_is_too_large(front: Front, target: Target) -> None:
    got = ask(adopted(front, rest_api(target, "POST /")), "POST", b"x" * (10 * 1024 * 1024 + 1))
    assert got.status == 413
    assert "10485760 bytes" in got.json["message"]


def test_bytes_of_binary_media_types(front: Front, target: Target, functions: Functions) -> None:
    api = rest_api(target, "POST /")
    # moto holds binaryMediaTypes only when they are updated.
    patch = {"op": "replace", "path": "/binaryMediaTypes", "value": "image/*"}
    api.client.update_rest_api(restApiId=api.id, patchOperations=[patch])
    url = adopted(front, api)
    functions.result = {"statusCode": 200, "body": "/w==", "isBase64Encoded": True}
    got = ask(url, "POST", b"\xff", {"Content-Type": "image/png", "Accept": "image/png,*/*"})
    assert functions.event["body"] == base64.b64encode(b"\xff").decode()
    assert functions.event["isBase64Encoded"] is True
    assert got.body == b"\xff"
    got = ask(url, "POST", b"text", {"Content-Type": "text/plain", "Accept": "text/plain"})
    assert (functions.event["body"], functions.event["isBase64Encoded"], got.body) == ("text", False, b"/w==")


def mocked(api: RestApi, templates: dict[str, str] | None = None, **headers: str) -> None:
    """An OPTIONS method at /a, as generated templates have it."""
    at = api.method("OPTIONS", "/a", type="MOCK", requestTemplates={"application/json": '{"statusCode": 204}'})
    values = {f"method.response.header.{name.replace('_', '-')}": f"'{value}'" for name, value in headers.items()}
    api.client.put_method_response(**at, statusCode="204", responseParameters=dict.fromkeys(values, True))
    given = {"responseTemplates": templates} if templates else {}
    api.client.put_integration_response(**at, statusCode="204", responseParameters=values, **given)


def test_a_mocked_preflight(front: Front, target: Target, functions: Functions) -> None:
    api = rest_api(target, "GET /a")
    mocked(api, Access_Control_Allow_Origin="https://shop.example", Access_Control_Allow_Methods="GET")
    got = ask(adopted(front, api) + "/a", "OPTIONS", headers={"Origin": "https://evil.example"})
    assert (got.status, got.body) == (204, b"")
    assert got.header("Access-Control-Allow-Origin") == "https://shop.example"
    assert got.header("Access-Control-Allow-Methods") == "GET"
    assert functions.invoked == []


@pytest.mark.parametrize("header", ["origin", "Origin"])
def test_a_preflight_for_several_origins(front: Front, target: Target, header: str) -> None:
    api = rest_api(target, "GET /a")
    template = _allow_listed_origin(["https://a.example", "https://b.example"])
    mocked(api, {"application/json": template}, Vary="Origin")
    url = adopted(front, api) + "/a"
    got = ask(url, "OPTIONS", headers={header: "https://b.example"})
    assert (got.header("access-control-allow-origin"), got.header("vary")) == ("https://b.example", "Origin")
    got = ask(url, "OPTIONS", headers={header: "https://c.example"})
    assert (got.status, got.header("access-control-allow-origin")) == (204, None)


def test_a_mock_that_was_asked_for_no_status(front: Front, target: Target) -> None:
    api = rest_api(target, "GET /a")
    mocked(api)
    got = ask(adopted(front, api) + "/a", "OPTIONS", b"x", {"Content-Type": "text/plain"})
    assert (got.status, got.json) == (500, {"message": "Internal server error"})


def test_a_mock_selects_its_response(front: Front, target: Target) -> None:
    api = rest_api(target, "GET /a")
    at = api.method(
        "GET",
        "/m",
        type="MOCK",
        passthroughBehavior="NEVER",
        requestTemplates={"application/json": '{"statusCode": #if($input.params("bad") == "1")404#{else}200#end}'},
    )
    for status, pattern in (("200", None), ("404", r"4\d\d")):
        api.client.put_method_response(**at, statusCode=status)
        given = {"selectionPattern": pattern} if pattern else {}
        body = {"application/json": f'{{"was": {status}, "by": "$context.requestId"}}'}
        api.client.put_integration_response(**at, statusCode=status, responseTemplates=body, **given)
    url = adopted(front, api) + "/m"
    good, bad = ask(url), ask(f"{url}?bad=1")
    assert (good.status, good.json["was"], good.json["by"]) == (200, 200, good.header("x-amzn-requestid"))
    assert (bad.status, bad.json["was"]) == (404, 404)
    refused = ask(url, headers={"Content-Type": "text/plain"})
    assert (refused.status, refused.json) == (415, {"message": "Unsupported Media Type"})


def test_gateway_responses(front: Front, target: Target, functions: Functions) -> None:
    api = rest_api(target, "GET /a")
    origin = {"gatewayresponse.header.Access-Control-Allow-Origin": "'https://shop.example'"}
    echoed = {"gatewayresponse.header.X-From": "method.request.header.Origin"}
    put = api.client.put_gateway_response
    put(restApiId=api.id, responseType="DEFAULT_4XX", responseParameters=origin)
    put(restApiId=api.id, responseType="DEFAULT_5XX", responseParameters={**origin, **echoed})
    url = adopted(front, api)
    missing = ask(f"{url}/b")
    assert (missing.status, missing.json, missing.header("access-control-allow-origin")) == (
        *MISSING,
        "https://shop.example",
    )
    functions.error = "Unhandled"
    failed = ask(f"{url}/a", headers={"Origin": "https://x.example"})
    assert failed.status == 502
    assert failed.header("access-control-allow-origin") == "https://shop.example"
    assert failed.header("x-from") == "https://x.example"
    functions.error = None
    assert ask(f"{url}/a").header("access-control-allow-origin") is None


def test_a_gateway_response_of_its_own_type(front: Front, target: Target) -> None:
    api = rest_api(target, "GET /a")
    template = {"application/json": '{"error":$context.error.messageString,"type":"$context.error.responseType"}'}
    api.client.put_gateway_response(
        restApiId=api.id, responseType="MISSING_AUTHENTICATION_TOKEN", statusCode="404", responseTemplates=template
    )
    got = ask(adopted(front, api) + "/b")
    expected = {"error": "Missing Authentication Token", "type": "MISSING_AUTHENTICATION_TOKEN"}
    assert (got.status, got.json) == (404, expected)


def test_what_is_not_played_is_refused(front: Front, target: Target) -> None:
    with pytest.raises(Problem, match="GET /a has authorization CUSTOM"):
        adopted(front, rest_api(target, "GET /a", authorization="CUSTOM"))
    api = rest_api(target, "GET /a")
    with pytest.raises(Problem, match="not deployed to any stage"):
        front.adopt(PREFIX, "rest", api.id)
    api.method("GET", "/b", type="HTTP_PROXY", integrationHttpMethod="GET", uri="http://x.example")
    with pytest.raises(Problem, match="GET /b has an integration of type HTTP_PROXY"):
        adopted(front, api)
    api = rest_api(target, "GET /a")
    mocked(api, {"application/json": "#foreach($a in $b)x#end"})
    with pytest.raises(Problem, match="OPTIONS /a has a mapping template in which '#foreach"):
        adopted(front, api)
    api = rest_api(target, "GET /a")
    mapped = {"gatewayresponse.header.X-From": "context.requestId"}
    api.client.put_gateway_response(restApiId=api.id, responseType="DEFAULT_4XX", responseParameters=mapped)
    with pytest.raises(Problem, match=r"X-From mapped from context\.requestId"):
        adopted(front, api)
