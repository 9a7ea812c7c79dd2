"""What a function's answer becomes (API Gateway Developer Guide: the response formats of Lambda proxy integrations)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

from cncb_compiler.local.front.server import Answer, Headers

_JSON: Headers = (("content-type", "application/json"),)
_FORMAT_1 = frozenset({"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"})


class MalformedError(Exception):
    """A function's answer does not have the form that its integration asks for."""


def of_json(status: int, body: Any, headers: Headers = ()) -> Answer:
    """An answer that API Gateway makes itself."""
    return Answer(status, (*_JSON, *headers), json.dumps(body, separators=(",", ":")).encode())


def of_format_2(payload: bytes) -> Answer:
    """Format 2.0: without a statusCode, all that the function returned is the body. Raises MalformedError."""
    result = _read(payload)
    if not (isinstance(result, dict) and "statusCode" in result):
        return Answer(200, _JSON, payload)
    headers = [(name, _text(value)) for name, value in _mapping(result, "headers").items()]
    cookies = result.get("cookies") or []
    if not isinstance(cookies, list):
        raise MalformedError("cookies is not a list")
    headers += [("set-cookie", _text(cookie)) for cookie in cookies]
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("content-type", "text/plain;charset=UTF-8"))
    return Answer(_status(result), tuple(headers), _body(result, lambda: True))


def of_format_1(payload: bytes, *, only_known: bool = False, decoded: Callable[[], bool] = lambda: True) -> Answer:
    """Format 1.0. Raises MalformedError.

    `only_known` refuses what the format does not name, as REST APIs do. `decoded` says whether a base64 body is
    sent as the bytes that it stands for: a REST API asks its binary media types.
    """
    result = _read(payload)
    if not isinstance(result, dict) or (only_known and not result.keys() <= _FORMAT_1):
        raise MalformedError("the answer is not of the proxy format")
    several = _mapping(result, "multiValueHeaders")
    if not all(isinstance(found, list) for found in several.values()):
        raise MalformedError("multiValueHeaders has a value that is not a list")
    headers = [(name, _text(value)) for name, found in several.items() for value in found]
    said = {(name.lower(), value) for name, value in headers}
    for name, value in _mapping(result, "headers").items():
        if (name.lower(), _text(value)) not in said:
            headers.append((name, _text(value)))
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(_JSON[0])
    return Answer(_status(result), tuple(headers), _body(result, decoded))


def _read(payload: bytes) -> Any:
    try:
        return json.loads(payload)
    except ValueError:
        raise MalformedError("the answer is not JSON") from None


def _mapping(result: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = result.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise MalformedError(f"{name} is not an object")
    return found


def _status(result: Mapping[str, Any]) -> int:
    status = result.get("statusCode")
    if isinstance(status, str) and status.isdecimal():
        status = int(status)
    if not isinstance(status, int) or not 100 <= status <= 599:
        raise MalformedError("statusCode is not a status")
    return status


def _body(result: Mapping[str, Any], decoded: Callable[[], bool]) -> bytes:
    body = result.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise MalformedError("body is not text")
    if result.get("isBase64Encoded") is True and decoded():
        try:
            return base64.b64decode(body, validate=True)
        except ValueError:
            raise MalformedError("body is not base64") from None
    return body.encode("utf-8", "replace")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        text = str(value)
        if "\r" in text or "\n" in text:
            raise MalformedError("a header has a line break")
        return text
    raise MalformedError("a header is not text")
