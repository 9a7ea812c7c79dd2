"""Signatures of requests to routes with AWS_IAM (AWS General Reference: Signature Version 4 signing process)."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from cncb_compiler.local.front.server import Request
from cncb_compiler.target.problems import Problem
from cncb_compiler.target.target import Target

SERVICE = "execute-api"
_FORM = "%Y%m%dT%H%M%SZ"
_VALID_FOR = timedelta(minutes=5)
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256\s+Credential=(?P<key>[^/,\s]+)/(?P<scope>[^,\s]+),\s*"
    r"SignedHeaders=(?P<headers>[^,\s]+),\s*Signature=(?P<signature>[0-9a-f]{64})\s*"
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who signed a request."""

    access_key: str
    account: str
    arn: str
    user_id: str


class SignatureError(Exception):
    """A request is not signed as it has to be. `kind` is API Gateway's type of response to that."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


def signed(method: str, url: str, body: bytes, headers: Mapping[str, str], target: Target) -> dict[str, str]:
    """The headers with the signature of the target's credentials. Send exactly this method, URL and body.

    Raises Problem where there are no credentials.
    """
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest

    credentials = target.session().get_credentials()
    if credentials is None:
        raise Problem("There are no AWS credentials to sign the request with.", "Set them up, or name a profile.")
    request = AWSRequest(method=method, url=_normalised(url), data=body, headers=dict(headers))
    SigV4Auth(credentials.get_frozen_credentials(), SERVICE, target.region).add_auth(request)
    return dict(request.headers.items())


def verified(request: Request, target: Target, now: datetime) -> str:
    """The access key that signed a request; it is the target's. Raises SignatureError."""
    given = _AUTHORIZATION.fullmatch(request.header("authorization") or "")
    if given is None:
        raise SignatureError("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token")
    found = target.session().get_credentials()
    credentials = found.get_frozen_credentials() if found is not None else None
    token = request.header("x-amz-security-token")
    if credentials is None or (given["key"], token) != (credentials.access_key, credentials.token or None):
        raise SignatureError("ACCESS_DENIED", "The security token included in the request is invalid.")
    at = request.header("x-amz-date") or ""
    _check_time(at, now)
    names = given["headers"].split(";")
    scope = f"{at[:8]}/{target.region}/{SERVICE}/aws4_request"
    same_body = request.header("x-amz-content-sha256") in (None, hashlib.sha256(request.body).hexdigest())
    complete = "host" in names and given["scope"] == scope and same_body
    if not complete or not hmac.compare_digest(_expected(request, names, at, credentials, target), given["signature"]):
        raise SignatureError(
            "INVALID_SIGNATURE",
            "The request signature we calculated does not match the signature you provided. "
            "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
        )
    return given["key"]


def _check_time(at: str, now: datetime) -> None:
    try:
        moment = datetime.strptime(at, _FORM).replace(tzinfo=UTC)
    except ValueError:
        raise SignatureError("INVALID_SIGNATURE", "Date must be in ISO-8601 'basic format'.") from None
    if abs(now - moment) > _VALID_FOR:
        raise SignatureError("INVALID_SIGNATURE", f"Signature expired: {at} is too far from {now.strftime(_FORM)}")


def _expected(request: Request, names: list[str], at: str, credentials: Any, target: Target) -> str:
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest

    path = request.path + (f"?{request.query}" if request.query else "")
    url = _normalised(f"http://{request.header('host')}{path}")
    as_sent = AWSRequest(method=request.method, url=url, data=request.body)
    as_sent.context["timestamp"] = at
    for name, value in request.headers:
        if name.lower() in names:
            as_sent.headers.add_header(name.lower(), value)
    auth = SigV4Auth(credentials, SERVICE, target.region)
    # botocore leaves out some headers when it signs; a caller may have signed them all the same.
    auth.headers_to_sign = lambda sent: sent.headers
    return str(auth.signature(auth.string_to_sign(as_sent, auth.canonical_request(as_sent)), as_sent))


def _normalised(url: str) -> str:
    """The URL with its query encoded the one way that signatures are made of."""
    parts = urlsplit(url)
    pairs = [pair.partition("=") for pair in parts.query.split("&") if pair]
    query = "&".join(f"{_encoded(name)}={_encoded(value)}" for name, _, value in pairs)
    return urlunsplit(parts._replace(query=query))


def _encoded(text: str) -> str:
    return quote(unquote(text), safe="-_.~")
