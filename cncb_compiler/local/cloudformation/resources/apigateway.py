"""REST APIs (AWS CloudFormation Template Reference: Amazon API Gateway)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cncb_compiler.local.cloudformation.resource import Clients, Held, NotHeldError, Place, Properties, ResourceType
from cncb_compiler.local.cloudformation.resources import tags
from cncb_compiler.local.cloudformation.resources.apigateway_method import METHOD
from cncb_compiler.local.cloudformation.resources.apigateway_stage import STAGE
from cncb_compiler.local.cloudformation.resources.apigateway_words import (
    GONE,
    SERVICE,
    api_words,
    replaced,
    replacement,
    template_words,
)
from cncb_compiler.local.cloudformation.resources.calls import absent_is_deleted, call
from cncb_compiler.local.cloudformation.resources.declared import only_declared
from cncb_compiler.local.cloudformation.resources.words import document, text

_API = ("BinaryMediaTypes", "Description", "DisableExecuteApiEndpoint", "MinimumCompressionSize", "Name")
_REPLACED = ("Description", "DisableExecuteApiEndpoint", "MinimumCompressionSize", "Name")


def _create_api(clients: Clients, _place: Place, properties: Properties) -> Held:
    request = api_words(properties, _API) | {"tags": tags.as_map(properties.get("Tags"))}
    if "ApiKeySourceType" in properties:
        request["apiKeySource"] = properties["ApiKeySourceType"]
    if "Policy" in properties:
        request["policy"] = text(properties["Policy"])
    if "EndpointConfiguration" in properties:
        request["endpointConfiguration"] = api_words(properties["EndpointConfiguration"], ("Types", "VpcEndpointIds"))
    made = call(clients(SERVICE), "create_rest_api", **request)
    return Held(made["id"], {"RestApiId": made["id"], "RootResourceId": made["rootResourceId"]})


def _read_api(clients: Clients, held: Held, declared: Properties) -> dict[str, Any]:
    api = clients(SERVICE).get_rest_api(restApiId=held.physical_id)
    found = template_words(api, _API)
    found["ApiKeySourceType"] = api.get("apiKeySource")
    found["EndpointConfiguration"] = template_words(api["endpointConfiguration"], ("Types", "VpcEndpointIds"))
    found["Tags"] = tags.as_list(api.get("tags"))
    if "Policy" in declared:
        found["Policy"] = document(declared["Policy"], api.get("policy"))
    return only_declared(found, declared)


def _update_api(clients: Clients, held: Held, old: Properties, new: Properties) -> Held:
    client = clients(SERVICE)
    operations = replaced(old, new, _REPLACED)
    if new.get("ApiKeySourceType") != old.get("ApiKeySourceType"):
        operations.append(replacement("/apiKeySource", new.get("ApiKeySourceType", "HEADER")))
    if new.get("Policy") != old.get("Policy"):
        operations.append(replacement("/policy", text(new.get("Policy", ""))))
    for name in ("BinaryMediaTypes", "EndpointConfiguration"):
        if new.get(name) != old.get(name):
            raise NotHeldError(f"The endpoint cannot change {name} of an API")
    if operations:
        client.update_rest_api(restApiId=held.physical_id, patchOperations=operations)
    put, removed = tags.changes(old.get("Tags"), new.get("Tags"))
    arn = f"arn:aws:apigateway:{client.meta.region_name}::/restapis/{held.physical_id}"
    if removed:
        client.untag_resource(resourceArn=arn, tagKeys=removed)
    if put:
        client.tag_resource(resourceArn=arn, tags=put)
    return held


def _delete_api(clients: Clients, held: Held, _properties: Properties) -> None:
    with absent_is_deleted(GONE):
        clients(SERVICE).delete_rest_api(restApiId=held.physical_id)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a REST API: how the API's calls name it, and what identifies it.

    `id_name` is the parameter that identifies it; `answer_id` is where the answer to its making has that.
    `replaceable` are the properties that an update may change; `documents` those that are JSON.
    """

    name: str
    noun: str
    properties: tuple[str, ...]
    id_name: str
    answer_id: str
    attribute: str | None
    replaceable: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()

    def create(self, clients: Clients, _place: Place, properties: Properties) -> Held:
        """Make it; `Ref` is its id."""
        written = {name: text(properties[name]) for name in self.documents if name in properties}
        given = api_words({**properties, **written}, ("RestApiId", *self.properties))
        made = call(clients(SERVICE), f"create_{self.noun}", **given)
        attributes = {self.attribute: made[self.answer_id]} if self.attribute else {}
        return Held(made[self.answer_id], attributes)

    def read(self, clients: Clients, held: Held, declared: Properties) -> Mapping[str, Any]:
        """What the API holds of it."""
        found = getattr(clients(SERVICE), f"get_{self.noun}")(**self._key(held, declared))
        held_words = template_words(found, self.properties) | {"RestApiId": declared["RestApiId"]}
        for name in self.documents:
            if name in declared:
                held_words[name] = document(declared[name], held_words.get(name))
        return only_declared(held_words, declared)

    def update(self, clients: Clients, held: Held, old: Properties, new: Properties) -> Held:
        """Bring it to its new properties."""
        if operations := replaced(old, new, self.replaceable):
            change = getattr(clients(SERVICE), f"update_{self.noun}")
            change(**self._key(held, new), patchOperations=operations)
        return held

    def delete(self, clients: Clients, held: Held, properties: Properties) -> None:
        """Take it away, unless its API is gone already."""
        with absent_is_deleted(GONE):
            getattr(clients(SERVICE), f"delete_{self.noun}")(**self._key(held, properties))

    @property
    def type(self) -> ResourceType:
        """The resource type."""
        held = frozenset({"RestApiId", *self.properties})
        return ResourceType(
            self.name,
            held,
            self.create,
            self.read,
            self.update,
            self.delete,
            create_only=held - set(self.replaceable),
        )

    def _key(self, held: Held, properties: Properties) -> dict[str, str]:
        return {"restApiId": properties["RestApiId"], self.id_name: held.physical_id}


def _put_response(clients: Clients, _place: Place, properties: Properties) -> Held:
    call(clients(SERVICE), "put_gateway_response", **api_words(properties, _RESPONSE))
    made = f"{properties['RestApiId']}|{properties['ResponseType']}"
    return Held(made, {"Id": made})


def _read_response(clients: Clients, _held: Held, declared: Properties) -> dict[str, Any]:
    found = clients(SERVICE).get_gateway_response(**api_words(declared, _RESPONSE_KEY))
    return only_declared(template_words(found, _RESPONSE) | {"RestApiId": declared["RestApiId"]}, declared)


def _update_response(clients: Clients, held: Held, _old: Properties, new: Properties) -> Held:
    call(clients(SERVICE), "put_gateway_response", **api_words(new, _RESPONSE))
    return held


def _delete_response(clients: Clients, _held: Held, properties: Properties) -> None:
    with absent_is_deleted(GONE):
        clients(SERVICE).delete_gateway_response(**api_words(properties, _RESPONSE_KEY))


def _set_account(clients: Clients, place: Place, properties: Properties) -> Held:
    _put_role(clients, properties)
    return Held(place.generated_name, {"Id": place.generated_name})


def _read_account(clients: Clients, _held: Held, declared: Properties) -> dict[str, Any]:
    account = clients(SERVICE).get_account()
    return only_declared({"CloudWatchRoleArn": account.get("cloudwatchRoleArn")}, declared)


def _update_account(clients: Clients, held: Held, _old: Properties, new: Properties) -> Held:
    _put_role(clients, new)
    return held


def _keep_account(_clients: Clients, _held: Held, _properties: Properties) -> None:
    """The account keeps its role, as at AWS: there is no deleting it."""


def _put_role(clients: Clients, properties: Properties) -> None:
    change = replacement("/cloudwatchRoleArn", properties.get("CloudWatchRoleArn", ""))
    clients(SERVICE).update_account(patchOperations=[change])


_RESPONSE_KEY = ("RestApiId", "ResponseType")
_RESPONSE = (*_RESPONSE_KEY, "ResponseParameters", "ResponseTemplates", "StatusCode")
_AUTHORIZER = (
    "AuthType",
    "AuthorizerCredentials",
    "AuthorizerResultTtlInSeconds",
    "AuthorizerUri",
    "IdentitySource",
    "IdentityValidationExpression",
    "Name",
    "Type",
)
_VALIDATED = ("ValidateRequestBody", "ValidateRequestParameters")

_PARTS = (
    _Part("AWS::ApiGateway::Resource", "resource", ("ParentId", "PathPart"), "resourceId", "id", "ResourceId"),
    _Part("AWS::ApiGateway::Deployment", "deployment", ("Description",), "deploymentId", "id", "DeploymentId"),
    _Part(
        "AWS::ApiGateway::Authorizer",
        "authorizer",
        (*_AUTHORIZER, "ProviderARNs"),
        "authorizerId",
        "id",
        "AuthorizerId",
        replaceable=_AUTHORIZER,
    ),
    _Part(
        "AWS::ApiGateway::RequestValidator",
        "request_validator",
        ("Name", *_VALIDATED),
        "requestValidatorId",
        "id",
        "RequestValidatorId",
        replaceable=_VALIDATED,
    ),
    _Part(
        "AWS::ApiGateway::Model",
        "model",
        ("ContentType", "Description", "Name", "Schema"),
        "modelName",
        "name",
        None,
        documents=("Schema",),
    ),
)

TYPES = (
    ResourceType(
        "AWS::ApiGateway::RestApi",
        frozenset({*_API, "ApiKeySourceType", "EndpointConfiguration", "Policy", "Tags"}),
        _create_api,
        _read_api,
        _update_api,
        _delete_api,
        template_only={
            "EndpointAccessMode": "This machine is reached without TLS.",
            "SecurityPolicy": "This machine is reached without TLS.",
        },
    ),
    METHOD,
    STAGE,
    *(part.type for part in _PARTS),
    ResourceType(
        "AWS::ApiGateway::GatewayResponse",
        frozenset(_RESPONSE),
        _put_response,
        _read_response,
        _update_response,
        _delete_response,
        create_only=frozenset(_RESPONSE_KEY),
    ),
    ResourceType(
        "AWS::ApiGateway::Account",
        frozenset({"CloudWatchRoleArn"}),
        _set_account,
        _read_account,
        _update_account,
        _keep_account,
    ),
)
"""The resource types of this module."""
