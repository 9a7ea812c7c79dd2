"""The REST API of a service (API Gateway v1): a resource per path segment, a method per declared route.

Access logs of REST APIs need, once per account and region, the role that API Gateway writes with (Amazon
API Gateway: Set up CloudWatch logging, `AWS::ApiGateway::Account`). It belongs to the account, so no
service's stack can own it.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

import orjson

from cncb_compiler.aws import naming
from cncb_compiler.aws.access_log import access_log
from cncb_compiler.aws.http_api import AUTHORIZATION, PATTERN, PREFLIGHT_SECONDS, invoke_permission
from cncb_compiler.aws.places import type_of
from cncb_compiler.aws.stack import Stack
from cncb_compiler.aws.values import Resource, Value, get_att, ref, resource, sub
from cncb_compiler.model.function import Cors
from cncb_compiler.plan.function import FunctionPlan, RouteTrigger
from cncb_compiler.plan.service import Api

DEPLOYED_KINDS = frozenset(
    f"AWS::ApiGateway::{kind}"
    for kind in (
        "Authorizer",
        "GatewayResponse",
        "Method",
        "Model",
        "RequestValidator",
        "Resource",
        "RestApi",
    )
)
"""The kinds of resources whose changes reach callers only by a new deployment."""

_NO_CACHE = ("CKV_AWS_120", "Answers are read from a view made for them; a cache would only make them older.")
_OPEN_METHOD = ("CKV_AWS_59", "Open to anybody, as the route's `auth: none` says.")
_UNSAFE = re.compile(r"[^\x21-\x7e]|['\"\\#$]")


def rest_api_resources(
    stack: Stack, api: Api, routed: list[tuple[FunctionPlan, str, RouteTrigger]]
) -> dict[str, Resource]:
    """The API, stage, deployment, access log and routes (functions with stem and route), by logical id."""
    plan = stack.plan
    declaration = str(api.at)
    log_id, log, settings = access_log(stack, naming.REST_API_ACCESS_LOGS, "resourcePath", declaration)
    made: dict[str, Resource] = {
        naming.REST_API: resource(
            "AWS::ApiGateway::RestApi",
            {
                "Name": sub(f"{plan.system}-{plan.service}-${{{naming.STAGE}}}"),
                "EndpointConfiguration": {"Types": ["REGIONAL"]},
                "Tags": stack.tags,
            },
            declaration,
            PATTERN,
        ),
        log_id: log,
    }
    for path, at in sorted(_paths(routed).items()):
        made[naming.path_id(path)] = _path(path, at)
    methods: dict[str, Resource] = {}
    for function, stem, route in routed:
        methods[f"{stem}Method"] = _method(function, route)
    if api.cors is not None:
        methods |= _preflights(api.cors, routed)
        methods |= _gateway_responses(api.cors, declaration)
    made |= methods
    for function, stem, route in routed:
        stage = f"${{{naming.REST_API_STAGE}}}"
        made[f"{stem}ApiPermission"] = invoke_permission(function, route, naming.REST_API, stage)
    deployment = resource("AWS::ApiGateway::Deployment", {"RestApiId": ref(naming.REST_API)}, declaration, PATTERN)
    made[naming.REST_API_DEPLOYMENT] = {**deployment, "DependsOn": sorted(methods)} if methods else deployment
    made[naming.REST_API_STAGE] = resource(
        "AWS::ApiGateway::Stage",
        {
            "RestApiId": ref(naming.REST_API),
            "DeploymentId": ref(naming.REST_API_DEPLOYMENT),
            "StageName": ref(naming.STAGE),
            "AccessLogSetting": settings,
            "TracingEnabled": True,
            "Tags": stack.tags,
        },
        declaration,
        PATTERN,
        (_NO_CACHE,),
    )
    return made


def with_deployment_id(resources: dict[str, Resource]) -> dict[str, Resource]:
    """The resources with the deployment's id completed by a hash of what it deploys.

    A deployment is a snapshot. Only a new one brings changed routes to callers, so its id has to change
    with them, and with nothing else. This comes last, so that raw resources and overrides count too.
    """
    if naming.REST_API_DEPLOYMENT not in resources:
        return resources
    deployed = [
        (logical_id, {key: value for key, value in made.get("Properties", {}).items() if key != "Tags"})
        for logical_id, made in sorted(resources.items())
        if type_of(made) in DEPLOYED_KINDS and isinstance(made.get("Properties", {}), dict)
    ]
    digest = hashlib.sha256(orjson.dumps(deployed, option=orjson.OPT_NON_STR_KEYS)).hexdigest()[:10]
    complete = naming.REST_API_DEPLOYMENT + digest
    renamed = {complete if key == naming.REST_API_DEPLOYMENT else key: made for key, made in resources.items()}
    stage = renamed.get(naming.REST_API_STAGE)
    if stage is not None and isinstance(stage.get("Properties"), dict):
        properties = stage["Properties"]
        if properties.get("DeploymentId") == ref(naming.REST_API_DEPLOYMENT):
            renamed[naming.REST_API_STAGE] = {
                **stage,
                "Properties": {**properties, "DeploymentId": ref(complete)},
            }
    return renamed


def _paths(routed: list[tuple[FunctionPlan, str, RouteTrigger]]) -> dict[str, str]:
    """Every path that needs a resource, with the first route (by method and path) that asks for it."""
    paths: dict[str, str] = {}
    for _, _, route in routed:
        for path in naming.prefixes(route.path):
            paths.setdefault(path, str(route.at))
    return paths


def _path(path: str, declaration: str) -> Resource:
    above, _, segment = path.rpartition("/")
    return resource(
        "AWS::ApiGateway::Resource",
        {"RestApiId": ref(naming.REST_API), "ParentId": _resource_of(above), "PathPart": segment},
        declaration,
        PATTERN,
    )


def _resource_of(path: str) -> Value:
    if path in ("", "/"):
        return get_att(naming.REST_API, "RootResourceId")
    return ref(naming.path_id(path))


def _method(function: FunctionPlan, route: RouteTrigger) -> Resource:
    invoke = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
    return resource(
        "AWS::ApiGateway::Method",
        {
            "RestApiId": ref(naming.REST_API),
            "ResourceId": _resource_of(route.path),
            "HttpMethod": route.method,
            "AuthorizationType": AUTHORIZATION[route.auth],
            "Integration": {
                "Type": "AWS_PROXY",
                "IntegrationHttpMethod": "POST",
                "Uri": sub(f"{invoke}${{{naming.function_id(function.name)}.Arn}}/invocations"),
            },
        },
        route.at,
        function.pattern,
        (_OPEN_METHOD,) if route.auth == "none" else (),
    )


def _preflights(cors: Cors, routed: list[tuple[FunctionPlan, str, RouteTrigger]]) -> dict[str, Resource]:
    """An OPTIONS method for each path with routes, unless a route answers it itself."""
    by_path: dict[str, list[RouteTrigger]] = {}
    for _, _, route in routed:
        by_path.setdefault(route.path, []).append(route)
    return {
        naming.options_id(path): _preflight(cors, path, routes)
        for path, routes in sorted(by_path.items())
        if all(route.method != "OPTIONS" for route in routes)
    }


def _preflight(cors: Cors, path: str, routes: list[RouteTrigger]) -> Resource:
    origins = [_header_safe(origin) for origin in cors.origins]
    headers = {
        "Access-Control-Allow-Headers": ",".join(_header_safe(header) for header in cors.headers),
        "Access-Control-Allow-Methods": ",".join(sorted({route.method for route in routes})),
        "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
    }
    response: dict[str, Any] = {"StatusCode": "204"}
    if len(origins) == 1:
        headers["Access-Control-Allow-Origin"] = origins[0]
    else:
        headers["Vary"] = "Origin"
        response["ResponseTemplates"] = {"application/json": _allow_listed_origin(origins)}
    response["ResponseParameters"] = {
        f"method.response.header.{name}": f"'{headers[name]}'" for name in sorted(headers)
    }
    declared = {**headers, "Access-Control-Allow-Origin": ""}
    return resource(
        "AWS::ApiGateway::Method",
        {
            "RestApiId": ref(naming.REST_API),
            "ResourceId": _resource_of(path),
            "HttpMethod": "OPTIONS",
            "AuthorizationType": "NONE",
            "Integration": {
                "Type": "MOCK",
                "RequestTemplates": {"application/json": '{"statusCode": 204}'},
                "IntegrationResponses": [response],
            },
            "MethodResponses": [
                {
                    "StatusCode": "204",
                    "ResponseParameters": {f"method.response.header.{name}": True for name in sorted(declared)},
                }
            ],
        },
        routes[0].at,
        PATTERN,
    )


def _allow_listed_origin(origins: list[str]) -> str:
    """A response template (VTL) that repeats a listed caller's origin: the header holds only one."""
    listed = " || ".join(f'$origin == "{origin}"' for origin in origins)
    header = "$context.responseOverride.header.Access-Control-Allow-Origin"
    return "\n".join(
        [
            '#set($origin = $input.params("origin"))',
            '#if($origin == "")#set($origin = $input.params("Origin"))#end',
            f"#if({listed})#set({header} = $origin)#end",
        ]
    )


def _gateway_responses(cors: Cors, declaration: str) -> dict[str, Resource]:
    """Errors that API Gateway answers itself, readable by a page of the allowed origin.

    With several origins they stay unreadable to pages: these responses cannot choose one.
    """
    if len(cors.origins) != 1:
        return {}
    header = {"gatewayresponse.header.Access-Control-Allow-Origin": f"'{_header_safe(cors.origins[0])}'"}
    kinds = ((naming.REST_API_CLIENT_ERRORS, "DEFAULT_4XX"), (naming.REST_API_SERVER_ERRORS, "DEFAULT_5XX"))
    return {
        logical_id: resource(
            "AWS::ApiGateway::GatewayResponse",
            {"RestApiId": ref(naming.REST_API), "ResponseType": kind, "ResponseParameters": header},
            declaration,
            PATTERN,
        )
        for logical_id, kind in kinds
    }


def _header_safe(text: str) -> str:
    """A header's value without what would end the quotes around it here, or be run by a response template."""
    return _UNSAFE.sub("", text)
