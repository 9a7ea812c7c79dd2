"""`AWS::ApiGateway::Stage` (AWS CloudFormation Template Reference: Amazon API Gateway)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cncb_compiler.local.cloudformation.resource import Clients, Held, Place, Properties, ResourceType
from cncb_compiler.local.cloudformation.resources import tags
from cncb_compiler.local.cloudformation.resources.apigateway_words import (
    GONE,
    SERVICE,
    all_known,
    api_words,
    replaced,
    replacement,
    template_words,
)
from cncb_compiler.local.cloudformation.resources.calls import absent_is_deleted, call
from cncb_compiler.local.cloudformation.resources.declared import only_declared

_KEY = ("RestApiId", "StageName")
_CREATED = ("DeploymentId", "Description", "TracingEnabled", "Variables")
_REPLACED = ("DeploymentId", "Description", "TracingEnabled")
_ACCESS_LOG = {"DestinationArn": "destinationArn", "Format": "format"}
_METHOD_SETTINGS = {
    "CacheDataEncrypted": "caching/dataEncrypted",
    "CacheTtlInSeconds": "caching/ttlInSeconds",
    "CachingEnabled": "caching/enabled",
    "DataTraceEnabled": "logging/dataTrace",
    "LoggingLevel": "logging/loglevel",
    "MetricsEnabled": "metrics/enabled",
    "ThrottlingBurstLimit": "throttling/burstLimit",
    "ThrottlingRateLimit": "throttling/rateLimit",
}


def _create(clients: Clients, _place: Place, properties: Properties) -> Held:
    client = clients(SERVICE)
    request = api_words(properties, (*_KEY, *_CREATED))
    call(client, "create_stage", **request, tags=tags.as_map(properties.get("Tags")))
    _patch(client, properties, [*_access_log({}, properties), *_method_settings({}, properties)])
    return Held(properties["StageName"])


def _read(clients: Clients, held: Held, declared: Properties) -> dict[str, Any]:
    stage = clients(SERVICE).get_stage(restApiId=declared["RestApiId"], stageName=held.physical_id)
    found = template_words(stage, ("StageName", *_CREATED)) | {"RestApiId": declared["RestApiId"]}
    if settings := stage.get("accessLogSettings"):
        found["AccessLogSetting"] = template_words(settings, _ACCESS_LOG)
    found["MethodSettings"] = [
        _place_of(place) | template_words(settings, _METHOD_SETTINGS)
        for place, settings in stage.get("methodSettings", {}).items()
    ]
    found["Tags"] = tags.as_list(stage.get("tags"))
    return only_declared(found, declared)


def _update(clients: Clients, held: Held, old: Properties, new: Properties) -> Held:
    client = clients(SERVICE)
    changes = [*replaced(old, new, _REPLACED), *_variables(old, new)]
    _patch(client, new, [*changes, *_access_log(old, new), *_method_settings(old, new)])
    put, removed = tags.changes(old.get("Tags"), new.get("Tags"))
    region = client.meta.region_name
    arn = f"arn:aws:apigateway:{region}::/restapis/{new['RestApiId']}/stages/{held.physical_id}"
    if removed:
        client.untag_resource(resourceArn=arn, tagKeys=removed)
    if put:
        client.tag_resource(resourceArn=arn, tags=put)
    return held


def _delete(clients: Clients, _held: Held, properties: Properties) -> None:
    with absent_is_deleted(GONE):
        clients(SERVICE).delete_stage(**api_words(properties, _KEY))


def _patch(client: Any, properties: Properties, operations: list[dict[str, str]]) -> None:
    if operations:
        client.update_stage(**api_words(properties, _KEY), patchOperations=operations)


def _variables(old: Properties, new: Properties) -> Iterator[dict[str, str]]:
    put, removed = tags.changes(old.get("Variables"), new.get("Variables"))
    yield from (replacement(f"/variables/{name}", value) for name, value in put.items())
    yield from ({"op": "remove", "path": f"/variables/{name}"} for name in removed)


def _access_log(old: Properties, new: Properties) -> Iterator[dict[str, str]]:
    was, now = old.get("AccessLogSetting"), new.get("AccessLogSetting")
    if was and not now:
        yield {"op": "remove", "path": "/accessLogSettings"}
    elif now and now != was:
        all_known("an access log", now, _ACCESS_LOG)
        for name, value in now.items():
            yield replacement(f"/accessLogSettings/{_ACCESS_LOG[name]}", value)


def _method_settings(old: Properties, new: Properties) -> Iterator[dict[str, str]]:
    if new.get("MethodSettings") == old.get("MethodSettings"):
        return
    for settings in new.get("MethodSettings", ()):
        all_known("a method's settings", settings, ("ResourcePath", "HttpMethod", *_METHOD_SETTINGS))
        path = settings["ResourcePath"].removeprefix("/").replace("/", "~1") or "~1"
        for name, suffix in _METHOD_SETTINGS.items():
            if name in settings:
                yield replacement(f"/{path}/{settings['HttpMethod']}/{suffix}", settings[name])


def _place_of(place: str) -> dict[str, Any]:
    path, _, method = place.rpartition("/")
    return {"ResourcePath": "/" + path.replace("~1", "/").removeprefix("/"), "HttpMethod": method}


STAGE = ResourceType(
    "AWS::ApiGateway::Stage",
    frozenset({*_KEY, *_CREATED, "AccessLogSetting", "MethodSettings", "Tags"}),
    _create,
    _read,
    _update,
    _delete,
    create_only=frozenset(_KEY),
    template_only={
        "CacheClusterEnabled": "Nothing here answers from a cache.",
        "CacheClusterSize": "Nothing here answers from a cache.",
        "DocumentationVersion": "The endpoint keeps no documentation of APIs.",
    },
)
"""A stage of a REST API: what callers reach of it."""
