"""What a function finds in its environment."""

from __future__ import annotations

from cncb_compiler.aws import naming
from cncb_compiler.aws.opensearch import endpoint
from cncb_compiler.aws.stack import Stack
from cncb_compiler.aws.values import Value, filled, ref
from cncb_compiler.plan.assets import Asset
from cncb_compiler.plan.function import FunctionPlan, RouteTrigger, environment_name

STAGE = "STAGE"
SYSTEM = "SYSTEM"
SERVICE = "SERVICE"
FUNCTION = "FUNCTION"
CALL_TIMEOUT = "CALL_TIMEOUT_SECONDS"
"""After how many seconds one call to AWS is cut off."""
CALL_ATTEMPTS = "CALL_ATTEMPTS"
"""How often a call to AWS is tried in all."""
SEARCH_DOMAIN = "SEARCH_DOMAIN"
"""The host name of the service's search domain."""
CORS_ORIGINS = "CORS_ORIGINS"
"""Origins that web pages may call from, separated by commas.

Only behind a REST API: there the function itself has to answer with the CORS headers. An HTTP API adds them.
"""

DERIVED_NAMES = frozenset({STAGE, SYSTEM, SERVICE, FUNCTION, CALL_TIMEOUT, CALL_ATTEMPTS, SEARCH_DOMAIN, CORS_ORIGINS})
"""The names that every function may find taken, beside those of its assets."""

LAMBDA_NAMES = frozenset(
    {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
    }
)
"""The names that Lambda sets and refuses to have set (AWS Lambda: Defined runtime environment variables)."""


def environment(stack: Stack, function: FunctionPlan) -> dict[str, Value]:
    """A function's variables: what is derived, then the user's, who has the last word."""
    plan, settings = stack.plan, function.settings
    variables: dict[str, Value] = {
        STAGE: ref(naming.STAGE),
        SYSTEM: plan.system,
        SERVICE: plan.service,
        FUNCTION: function.name,
        CALL_TIMEOUT: str(settings.call_timeout),
        CALL_ATTEMPTS: str(settings.attempts),
    }
    if plan.api is not None and plan.api.kind == "rest" and plan.api.cors is not None and _has_route(function):
        variables[CORS_ORIGINS] = ",".join(plan.api.cors.origins)
    assets = set(function.assets)
    if function.faults_to is not None:
        assets.add(function.faults_to)
    for asset in sorted(assets, key=lambda asset: (asset.kind, asset.name)):
        variables[environment_name(asset)] = _physical_name(stack, asset)
    if any(asset.kind == "index" for asset in assets):
        variables[SEARCH_DOMAIN] = endpoint()
    for name, value in sorted(settings.environment.items()):
        variables[name] = filled(value)
    return variables


def _has_route(function: FunctionPlan) -> bool:
    return any(isinstance(trigger, RouteTrigger) for trigger in function.triggers)


def _physical_name(stack: Stack, asset: Asset) -> Value:
    if asset.kind == "index":
        return next(index.physical_name for index in stack.plan.indexes if index.asset == asset)
    if asset.kind == "claims":
        return stack.claims_name()
    return stack.stream_name(asset) if asset.kind == "stream" else ref(naming.asset_id(asset))
