"""Routes with AWS_IAM: only a right signature of the local credentials goes through."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from local_front_apis import ACCOUNT, Functions, Got, ask, http_api, local_target, rest_api

from cncb_compiler.local.front.front import Front
from cncb_compiler.local.front.server import Request
from cncb_compiler.local.front.signing import SignatureError, signed, verified
from cncb_compiler.target.problems import Problem
from cncb_compiler.target.target import Target


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
    front.adopt("dev/http", "http", http_api(target, "POST /orders/{id}", "GET /orders", signed=True))
    rest = rest_api(target, "POST /orders/{id}", authorization="AWS_IAM")
    front.adopt("dev/rest", "rest", rest.deploy("live"))
    yield front
    front.stop()


def other(patch: pytest.MonkeyPatch, key: str, secret: str, region: str = "us-east-1", token: str = "") -> Target:
    """A target with other credentials."""
    with patch.context() as within:
        within.setenv("AWS_ACCESS_KEY_ID", key)
        within.setenv("AWS_SECRET_ACCESS_KEY", secret)
        if token:
            within.setenv("AWS_SESSION_TOKEN", token)
        made = Target("dev", region)
        made.session().get_credentials()
    return made


def posted(url: str, target: Target, body: bytes = b'{"a":1}', sent: bytes | None = None) -> Got:
    headers = signed("POST", url, body, {"content-type": "application/json"}, target)
    return ask(url, "POST", body if sent is None else sent, headers)


def test_a_signed_request_goes_through(front: Front, target: Target, functions: Functions) -> None:
    assert posted(front.url("dev/http") + "/orders/7", target).status == 200
    iam = functions.event["requestContext"]["authorizer"]["iam"]
    assert (iam["accessKey"], iam["accountId"]) == ("local", ACCOUNT)
    assert iam["userArn"].startswith("arn:aws:")
    assert iam["callerId"] == iam["userId"]
    assert posted(front.url("dev/rest") + "/orders/7", target).status == 200
    identity = functions.event["requestContext"]["identity"]
    assert (identity["accessKey"], identity["accountId"]) == ("local", ACCOUNT)
    assert identity["userArn"] == iam["userArn"]


@pytest.mark.parametrize(
    "path", ["/orders/a%20b?q=x%20y&p=2", "/orders/7?b=2&a=1&a=0", "/orders/%C3%A9?e", "/orders/7?t=a,b:c"]
)
def test_paths_and_queries_are_signed_as_they_are_sent(front: Front, target: Target, path: str) -> None:
    assert posted(front.url("dev/http") + path, target).status == 200


def test_the_signature_of_the_sdk_goes_through(front: Front, target: Target) -> None:
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest

    url = front.url("dev/http") + "/orders/7?a=1"
    request = AWSRequest("POST", url, data=b"x", headers={"content-type": "text/plain", "x-extra": "a  b"})
    credentials = target.session().get_credentials().get_frozen_credentials()
    SigV4Auth(credentials, "execute-api", "us-east-1").add_auth(request)
    assert ask(url, "POST", b"x", dict(request.headers.items())).status == 200


def test_a_request_without_a_signature(front: Front, functions: Functions) -> None:
    refused = ask(front.url("dev/http") + "/orders/7", "POST", b"{}")
    assert (refused.status, refused.json) == (403, {"message": "Forbidden"})
    refused = ask(front.url("dev/rest") + "/orders/7", "POST", b"{}", {"Authorization": "Bearer x"})
    assert (refused.status, refused.json) == (403, {"message": "Missing Authentication Token"})
    assert functions.invoked == []


def test_another_body_or_path_than_was_signed(front: Front, target: Target, functions: Functions) -> None:
    url = front.url("dev/http") + "/orders/7"
    assert posted(url, target, sent=b'{"a":2}').status == 403
    headers = signed("POST", url, b"", {}, target)
    assert ask(f"{url}?more=1", "POST", b"", headers).status == 403
    assert ask(url.replace("/7", "/8"), "POST", b"", headers).status == 403
    refused = posted(front.url("dev/rest") + "/orders/7", target, sent=b"")
    assert refused.status == 403
    assert "signature we calculated does not match" in refused.json["message"]
    assert refused.header("x-amzn-errortype") == "InvalidSignatureException"
    assert functions.invoked == []


@pytest.mark.parametrize(
    ("key", "secret", "region", "token"),
    [
        ("local", "wrong", "us-east-1", ""),
        ("stranger", "local", "us-east-1", ""),
        ("local", "local", "eu-west-1", ""),
        ("local", "local", "us-east-1", "token"),
    ],
)
def test_other_credentials(
    front: Front, monkeypatch: pytest.MonkeyPatch, key: str, secret: str, region: str, token: str
) -> None:
    caller = other(monkeypatch, key, secret, region, token)
    assert posted(front.url("dev/http") + "/orders/7", caller).status == 403


def test_no_credentials(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = Target("dev", "us-east-1")
    monkeypatch.setattr(nobody.session(), "get_credentials", lambda: None)
    with pytest.raises(Problem, match="no AWS credentials"):
        signed("GET", "http://127.0.0.1/", b"", {}, nobody)


@pytest.mark.parametrize(("minutes", "good"), [(0, True), (4, True), (-4, True), (6, False), (-6, False)])
def test_a_signature_is_good_for_five_minutes(target: Target, minutes: int, good: bool) -> None:
    headers = signed("GET", "http://127.0.0.1:1/a", b"", {}, target)
    request = Request("GET", "/a", headers=(("Host", "127.0.0.1:1"), *headers.items()))
    now = datetime.now(UTC) + timedelta(minutes=minutes)
    if good:
        assert verified(request, target, now) == "local"
    else:
        with pytest.raises(SignatureError, match="Signature expired"):
            verified(request, target, now)


def test_the_declared_hash_has_to_be_the_bodys(front: Front, target: Target) -> None:
    url = front.url("dev/http") + "/orders/7"
    headers = signed("POST", url, b"x", {"X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"}, target)
    assert ask(url, "POST", b"y", headers).status == 403


def test_the_host_has_to_be_signed(target: Target) -> None:
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest

    class WithoutHost(SigV4Auth):  # type: ignore[misc]
        def headers_to_sign(self, request: AWSRequest) -> Any:
            found = super().headers_to_sign(request)
            del found["host"]
            return found

    sent = AWSRequest("GET", "http://127.0.0.1:1/a", data=b"")
    WithoutHost(target.session().get_credentials().get_frozen_credentials(), "execute-api", target.region).add_auth(
        sent
    )
    request = Request("GET", "/a", headers=(("Host", "127.0.0.1:1"), *sent.headers.items()))
    with pytest.raises(SignatureError, match="does not match"):
        verified(request, target, datetime.now(UTC))


@pytest.mark.parametrize("date", ["", "yesterday"])
def test_a_date_that_is_none(target: Target, date: str) -> None:
    headers = {**signed("GET", "http://127.0.0.1:1/a", b"", {}, target), "X-Amz-Date": date}
    request = Request("GET", "/a", headers=(("Host", "127.0.0.1:1"), *headers.items()))
    with pytest.raises(SignatureError, match="Date must be"):
        verified(request, target, datetime.now(UTC))


def test_temporary_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = other(monkeypatch, "local", "local", token="session")
    headers = signed("GET", "http://127.0.0.1:1/a", b"", {}, temporary)
    request = Request("GET", "/a", headers=(("Host", "127.0.0.1:1"), *headers.items()))
    assert verified(request, temporary, datetime.now(UTC)) == "local"
