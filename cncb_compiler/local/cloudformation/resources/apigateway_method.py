"""`AWS::ApiGateway::Method` (AWS CloudFormation Template Reference: Amazon API Gateway)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cncb_compiler.local.cloudformation.resource import Clients, Held, Place, Properties, ResourceType
from cncb_compiler.local.cloudformation.resources.apigateway_words import (
    GONE,
    SERVICE,
    all_known,
    api_words,
    template_words,
)
from cncb_compiler.local.cloudformation.resources.calls import absent_is_deleted, call
from cncb_compiler.local.cloudformation.resources.declared import only_declared

_KEY = ("RestApiId", "ResourceId", "HttpMethod")
_METHOD = (
    "ApiKeyRequired",
    "AuthorizationScopes",
    "AuthorizationType",
    "AuthorizerId",
    "OperationName",
    "RequestModels",
    "RequestParameters",
    "RequestValidatorId",
)
_INTEGRATION = (
    "ConnectionType",
    "ContentHandling",
    "Credentials",
    "PassthroughBehavior",
    "RequestParameters",
    "RequestTemplates",
    "TimeoutInMillis",
    "Type",
    "Uri",
)
_INTEGRATION_RESPONSE = (
    "ContentHandling",
    "ResponseParameters",
    "ResponseTemplates",
    "SelectionPattern",
    "StatusCode",
)
_METHOD_RESPONSE = ("ResponseModels", "ResponseParameters", "StatusCode")
_VERB = "IntegrationHttpMethod"


def _create(clients: Clients, _place: Place, properties: Properties) -> Held:
    _put(clients(SERVICE), properties)
    return Held("|".join(properties[name] for name in _KEY))


def _put(client: Any, properties: Properties) -> None:
    key = api_words(properties, _KEY)
    call(client, "put_method", **key, **api_words(properties, _METHOD))
    for response in properties.get("MethodResponses", ()):
        all_known("a method response", response, _METHOD_RESPONSE)
        call(client, "put_method_response", **key, **api_words(response, _METHOD_RESPONSE))
    if integration := properties.get("Integration"):
        _put_integration(client, key, integration)


def _put_integration(client: Any, key: dict[str, Any], integration: Mapping[str, Any]) -> None:
    all_known("an integration", integration, (*_INTEGRATION, _VERB, "IntegrationResponses"))
    verb = {"integrationHttpMethod": integration[_VERB]} if _VERB in integration else {}
    call(client, "put_integration", **key, **api_words(integration, _INTEGRATION), **verb)
    for response in integration.get("IntegrationResponses", ()):
        all_known("an integration response", response, _INTEGRATION_RESPONSE)
        call(client, "put_integration_response", **key, **api_words(response, _INTEGRATION_RESPONSE))


def _read(clients: Clients, held: Held, declared: Properties) -> dict[str, Any]:
    key = dict(zip(_KEY, held.physical_id.split("|"), strict=True))
    method = clients(SERVICE).get_method(**api_words(key, _KEY))
    found = key | template_words(method, _METHOD)
    responses = method.get("methodResponses", {}).values()
    found["MethodResponses"] = [template_words(response, _METHOD_RESPONSE) for response in responses]
    if integration := method.get("methodIntegration"):
        found["Integration"] = template_words(integration, _INTEGRATION)
        found["Integration"][_VERB] = integration.get("httpMethod")
        responses = integration.get("integrationResponses", {}).values()
        found["Integration"]["IntegrationResponses"] = [
            template_words(response, _INTEGRATION_RESPONSE) for response in responses
        ]
    return only_declared(found, declared)


def _update(clients: Clients, held: Held, _old: Properties, new: Properties) -> Held:
    """Make the method anew: callers see nothing of it before the next deployment."""
    client = clients(SERVICE)
    client.delete_method(**api_words(new, _KEY))
    _put(client, new)
    return held


def _delete(clients: Clients, _held: Held, properties: Properties) -> None:
    with absent_is_deleted(GONE):
        clients(SERVICE).delete_method(**api_words(properties, _KEY))


METHOD = ResourceType(
    "AWS::ApiGateway::Method",
    frozenset({*_KEY, *_METHOD, "Integration", "MethodResponses"}),
    _create,
    _read,
    _update,
    _delete,
    create_only=frozenset(_KEY),
)
"""A method of a path of a REST API, with its integration and responses."""
