"""The HTTP API of a service (API Gateway v2): one route and one integration per declared route."""

from __future__ import annotations

from typing import Any

from cncb_compiler.aws import naming
from cncb_compiler.aws.access_log import access_log
from cncb_compiler.aws.stack import Stack
from cncb_compiler.aws.values import Resource, get_att, ref, resource, sub
from cncb_compiler.plan.function import FunctionPlan, RouteTrigger
from cncb_compiler.plan.service import Api

PATTERN = "api"
PREFLIGHT_SECONDS = 600
"""How long a browser may remember what it was told about CORS."""

AUTHORIZATION = {"none": "NONE", "iam": "AWS_IAM"}


def http_api_resources(
    stack: Stack, api: Api, routed: list[tuple[FunctionPlan, str, RouteTrigger]]
) -> dict[str, Resource]:
    """The API, its stage and access log, and its routes (functions with stem and route), by logical id."""
    plan = stack.plan
    declaration = str(api.at)
    properties: dict[str, Any] = {
        "Name": sub(f"{plan.system}-{plan.service}-${{{naming.STAGE}}}"),
        "ProtocolType": "HTTP",
    }
    if api.cors is not None:
        properties["CorsConfiguration"] = {
            "AllowOrigins": list(api.cors.origins),
            "AllowHeaders": list(api.cors.headers),
            "AllowMethods": sorted({route.method for _, _, route in routed}),
            "MaxAge": PREFLIGHT_SECONDS,
        }
    properties["Tags"] = stack.tag_map
    log_id, log, settings = access_log(stack, naming.HTTP_API_ACCESS_LOGS, "routeKey", declaration)
    made: dict[str, Resource] = {
        naming.HTTP_API: resource("AWS::ApiGatewayV2::Api", properties, declaration, PATTERN),
        log_id: log,
        naming.HTTP_API_STAGE: resource(
            "AWS::ApiGatewayV2::Stage",
            {
                "ApiId": ref(naming.HTTP_API),
                "StageName": "$default",
                "AutoDeploy": True,
                "AccessLogSettings": settings,
                "Tags": stack.tag_map,
            },
            declaration,
            PATTERN,
        ),
    }
    for function, stem, route in routed:
        made |= _route(function, stem, route)
    return made


def _route(function: FunctionPlan, stem: str, route: RouteTrigger) -> dict[str, Resource]:
    function_id = naming.function_id(function.name)
    integration_id = f"{stem}Integration"
    declaration = str(route.at)
    return {
        integration_id: resource(
            "AWS::ApiGatewayV2::Integration",
            {
                "ApiId": ref(naming.HTTP_API),
                "IntegrationType": "AWS_PROXY",
                "IntegrationUri": get_att(function_id, "Arn"),
                "PayloadFormatVersion": "2.0",
            },
            declaration,
            function.pattern,
        ),
        f"{stem}Route": resource(
            "AWS::ApiGatewayV2::Route",
            {
                "ApiId": ref(naming.HTTP_API),
                "RouteKey": f"{route.method} {route.path}",
                "AuthorizationType": AUTHORIZATION[route.auth],
                "Target": sub(f"integrations/${{{integration_id}}}"),
            },
            declaration,
            function.pattern,
        ),
        f"{stem}ApiPermission": invoke_permission(function, route, naming.HTTP_API, "*"),
    }


def invoke_permission(function: FunctionPlan, route: RouteTrigger, api_id: str, stage: str) -> Resource:
    """The function's permission for one route of one API. `stage` may hold a reference for Fn::Sub.

    A path parameter is a star: AWS has no other way to say it.
    """
    path = "/".join("*" if segment.startswith("{") else segment for segment in route.path.split("/"))
    execute = f"arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{api_id}}}"
    return resource(
        "AWS::Lambda::Permission",
        {
            "FunctionName": ref(naming.function_id(function.name)),
            "Action": "lambda:InvokeFunction",
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": sub(f"{execute}/{stage}/{route.method}{path}"),
        },
        route.at,
        function.pattern,
    )
