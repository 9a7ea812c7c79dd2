"""REST APIs (API Gateway v1): reading a deployed one, and answering for it.

Sources: API Gateway Developer Guide, "Working with REST APIs" and "Lambda proxy integrations". A REST API hands the
path, and the values in it, to its functions as they were sent: percent-encoded.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cncb_compiler.local.front.answers import MalformedError, of_format_1
from cncb_compiler.local.front.api import PAYLOAD_BYTES, Arrival, Function, Gate, Route, Stage
from cncb_compiler.local.front.events import Call, format_1
from cncb_compiler.local.front.gateway_responses import GatewayResponses, read_gateway_responses
from cncb_compiler.local.front.mock import Mock, MockError, read_mock
from cncb_compiler.local.front.refusals import declared, function_name, signature_asked, unsupported
from cncb_compiler.local.front.routes import Match, at_path, fitting
from cncb_compiler.local.front.server import Answer
from cncb_compiler.local.front.signing import Caller, SignatureError
from cncb_compiler.target.problems import Problem

LOGGER = logging.getLogger(__name__)

SECONDS = 29.0
"""The longest that an integration may take, unless its quota was raised (Amazon API Gateway quotas: REST APIs)."""


@dataclass(frozen=True, slots=True)
class RestApi:
    """A deployed REST API. `binary` holds the media types whose bodies are bytes."""

    id: str
    account: str
    routes: tuple[Route, ...]
    stages: Mapping[str, Stage]
    responses: GatewayResponses
    binary: tuple[str, ...]

    @property
    def base(self) -> str:
        """What comes between the API's address and the paths of its routes."""
        return f"/{next(iter(self.stages))}"

    def answer(self, arrival: Arrival, gate: Gate) -> Answer:
        """Answer a request as API Gateway does."""
        return _named(self._answer(arrival, gate), arrival)

    def too_large(self, arrival: Arrival) -> Answer:
        """Answer a request whose body is too large."""
        message = f"HTTP content length exceeded {PAYLOAD_BYTES} bytes."
        return _named(self.responses.answer("REQUEST_TOO_LARGE", message, arrival), arrival)

    def _answer(self, arrival: Arrival, gate: Gate) -> Answer:
        first, slash, rest = arrival.path[1:].partition("/")
        stage = self.stages.get(first)
        if stage is None:
            return self.responses.answer("DEFAULT_4XX", "Forbidden", arrival)
        path = slash + rest or "/"
        resource = path.removesuffix("/") or "/"
        method = arrival.request.method
        match = fitting(at_path(self.routes, resource), method, resource)
        if match is None:
            return self.responses.answer("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token", arrival)
        caller: Caller | None = None
        if match.route.signed:
            try:
                caller = gate.verify(arrival.request)
            except SignatureError as error:
                return self.responses.answer(error.kind, error.message, arrival)
        if isinstance(match.route.integration, Mock):
            return self._mocked(match.route.integration, match, arrival)
        binary = _matches(self.binary, arrival.request.header("content-type"))
        call = Call(arrival, self.id, self.account, stage, match, path, f"/{stage.name}{path}", binary, caller)
        return self._invoked(match.route.integration, call, gate)

    def _invoked(self, function: Function, call: Call, gate: Gate) -> Answer:
        arrival = call.arrival
        invocation = gate.invoke(function, json.dumps(format_1(call, lower=False)).encode())
        if invocation is None:
            return self.responses.answer("INTEGRATION_TIMEOUT", "Endpoint request timed out", arrival)
        failed = self.responses.answer("DEFAULT_5XX", "Internal server error", arrival, 502)
        if invocation.error is not None:
            return failed
        accepted = (arrival.request.header("accept") or "*/*").split(",")[0]
        try:
            return of_format_1(invocation.payload, only_known=True, decoded=lambda: _matches(self.binary, accepted))
        except MalformedError as error:
            LOGGER.warning("%s: the answer of %s: %s", call.match.route.key, function.name, error)
            return failed

    def _mocked(self, mock: Mock, match: Match, arrival: Arrival) -> Answer:
        request = arrival.request
        query = dict(request.parameters())

        def parameter(name: str) -> str:
            """As `$input.params` searches: path, query string, headers."""
            found = match.parameters.get(name) or query.get(name) or request.header(name)
            return found or ""

        try:
            return mock.answer(request.header("content-type"), request.body, parameter, {"requestId": arrival.id})
        except MockError as error:
            message = "Unsupported Media Type" if error.kind == "UNSUPPORTED_MEDIA_TYPE" else "Internal server error"
            return self.responses.answer(error.kind, message, arrival)


def read_rest_api(client: Any, api_id: str, account: str) -> RestApi:
    """The deployed REST API of an id. Raises Problem for what is not played on this machine.

    API Gateway serves the snapshot of the last deployment. What is read is the API as it is now, which is the same
    just after a deployment, when APIs are adopted.
    """
    api = client.get_rest_api(restApiId=api_id)
    stages = {
        found["stageName"]: Stage(found["stageName"], found.get("variables") or {})
        for found in client.get_stages(restApiId=api_id)["item"]
        if found.get("deploymentId")
    }
    if not stages:
        raise Problem(f"The REST API {api_id} is not deployed to any stage.", "Declare a deployment and a stage.")
    routes = tuple(route for resource in _resources(client, api_id) for route in _routes(resource))
    responses = read_gateway_responses(api_id, client.get_gateway_responses(restApiId=api_id, limit=500)["items"])
    return RestApi(api_id, account, routes, stages, responses, tuple(api.get("binaryMediaTypes") or ()))


def _resources(client: Any, api_id: str) -> Iterator[Mapping[str, Any]]:
    pages = client.get_paginator("get_resources").paginate(restApiId=api_id, embed=["methods"])
    for page in pages:
        yield from page["items"]


def _routes(resource: Mapping[str, Any]) -> Iterator[Route]:
    path = resource["path"]
    for method, found in sorted((resource.get("resourceMethods") or {}).items()):
        name = f"{method} {path}"
        declared(found, ("apiKeyRequired", "requestValidatorId"), name)
        integration = found.get("methodIntegration")
        if not integration:
            raise Problem(f"{name} has no integration.", "Give its method one.")
        signed = signature_asked(found.get("authorizationType"), name)
        if integration["type"] == "MOCK":
            yield Route(method, path, read_mock(name, integration, found), signed, resource["id"])
        elif integration["type"] == "AWS_PROXY":
            declared(integration, ("requestParameters",), name)
            seconds = float(integration.get("timeoutInMillis") or SECONDS * 1000) / 1000
            function = Function(function_name(integration.get("uri"), name), "1.0", seconds)
            yield Route(method, path, function, signed, resource["id"])
        else:
            raise unsupported(name, f"an integration of type {integration['type']}")


def _named(answer: Answer, arrival: Arrival) -> Answer:
    named = (("x-amzn-RequestId", arrival.id), ("x-amz-apigw-id", arrival.id))
    return Answer(answer.status, (*answer.headers, *named), answer.body)


def _matches(types: tuple[str, ...], content_type: str | None) -> bool:
    """Whether a content type is one of the media types, in which `*` stands for any."""
    given = (content_type or "application/json").split(";")[0].strip().lower()
    kind, _, _ = given.partition("/")
    return any(found.lower() in ("*/*", f"{kind}/*", given) for found in types)
