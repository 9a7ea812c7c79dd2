"""The events that functions see (API Gateway Developer Guide: payload formats 1.0 and 2.0 of Lambda proxies)."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from cncb_compiler.local.front.api import Arrival, Stage
from cncb_compiler.local.front.routes import Match
from cncb_compiler.local.front.server import Headers, Request
from cncb_compiler.local.front.signing import Caller

_HOP_BY_HOP = frozenset({"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "expect"})
_TEXT = ("text/", "application/json", "application/javascript", "application/xml")
_TEXT_SUFFIXES = ("+json", "+xml")


@dataclass(frozen=True, slots=True)
class Call:
    """What is known of a request when its function is about to be invoked.

    `path` is the event's path as the kind of API writes it; `staged_path` has the stage before it, except the
    stage `$default`. `binary` says whether the body goes to the function as base64.
    """

    arrival: Arrival
    api_id: str
    account: str
    stage: Stage
    match: Match
    path: str
    staged_path: str
    binary: bool
    caller: Caller | None = None


def format_2(call: Call) -> dict[str, Any]:
    """The event of format 2.0. What a request does not have is left out."""
    request = call.arrival.request
    headers = {name: ",".join(values) for name, values in _gathered(_forwarded(call), lower=True).items()}
    cookies = [cookie for name, value in request.headers if name.lower() == "cookie" for cookie in value.split("; ")]
    headers.pop("cookie", None)
    query = {name: ",".join(values) for name, values in _gathered(tuple(request.parameters())).items()}
    given = {
        "cookies": cookies,
        "queryStringParameters": query,
        "pathParameters": call.match.parameters,
        "stageVariables": dict(call.stage.variables),
        "body": _body(call),
    }
    return {
        "version": "2.0",
        "routeKey": call.match.route.key,
        "rawPath": call.path,
        "rawQueryString": request.query,
        "headers": headers,
        "requestContext": _context_2(call),
        "isBase64Encoded": call.binary and bool(request.body),
        **{name: value for name, value in given.items() if value},
    }


def format_1(call: Call, *, lower: bool) -> dict[str, Any]:
    """The event of format 1.0. What a request does not have is null. `lower` writes header names in lower case."""
    request = call.arrival.request
    headers = _gathered(_forwarded(call), lower=lower)
    query = _gathered(tuple(request.parameters()))
    return {
        "resource": call.match.route.path or "$default",
        "path": call.path,
        "httpMethod": request.method,
        "headers": {name: values[-1] for name, values in headers.items()},
        "multiValueHeaders": headers,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": call.match.parameters or None,
        "stageVariables": dict(call.stage.variables) or None,
        "requestContext": _context_1(call),
        "body": _body(call),
        "isBase64Encoded": call.binary and bool(request.body),
    }


def is_text(request: Request) -> bool:
    """Whether an HTTP API passes the body as text: its type says so, or there is no type and it is UTF-8."""
    if request.header("content-encoding"):
        return False
    kind = (request.header("content-type") or "").split(";")[0].strip().lower()
    if not kind:
        return _is_utf8(request.body)
    return kind.startswith(_TEXT) or kind.endswith(_TEXT_SUFFIXES)


def _context_2(call: Call) -> dict[str, Any]:
    request = call.arrival.request
    authorizer = {"authorizer": {"iam": _iam(call.caller)}} if call.caller else {}
    return {
        "accountId": call.account,
        "apiId": call.api_id,
        **authorizer,
        "domainName": request.header("host") or "",
        "domainPrefix": call.api_id,
        "http": {
            "method": request.method,
            "path": call.path,
            "protocol": request.protocol,
            "sourceIp": request.client,
            "userAgent": request.header("user-agent") or "",
        },
        "requestId": call.arrival.id,
        "routeKey": call.match.route.key,
        "stage": call.stage.name,
        "time": clock(call.arrival),
        "timeEpoch": epoch(call.arrival),
    }


def _iam(caller: Caller) -> dict[str, Any]:
    return {
        "accessKey": caller.access_key,
        "accountId": caller.account,
        "callerId": caller.user_id,
        "cognitoIdentity": None,
        "principalOrgId": None,
        "userArn": caller.arn,
        "userId": caller.user_id,
    }


def _context_1(call: Call) -> dict[str, Any]:
    request, caller = call.arrival.request, call.caller
    return {
        "accountId": call.account,
        "apiId": call.api_id,
        "domainName": request.header("host") or "",
        "domainPrefix": call.api_id,
        "extendedRequestId": call.arrival.id,
        "httpMethod": request.method,
        "identity": {
            "accessKey": caller.access_key if caller else None,
            "accountId": caller.account if caller else None,
            "caller": caller.user_id if caller else None,
            "cognitoAuthenticationProvider": None,
            "cognitoAuthenticationType": None,
            "cognitoIdentityId": None,
            "cognitoIdentityPoolId": None,
            "principalOrgId": None,
            "sourceIp": request.client,
            "user": caller.user_id if caller else None,
            "userAgent": request.header("user-agent"),
            "userArn": caller.arn if caller else None,
        },
        "path": call.staged_path,
        "protocol": request.protocol,
        "requestId": call.arrival.id,
        "requestTime": clock(call.arrival),
        "requestTimeEpoch": epoch(call.arrival),
        "resourceId": call.match.route.resource_id or call.match.route.key,
        "resourcePath": call.match.route.path or "$default",
        "stage": call.stage.name,
    }


def clock(arrival: Arrival) -> str:
    """The time of a request as API Gateway writes it (Common Log Format)."""
    return arrival.at.strftime("%d/%b/%Y:%H:%M:%S +0000")


def epoch(arrival: Arrival) -> int:
    """The time of a request in milliseconds since 1970."""
    return int(arrival.at.timestamp() * 1000)


def _forwarded(call: Call) -> Headers:
    """The headers that reach the function: without those of the one connection, with those that API Gateway adds."""
    request = call.arrival.request
    kept = tuple(header for header in request.headers if header[0].lower() not in _HOP_BY_HOP)
    sent = {name.lower() for name, _ in kept}
    _, _, port = (request.header("host") or "").rpartition(":")
    added = {
        "X-Amzn-Trace-Id": f"Root=1-{epoch(call.arrival) // 1000:08x}-{call.arrival.id.replace('-', '')[:24]}",
        "X-Forwarded-For": request.client,
        "X-Forwarded-Port": port if port.isdecimal() else "80",
        "X-Forwarded-Proto": "http",
    }
    return (*kept, *((name, value) for name, value in added.items() if name.lower() not in sent))


def _gathered(pairs: Headers, *, lower: bool = False) -> dict[str, list[str]]:
    """Values by name, in their order."""
    gathered: dict[str, list[str]] = {}
    for name, value in pairs:
        gathered.setdefault(name.lower() if lower else name, []).append(value)
    return gathered


def _body(call: Call) -> str | None:
    body = call.arrival.request.body
    if not body:
        return None
    return base64.b64encode(body).decode() if call.binary else body.decode("utf-8", "replace")


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
