"""HTTP APIs: `AWS::ApiGatewayV2::Api`, `Stage`, `Route`, `Integration` and `Authorizer`.

Source: AWS CloudFormation Template Reference, Amazon API Gateway V2. Their properties are the API's parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cncb_compiler.local.cloudformation.resource import Clients, Held, Place, Properties, ResourceType
from cncb_compiler.local.cloudformation.resources import tags
from cncb_compiler.local.cloudformation.resources.calls import absent_is_deleted, call
from cncb_compiler.local.cloudformation.resources.declared import declared_part, only_declared

SERVICE = "apigatewayv2"
_GONE = "NotFoundException"
_DEFAULTS = {"AuthorizerResultTtlInSeconds": 300, "TimeoutInMillis": 30_000}

_API = frozenset(
    {
        "ApiKeySelectionExpression",
        "CorsConfiguration",
        "Description",
        "DisableExecuteApiEndpoint",
        "DisableSchemaValidation",
        "Name",
        "ProtocolType",
        "RouteSelectionExpression",
        "Tags",
        "Version",
    }
)
_STAGE = frozenset(
    {
        "AccessLogSettings",
        "ApiId",
        "AutoDeploy",
        "ClientCertificateId",
        "DefaultRouteSettings",
        "Description",
        "RouteSettings",
        "StageName",
        "StageVariables",
        "Tags",
    }
)


def _create_api(clients: Clients, place: Place, properties: Properties) -> Held:
    made = call(clients(SERVICE), "create_api", **declared_part(properties, _API))
    execute = f"arn:aws:execute-api:{place.region}:{place.account}:{made['ApiId']}"
    attributes = {"ApiId": made["ApiId"], "ApiEndpoint": made["ApiEndpoint"], "ExecuteApiArn": execute}
    return Held(made["ApiId"], attributes)


def _read_api(clients: Clients, held: Held, declared: Properties) -> dict[str, Any]:
    return only_declared(clients(SERVICE).get_api(ApiId=held.physical_id), declared)


def _update_api(clients: Clients, held: Held, old: Properties, new: Properties) -> Held:
    client = clients(SERVICE)
    if "CorsConfiguration" in old and "CorsConfiguration" not in new:
        client.delete_cors_configuration(ApiId=held.physical_id)
    if changed := _changed(old, new, _API - {"CorsConfiguration", "ProtocolType", "Tags"}) | _put(
        old, new, ("CorsConfiguration",)
    ):
        call(client, "update_api", ApiId=held.physical_id, **changed)
    _set_tags(client, _arn(client, held.physical_id), old, new)
    return held


def _delete_api(clients: Clients, held: Held, _properties: Properties) -> None:
    with absent_is_deleted(_GONE):
        clients(SERVICE).delete_api(ApiId=held.physical_id)


def _create_stage(clients: Clients, _place: Place, properties: Properties) -> Held:
    made = call(clients(SERVICE), "create_stage", **declared_part(properties, _STAGE))
    return Held(made["StageName"])


def _read_stage(clients: Clients, held: Held, declared: Properties) -> dict[str, Any]:
    found = clients(SERVICE).get_stage(ApiId=declared["ApiId"], StageName=held.physical_id)
    return only_declared(found | {"ApiId": declared["ApiId"]}, declared)


def _update_stage(clients: Clients, held: Held, old: Properties, new: Properties) -> Held:
    client = clients(SERVICE)
    if "AccessLogSettings" in old and "AccessLogSettings" not in new:
        client.delete_access_log_settings(ApiId=new["ApiId"], StageName=held.physical_id)
    if changed := _changed(old, new, _STAGE - {"AccessLogSettings", "ApiId", "StageName", "Tags"}) | _put(
        old, new, ("AccessLogSettings",)
    ):
        call(client, "update_stage", ApiId=new["ApiId"], StageName=held.physical_id, **changed)
    _set_tags(client, f"{_arn(client, new['ApiId'])}/stages/{held.physical_id}", old, new)
    return held


def _delete_stage(clients: Clients, held: Held, properties: Properties) -> None:
    with absent_is_deleted(_GONE):
        clients(SERVICE).delete_stage(ApiId=properties["ApiId"], StageName=held.physical_id)


@dataclass(frozen=True, slots=True)
class _Child:
    """A part of an API that has an id: how the API's calls name it, and its properties."""

    noun: str
    properties: frozenset[str]

    @property
    def id_name(self) -> str:
        """The parameter and attribute that its id has: `RouteId`."""
        return f"{self.noun.capitalize()}Id"

    def create(self, clients: Clients, _place: Place, properties: Properties) -> Held:
        """Make it; `Ref` is its id."""
        made = call(clients(SERVICE), f"create_{self.noun}", **declared_part(properties, self.properties))
        return Held(made[self.id_name], {self.id_name: made[self.id_name]})

    def read(self, clients: Clients, held: Held, declared: Properties) -> Mapping[str, Any]:
        """What the API holds of it."""
        found = getattr(clients(SERVICE), f"get_{self.noun}")(**self._key(held, declared))
        return only_declared(found | {"ApiId": declared["ApiId"]}, declared)

    def update(self, clients: Clients, held: Held, old: Properties, new: Properties) -> Held:
        """Bring it to its new properties."""
        if changed := _changed(old, new, self.properties - {"ApiId"}):
            call(clients(SERVICE), f"update_{self.noun}", **self._key(held, new), **changed)
        return held

    def delete(self, clients: Clients, held: Held, properties: Properties) -> None:
        """Take it away, unless its API is gone already."""
        with absent_is_deleted(_GONE):
            getattr(clients(SERVICE), f"delete_{self.noun}")(**self._key(held, properties))

    def type(self, name: str, template_only: Mapping[str, str] | None = None) -> ResourceType:
        """The resource type."""
        return ResourceType(
            name,
            self.properties,
            self.create,
            self.read,
            self.update,
            self.delete,
            create_only=frozenset({"ApiId"}),
            template_only=template_only or {},
        )

    def _key(self, held: Held, properties: Properties) -> dict[str, str]:
        return {"ApiId": properties["ApiId"], self.id_name: held.physical_id}


def _put(old: Properties, new: Properties, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: new[name] for name in names if name in new and new[name] != old.get(name)}


def _changed(old: Properties, new: Properties, names: frozenset[str]) -> dict[str, Any]:
    """The properties to put: an update leaves what it does not name, so what is declared no more is put empty."""
    removed = {name: _DEFAULTS.get(name, type(old[name])()) for name in names if name in old and name not in new}
    return removed | _put(old, new, tuple(names))


def _arn(client: Any, api: str) -> str:
    return f"arn:aws:apigateway:{client.meta.region_name}::/apis/{api}"


def _set_tags(client: Any, arn: str, old: Properties, new: Properties) -> None:
    put, removed = tags.changes(old.get("Tags"), new.get("Tags"))
    if removed:
        client.untag_resource(ResourceArn=arn, TagKeys=removed)
    if put:
        client.tag_resource(ResourceArn=arn, Tags=put)


_ROUTE = _Child(
    "route",
    frozenset(
        {
            "ApiId",
            "ApiKeyRequired",
            "AuthorizationScopes",
            "AuthorizationType",
            "AuthorizerId",
            "ModelSelectionExpression",
            "OperationName",
            "RequestModels",
            "RequestParameters",
            "RouteKey",
            "RouteResponseSelectionExpression",
            "Target",
        }
    ),
)
_INTEGRATION = _Child(
    "integration",
    frozenset(
        {
            "ApiId",
            "ConnectionId",
            "ConnectionType",
            "ContentHandlingStrategy",
            "CredentialsArn",
            "Description",
            "IntegrationMethod",
            "IntegrationSubtype",
            "IntegrationType",
            "IntegrationUri",
            "PassthroughBehavior",
            "PayloadFormatVersion",
            "RequestParameters",
            "RequestTemplates",
            "ResponseParameters",
            "TemplateSelectionExpression",
            "TimeoutInMillis",
            "TlsConfig",
        }
    ),
)
_AUTHORIZER = _Child(
    "authorizer",
    frozenset(
        {
            "ApiId",
            "AuthorizerCredentialsArn",
            "AuthorizerPayloadFormatVersion",
            "AuthorizerResultTtlInSeconds",
            "AuthorizerType",
            "AuthorizerUri",
            "EnableSimpleResponses",
            "IdentitySource",
            "IdentityValidationExpression",
            "JwtConfiguration",
            "Name",
        }
    ),
)

TYPES = (
    ResourceType(
        "AWS::ApiGatewayV2::Api",
        _API,
        _create_api,
        _read_api,
        _update_api,
        _delete_api,
        create_only=frozenset({"ProtocolType"}),
        template_only={"IpAddressType": "This machine is reached by its loopback address only."},
    ),
    ResourceType(
        "AWS::ApiGatewayV2::Stage",
        _STAGE,
        _create_stage,
        _read_stage,
        _update_stage,
        _delete_stage,
        create_only=frozenset({"ApiId", "StageName"}),
    ),
    _ROUTE.type("AWS::ApiGatewayV2::Route"),
    _INTEGRATION.type("AWS::ApiGatewayV2::Integration"),
    _AUTHORIZER.type("AWS::ApiGatewayV2::Authorizer"),
)
"""The resource types of this module."""
