"""What moto's HTTP APIs lack of the Amazon API Gateway Version 2 API: changing a stage and its tags."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import unquote

_STAGE = "{0}/v2/apis/(?P<api_id>[^/]+)/stages/(?P<stage_name>[^/]+)"
_TAGS = "{0}/v2/tags/(?P<resource_arn>[^/]+/apis/[^/]+/stages/[^/]+)$"


def mend() -> None:
    """Mend moto's HTTP APIs for the rest of this process."""
    from moto.apigateway import urls as rest_urls
    from moto.apigatewayv2 import urls
    from moto.apigatewayv2.responses import ApiGatewayV2Response

    handler: Any = ApiGatewayV2Response
    handler.update_stage = _update_stage
    handler.delete_access_log_settings = _delete_access_log_settings
    handler.tag_resource = _of_stages_too(handler.tag_resource, _tag)
    handler.untag_resource = _of_stages_too(handler.untag_resource, _untag)
    for paths in (urls.url_paths, rest_urls.url_paths):
        paths[f"{_STAGE}/accesslogsettings$"] = handler.dispatch
        paths[_TAGS] = handler.dispatch


def _update_stage(response: Any) -> tuple[int, dict[str, str], str]:
    """UpdateStage: a new stage with the settings of the old one and what the request names."""
    stage = _stage(response, response.path)
    created = stage.created
    config = stage.config | {"stageName": stage.name, "tags": stage.tags} | json.loads(response.body)
    changed = response.apigatewayv2_backend.create_stage(_api(response.path), config)
    changed.created = created
    return 200, {}, json.dumps(changed.to_json())


def _delete_access_log_settings(response: Any) -> tuple[int, dict[str, str], str]:
    stage = _stage(response, response.path.rpartition("/")[0])
    stage.config.pop("accessLogSettings", None)
    stage.access_log_settings = None
    return 204, {}, ""


def _of_stages_too(original: Callable[..., Any], change: Callable[..., None]) -> Callable[..., Any]:
    """Tags of a stage: moto keeps them with the stage, and finds those of APIs only."""

    @wraps(original)
    def action(response: Any) -> Any:
        arn = unquote(response.path)
        if "/stages/" not in arn:
            return original(response)
        change(response, _stage(response, arn))
        return 201, {}, "{}"

    return action


def _tag(response: Any, stage: Any) -> None:
    stage.tags = stage.tags | json.loads(response.body)["tags"]


def _untag(response: Any, stage: Any) -> None:
    gone = response.querystring.get("tagKeys") or []
    stage.tags = {key: value for key, value in stage.tags.items() if key not in gone}


def _stage(response: Any, path: str) -> Any:
    return response.apigatewayv2_backend.get_stage(_api(path), unquote(path.rpartition("/")[2]))


def _api(path: str) -> str:
    return path.partition("/apis/")[2].partition("/")[0]
