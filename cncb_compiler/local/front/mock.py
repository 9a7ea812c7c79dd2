"""MOCK integrations of REST APIs (API Gateway Developer Guide: Mock integrations for REST APIs)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cncb_compiler.local.front.refusals import declared, unsupported
from cncb_compiler.local.front.server import Answer, Headers
from cncb_compiler.local.front.velocity import Parameter, Template, TemplateError

_JSON = "application/json"
_HEADER = "method.response.header."


class MockError(Exception):
    """A mock integration has no answer: `kind` is API Gateway's type of response to that."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class MockResponse:
    """An integration response. `selection` is a regular expression of statuses; None makes it the default."""

    status: int
    selection: str | None
    headers: Headers
    templates: Mapping[str, Template]


@dataclass(frozen=True, slots=True)
class Mock:
    """An integration that answers from templates alone. `request` holds those by content type."""

    request: Mapping[str, Template]
    responses: tuple[MockResponse, ...]
    passthrough: str

    def answer(self, content_type: str | None, body: bytes, parameter: Parameter, context: Mapping[str, str]) -> Answer:
        """Answer a request. Raises MockError."""
        status = self._status((content_type or _JSON).split(";")[0].strip().lower(), body, parameter, context)
        response = self._selected(status)
        kind, template = next(iter(response.templates.items()), (_JSON, None))
        text, headers, sent = "", {name.lower(): (name, value) for name, value in response.headers}, response.status
        if template is not None:
            rendering = template.render(parameter, context)
            text = "".join(rendering.text)
            for path, value in rendering.overrides.items():
                where, _, name = path.partition(".")
                if where == "header":
                    headers[name.lower()] = (name, value)
                elif where == "status" and value.isdecimal():
                    sent = int(value)
        return Answer(sent, (("Content-Type", kind), *headers.values()), text.encode())

    def _status(self, kind: str, body: bytes, parameter: Parameter, context: Mapping[str, str]) -> str:
        """The status that the request's template, or the request itself, asks for."""
        template = self.request.get(kind)
        if template is None and (
            self.passthrough == "NEVER" or (self.passthrough == "WHEN_NO_TEMPLATES" and self.request)
        ):
            raise MockError("UNSUPPORTED_MEDIA_TYPE")
        text = "".join(template.render(parameter, context).text) if template else body.decode("utf-8", "replace")
        try:
            asked = json.loads(text)
            return str(int(asked["statusCode"]))
        except (ValueError, TypeError, KeyError):
            raise MockError("DEFAULT_5XX") from None

    def _selected(self, status: str) -> MockResponse:
        for response in self.responses:
            if response.selection is not None and re.fullmatch(response.selection, status):
                return response
        for response in self.responses:
            if response.selection is None:
                return response
        raise MockError("DEFAULT_5XX")


def read_mock(route: str, integration: Mapping[str, Any], method: Mapping[str, Any]) -> Mock:
    """A method's mock integration. Raises Problem for what is not played on this machine."""
    declared(integration, ("requestParameters", "contentHandling"), route)
    answered = method.get("methodResponses") or {}
    responses = tuple(
        _response(route, status, found, answered.get(status))
        for status, found in sorted((integration.get("integrationResponses") or {}).items())
    )
    passthrough = integration.get("passthroughBehavior") or "WHEN_NO_MATCH"
    return Mock(_templates(route, integration.get("requestTemplates")), responses, passthrough)


def _response(route: str, status: str, found: Mapping[str, Any], answered: Mapping[str, Any] | None) -> MockResponse:
    declared(found, ("contentHandling",), route)
    if answered is None:
        raise unsupported(route, f"an integration response {status} that no method response declares")
    headers: list[tuple[str, str]] = []
    for name, value in sorted((found.get("responseParameters") or {}).items()):
        if name not in (answered.get("responseParameters") or {}):
            raise unsupported(route, f"{name}, which the method response {status} does not declare")
        if not (name.startswith(_HEADER) and len(value) >= 2 and value[0] == value[-1] == "'"):
            raise unsupported(route, f"{name} mapped from {value}")
        headers.append((name.removeprefix(_HEADER), value[1:-1]))
    templates = _templates(route, found.get("responseTemplates"))
    return MockResponse(int(status), found.get("selectionPattern") or None, tuple(headers), templates)


def _templates(route: str, sources: Mapping[str, str | None] | None) -> dict[str, Template]:
    read: dict[str, Template] = {}
    for kind, source in (sources or {}).items():
        try:
            read[kind.lower()] = Template.read(source or "")
        except TemplateError as error:
            raise unsupported(route, f"a mapping template in which {error}") from None
    return read
