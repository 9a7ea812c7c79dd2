"""HTTP APIs (API Gateway v2): reading a deployed one, and answering for it.

Sources: API Gateway Developer Guide, "Working with HTTP APIs" and "Create AWS Lambda proxy integrations for HTTP
APIs". An HTTP API routes, and hands to its functions, the path in its decoded form.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from cncb_compiler.local.front.answers import MalformedError, of_format_1, of_format_2, of_json
from cncb_compiler.local.front.api import Arrival, Function, Gate, Route, Stage
from cncb_compiler.local.front.cors import Cors, asks
from cncb_compiler.local.front.events import Call, format_1, format_2, is_text
from cncb_compiler.local.front.refusals import declared, function_name, signature_asked, unsupported
from cncb_compiler.local.front.routes import Match, fitting
from cncb_compiler.local.front.server import Answer
from cncb_compiler.local.front.signing import Caller, SignatureError
from cncb_compiler.target.problems import Problem

LOGGER = logging.getLogger(__name__)

DEFAULT_STAGE = "$default"
SECONDS = 30.0
"""The longest that an integration may take (Amazon API Gateway quotas: HTTP API quotas)."""


@dataclass(frozen=True, slots=True)
class HttpApi:
    """A deployed HTTP API."""

    id: str
    account: str
    routes: tuple[Route, ...]
    stages: Mapping[str, Stage]
    cors: Cors | None

    @property
    def base(self) -> str:
        """What comes between the API's address and the paths of its routes."""
        return "" if DEFAULT_STAGE in self.stages else f"/{next(iter(self.stages))}"

    def answer(self, arrival: Arrival, gate: Gate) -> Answer:
        """Answer a request as API Gateway does."""
        return self._finished(self._answer(arrival, gate), arrival)

    def too_large(self, arrival: Arrival) -> Answer:
        """Answer a request whose body is too large."""
        return self._finished(_message(413, "Request Entity Too Large"), arrival)

    def _finished(self, answer: Answer, arrival: Arrival) -> Answer:
        named = Answer(answer.status, (*answer.headers, ("apigw-requestid", arrival.id)), answer.body)
        preflight = self.cors is not None and asks(arrival.request)
        return named if self.cors is None or preflight else self.cors.marked(named, arrival.request)

    def _answer(self, arrival: Arrival, gate: Gate) -> Answer:
        stage, path = self._staged(unquote(arrival.path))
        match = fitting(self.routes, arrival.request.method, path) if stage else None
        caller: Caller | None = None
        if match is not None and match.route.signed:
            try:
                caller = gate.verify(arrival.request)
            except SignatureError:
                return _message(403, "Forbidden")
        if self.cors is not None and asks(arrival.request):
            return self.cors.preflight(arrival.request)
        if stage is None or match is None:
            return _message(404, "Not Found")
        return self._invoked(arrival, stage, match, path, caller, gate)

    def _staged(self, path: str) -> tuple[Stage | None, str]:
        """The stage that a path names, with the path behind it; else the stage `$default`."""
        first, slash, rest = path[1:].partition("/")
        if first in self.stages and first != DEFAULT_STAGE:
            return self.stages[first], slash + rest or "/"
        return self.stages.get(DEFAULT_STAGE), path

    def _invoked(
        self, arrival: Arrival, stage: Stage, match: Match, path: str, caller: Caller | None, gate: Gate
    ) -> Answer:
        function = match.route.integration
        assert isinstance(function, Function)
        staged = path if stage.name == DEFAULT_STAGE else f"/{stage.name}{path}"
        binary = not is_text(arrival.request)
        call = Call(arrival, self.id, self.account, stage, match, staged, staged, binary, caller)
        newer = function.payload == "2.0"
        event = format_2(call) if newer else {"version": "1.0", **format_1(call, lower=True)}
        invocation = gate.invoke(function, json.dumps(event).encode())
        if invocation is None:
            return _message(503, "Service Unavailable")
        if invocation.error is not None:
            return _message(500, "Internal Server Error")
        try:
            return of_format_2(invocation.payload) if newer else of_format_1(invocation.payload)
        except MalformedError as error:
            LOGGER.warning("%s: the answer of %s: %s", match.route.key, function.name, error)
            return _message(500, "Internal Server Error")


def read_http_api(client: Any, api_id: str, account: str) -> HttpApi:
    """The deployed HTTP API of an id. Raises Problem for what is not played on this machine."""
    api = client.get_api(ApiId=api_id)
    if api.get("ProtocolType") != "HTTP":
        raise unsupported(f"API {api_id}", f"protocol {api.get('ProtocolType')}")
    integrations = {found["IntegrationId"]: found for found in _all(client, "get_integrations", api_id)}
    routes = tuple(_route(found, integrations) for found in _all(client, "get_routes", api_id))
    stages = {
        found["StageName"]: Stage(found["StageName"], found.get("StageVariables") or {})
        for found in _all(client, "get_stages", api_id)
        if found.get("AutoDeploy") or found.get("DeploymentId")
    }
    if not stages:
        raise Problem(f"The HTTP API {api_id} is not deployed to any stage.", "Declare a stage with AutoDeploy.")
    return HttpApi(api_id, account, routes, stages, Cors.read(api.get("CorsConfiguration")))


def _all(client: Any, operation: str, api_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    token: dict[str, str] = {}
    while True:
        page = getattr(client, operation)(ApiId=api_id, **token)
        found += page.get("Items", [])
        if not page.get("NextToken"):
            return found
        token = {"NextToken": page["NextToken"]}


def _route(found: Mapping[str, Any], integrations: Mapping[str, Mapping[str, Any]]) -> Route:
    key = found["RouteKey"]
    declared(found, ("RequestParameters", "ApiKeyRequired"), key)
    integration = integrations.get(str(found.get("Target") or "").removeprefix("integrations/"))
    if integration is None:
        raise Problem(f"Route {key} has no integration.", "Give it a Target: integrations/<id>.")
    if integration.get("IntegrationType") != "AWS_PROXY" or integration.get("IntegrationSubtype"):
        raise unsupported(key, f"an integration of type {integration.get('IntegrationType')}")
    declared(integration, ("RequestParameters", "ResponseParameters", "TlsConfig"), key)
    method, _, path = key.partition(" ")
    default = key == "$default"
    function = Function(
        function_name(integration.get("IntegrationUri"), key),
        integration.get("PayloadFormatVersion") or "1.0",
        (integration.get("TimeoutInMillis") or SECONDS * 1000) / 1000,
    )
    signed = signature_asked(found.get("AuthorizationType"), key)
    return Route("ANY" if default else method, None if default else path, function, signed)


def _message(status: int, message: str) -> Answer:
    return of_json(status, {"message": message})
