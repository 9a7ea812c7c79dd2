"""What moto's REST APIs lack of the Amazon API Gateway API, or lose of what they are given."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, wraps
from typing import Any
from urllib.parse import unquote


@cache
def mend() -> None:
    """Mend moto's REST APIs for the rest of this process."""
    from moto.apigateway import urls
    from moto.apigateway.models import Authorizer, RestAPI
    from moto.apigateway.responses import APIGatewayResponse

    authorizer: Any = Authorizer
    api: Any = RestAPI
    handler: Any = APIGatewayResponse
    handler.call_action = _not_found(handler.call_action)
    handler.create_rest_api = _with_media_types(handler.create_rest_api)
    handler.tag_resource = _of_apis_too(handler.tag_resource, _tag)
    handler.untag_resource = _of_apis_too(handler.untag_resource, _untag)
    authorizer.__init__ = _with_validation(authorizer.__init__)
    api.apply_patch_operations = _patched(api.apply_patch_operations)
    api.update_integration_mocks = _nothing
    urls.url_paths["{0}/tags/(?P<resource_arn>arn:[^/]+/restapis/[^/]+)$"] = handler.dispatch


def _not_found(original: Callable[..., Any]) -> Callable[..., Any]:
    """An id that names nothing is answered, where moto fails."""

    @wraps(original)
    def call_action(response: Any) -> Any:
        try:
            return original(response)
        except KeyError as error:
            return response.error("NotFoundException", f"Invalid identifier specified: {error}", 404)

    return call_action


def _with_media_types(original: Callable[..., Any]) -> Callable[..., Any]:
    """CreateRestApi takes binary media types."""

    @wraps(original)
    def create_rest_api(response: Any) -> Any:
        status, headers, body = original(response)
        wanted = response._get_param("binaryMediaTypes")
        if status != 200 or not wanted:
            return status, headers, body
        api = response.backend.get_rest_api(json.loads(body)["id"])
        api.binaryMediaTypes = wanted
        return status, headers, json.dumps(api.to_dict())

    return create_rest_api


def _of_apis_too(original: Callable[..., Any], change: Callable[..., None]) -> Callable[..., Any]:
    """Tags of an API: moto finds those of stages only."""

    @wraps(original)
    def action(response: Any) -> Any:
        arn = unquote(response.path)
        if "/stages/" in arn:
            return original(response)
        change(response, response.backend.get_rest_api(arn.rpartition("/")[2]))
        return "{}"

    return action


def _tag(response: Any, api: Any) -> None:
    api.tags = api.tags | response._get_param("tags")


def _untag(response: Any, api: Any) -> None:
    gone = response.querystring.get("tagKeys") or []
    api.tags = {key: value for key, value in api.tags.items() if key not in gone}


def _with_validation(original: Callable[..., Any]) -> Callable[..., Any]:
    """An authorizer keeps its expression: moto hands it on under a name that it does not read."""

    @wraps(original)
    def initialized(authorizer: Any, *given: Any, **named: Any) -> None:
        original(authorizer, *given, **named)
        authorizer.identity_validation_expression = named.get("identiy_validation_expression")

    return initialized


def _patched(original: Callable[..., Any]) -> Callable[..., Any]:
    """UpdateRestApi takes a compression size, and `false` for false."""

    @wraps(original)
    def apply_patch_operations(api: Any, patch_operations: list[dict[str, Any]]) -> None:
        original(api, patch_operations)
        for operation in patch_operations:
            value = operation.get("value", "")
            if operation["path"] == "/disableExecuteApiEndpoint":
                api.disableExecuteApiEndpoint = value == "true"
            elif operation["path"] == "/minimumCompressionSize":
                api.minimum_compression_size = int(value) if value else None

    return apply_patch_operations


def _nothing(_api: Any, _stage_name: str) -> None:
    """Moto would answer calls of an API itself, in the process that makes them: here nobody makes any."""
