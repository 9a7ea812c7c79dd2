"""What a REST API answers itself (API Gateway Developer Guide: Gateway responses for REST APIs)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cncb_compiler.local.front.api import Arrival
from cncb_compiler.local.front.refusals import unsupported
from cncb_compiler.local.front.server import Answer

_JSON = "application/json"
_HEADER = "gatewayresponse.header."
_DEFAULT_TEMPLATE = '{"message":$context.error.messageString}'
_PATH = r"context\.[A-Za-z.]+|stageVariables\.\w+|method\.[\w.-]+"
_VARIABLE = re.compile(rf"\$(?:\{{({_PATH})\}}|({_PATH}))")
_REQUEST_HEADER = "method.request.header."

_STATUSES = {
    "ACCESS_DENIED": 403,
    "DEFAULT_4XX": 403,
    "DEFAULT_5XX": 500,
    "INTEGRATION_TIMEOUT": 504,
    "INVALID_SIGNATURE": 403,
    "MISSING_AUTHENTICATION_TOKEN": 403,
    "REQUEST_TOO_LARGE": 413,
    "UNSUPPORTED_MEDIA_TYPE": 415,
}
_ERROR_TYPES = {
    "ACCESS_DENIED": "UnrecognizedClientException",
    "DEFAULT_4XX": "ForbiddenException",
    "DEFAULT_5XX": "InternalServerErrorException",
    "INTEGRATION_TIMEOUT": "InternalServerErrorException",
    "INVALID_SIGNATURE": "InvalidSignatureException",
    "MISSING_AUTHENTICATION_TOKEN": "MissingAuthenticationTokenException",
    "REQUEST_TOO_LARGE": "RequestTooLargeException",
    "UNSUPPORTED_MEDIA_TYPE": "BadRequestException",
}


@dataclass(frozen=True, slots=True)
class GatewayResponse:
    """One that the API declares. `headers` maps names to `'text'`, or to what of the request is meant."""

    status: int | None
    headers: Mapping[str, str]
    template: str


@dataclass(frozen=True, slots=True)
class GatewayResponses:
    """Those of an API, by type."""

    by_kind: Mapping[str, GatewayResponse]

    def answer(self, kind: str, message: str, arrival: Arrival, status: int | None = None) -> Answer:
        """The answer of a type: its own response, else the one of DEFAULT_4XX or DEFAULT_5XX, else API Gateway's."""
        usual = status or _STATUSES[kind]
        default = "DEFAULT_4XX" if usual < 500 else "DEFAULT_5XX"
        own = self.by_kind.get(kind) or self.by_kind.get(default) or GatewayResponse(None, {}, _DEFAULT_TEMPLATE)
        headers = [(name, _value(expression, arrival)) for name, expression in own.headers.items()]
        values = {
            "context.error.message": message,
            "context.error.messageString": json.dumps(message),
            "context.error.responseType": kind,
            "context.requestId": arrival.id,
        }
        body = _VARIABLE.sub(lambda found: values.get(found[1] or found[2], ""), own.template)
        error_type = ("x-amzn-ErrorType", _ERROR_TYPES[kind])
        return Answer(own.status or usual, (("Content-Type", _JSON), error_type, *headers), body.encode())


def read_gateway_responses(api_id: str, items: Iterable[Mapping[str, Any]]) -> GatewayResponses:
    """The responses that an API declares. Raises Problem for what is not played on this machine."""
    found: dict[str, GatewayResponse] = {}
    for item in items:
        if item.get("defaultResponse"):
            continue
        where = f"The gateway response {item['responseType']} of {api_id}"
        headers: dict[str, str] = {}
        for name, expression in sorted((item.get("responseParameters") or {}).items()):
            static = len(expression) >= 2 and expression[0] == expression[-1] == "'"
            if not name.startswith(_HEADER) or not (static or expression.startswith(_REQUEST_HEADER)):
                raise unsupported(where, f"{name} mapped from {expression}")
            headers[name.removeprefix(_HEADER)] = expression
        templates = item.get("responseTemplates") or {}
        status = int(item["statusCode"]) if item.get("statusCode") else None
        found[item["responseType"]] = GatewayResponse(status, headers, templates.get(_JSON) or _DEFAULT_TEMPLATE)
    return GatewayResponses(found)


def _value(expression: str, arrival: Arrival) -> str:
    if expression.startswith("'"):
        return expression[1:-1]
    return arrival.request.header(expression.removeprefix(_REQUEST_HEADER)) or ""
