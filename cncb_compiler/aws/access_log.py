"""The access log of an API: a line of JSON per request, without anything that a caller sent in its body."""

from __future__ import annotations

from typing import Any

import orjson

from cncb_compiler.aws import naming
from cncb_compiler.aws.lambda_ import log_group
from cncb_compiler.aws.stack import Stack
from cncb_compiler.aws.values import Resource, get_att

DEFAULT_RETENTION_DAYS = 30
"""The retention of access logs of an API without functions."""

_COMMON = {
    "requestId": "$context.requestId",
    "requestTime": "$context.requestTime",
    "httpMethod": "$context.httpMethod",
    "path": "$context.path",
    "status": "$context.status",
    "responseLength": "$context.responseLength",
    "responseLatency": "$context.responseLatency",
    "sourceIp": "$context.identity.sourceIp",
    "userAgent": "$context.identity.userAgent",
    "integrationError": "$context.integrationErrorMessage",
}


def access_log(
    stack: Stack, logical_id: str, route_variable: str, declaration: str
) -> tuple[str, Resource, dict[str, Any]]:
    """The log group's id, the log group, and the settings of the stage that writes to it.

    `route_variable` is the API kind's own word for the route: `routeKey` or `resourcePath`. The group's name
    begins with /aws/vendedlogs/ so that API Gateway's resource policy stays within its size, whatever the
    number of APIs (Amazon CloudWatch Logs: Enable logging from AWS services, resource policy size limit).
    """
    plan = stack.plan
    days = max((function.settings.log_retention_days for function in plan.functions), default=DEFAULT_RETENTION_DAYS)
    name = f"/aws/vendedlogs/apis/{plan.system}-{plan.service}-${{{naming.STAGE}}}"
    line = {**_COMMON, route_variable: f"$context.{route_variable}"}
    settings = {"DestinationArn": get_att(logical_id, "Arn"), "Format": orjson.dumps(line).decode()}
    return logical_id, log_group(stack, name, days, declaration, "api"), settings
