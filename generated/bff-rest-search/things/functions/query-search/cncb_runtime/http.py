"""Answering API Gateway, for the payload formats 1.0 (REST API) and 2.0 (HTTP API).

An error answers `{"error": {"code", "message"}}`; what went wrong inside stays inside, in the log, under the
request's id.
"""

from __future__ import annotations

import base64
import logging
import os
from collections.abc import Callable, Mapping
from typing import Any

from . import jsons
from .errors import InvalidInputError, NotFoundError
from .metrics import request
from .request import Check, checked

LOGGER = logging.getLogger(__name__)


def respond(
    event: Mapping[str, Any],
    action: Callable[[dict[str, Any]], Any],
    *,
    status: int = 200,
    shape: Check | None = None,
    cache: str = "no-store",
) -> dict[str, Any]:
    """Answer one request with what `action` makes of it: `status`, or 400, 404 or 500.

    `shape` checks the body, which is read only where there is one. `cache` is the Cache-Control of a good
    answer.
    """
    try:
        with request():
            body = checked(_body(event), shape) if shape is not None else None
            path, query = event.get("pathParameters") or {}, event.get("queryStringParameters") or {}
            result = action({"input": body, "path": path, "query": query})
            return _response(event, status, result, cache)
    except InvalidInputError as error:
        problems = [{"path": path, "message": problem} for path, problem in error.problems]
        return _response(event, 400, _error("invalid", "The request is not valid.", problems=problems))
    except NotFoundError:
        return _response(event, 404, _error("not-found", "There is nothing here."))
    except Exception:
        LOGGER.exception("request failed")
        request_id = (event.get("requestContext") or {}).get("requestId")
        return _response(event, 500, _error("internal", "The request failed.", requestId=request_id))


def _body(event: Mapping[str, Any]) -> Any:
    body = event.get("body")
    if not body:
        return None
    try:
        return jsons.loads(base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body)
    except (ValueError, RecursionError):
        raise InvalidInputError([("", "is not JSON")]) from None


def _error(code: str, message: str, **more: Any) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, **{name: value for name, value in more.items() if value}}}


def _response(event: Mapping[str, Any], status: int, body: Any, cache: str = "no-store") -> dict[str, Any]:
    headers = {"content-type": "application/json", "cache-control": cache, **_cors(event)}
    if status == 204:
        return {"statusCode": status, "headers": headers}
    return {"statusCode": status, "headers": headers, "body": jsons.dumps(body)}


def _cors(event: Mapping[str, Any]) -> dict[str, str]:
    """The headers that let web pages of CORS_ORIGINS read the answer; an HTTP API sets them itself."""
    allowed = os.environ.get("CORS_ORIGINS", "").split(",")
    if "*" in allowed:
        return {"access-control-allow-origin": "*"}
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    origin = headers.get("origin", "")
    return {"access-control-allow-origin": origin, "vary": "origin"} if origin and origin in allowed else {}
