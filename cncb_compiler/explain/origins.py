"""Where a setting's value comes from: the construct's own declaration, its service's, the system's, or nobody's."""

from __future__ import annotations

from cncb_compiler.explain.answer import Reason
from cncb_compiler.explain.known import Known, Path
from cncb_compiler.model.arithmetic import ROUTE_TIMEOUT_LIMIT
from cncb_compiler.model.base import seconds
from cncb_compiler.plan.function import FunctionPlan, RouteTrigger
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.source.location import Location

FUNCTION_SETTINGS: dict[tuple[str, Path], tuple[str, ...]] = {
    ("AWS::Lambda::Function", ("MemorySize",)): ("memory",),
    ("AWS::Lambda::Function", ("Timeout",)): ("timeout",),
    ("AWS::Lambda::Function", ("LoggingConfig", "ApplicationLogLevel")): ("logLevel",),
    ("AWS::Lambda::Function", ("ReservedConcurrentExecutions",)): ("concurrency",),
    ("AWS::Lambda::Function", ("Environment", "Variables", "CALL_TIMEOUT_SECONDS")): ("retry", "timeout"),
    ("AWS::Lambda::Function", ("Environment", "Variables", "CALL_ATTEMPTS")): ("retry", "attempts"),
}
"""Properties that `function:` settles, with the key inside it."""

SYSTEM_SETTINGS: dict[tuple[str, Path], str] = {
    ("AWS::Lambda::Function", ("Runtime",)): "runtime",
    ("AWS::Logs::LogGroup", ("RetentionInDays",)): "logRetention",
}
"""Properties that only the system's `defaults` settle."""

READ_SETTINGS: dict[Path, str] = {
    ("BatchSize",): "batchSize",
    ("MaximumBatchingWindowInSeconds",): "window",
    ("MaximumRetryAttempts",): "attempts",
    ("MaximumRecordAgeInSeconds",): "maxAge",
    ("ParallelizationFactor",): "parallelization",
    ("StartingPosition",): "startingPosition",
}
"""Properties of an event source mapping that `processing:` settles."""


def function_setting(known: Known, plan: ServicePlan, function: FunctionPlan, key: tuple[str, ...]) -> Reason:
    """Who settled a setting of `function:`, in the order in which the patterns ask them."""
    shown = ".".join(key)
    around = _own(known, plan, function, "function")
    own = Location(around.file, (*around.path, *key)) if around is not None else None
    shared = Location(plan.at.file, (*plan.at.path, "function", *key))
    if own is not None and known.said(own):
        return Reason(f"the construct's own `function: {shown}`", own)
    if known.said(shared):
        return Reason(f"the service's `function: {shown}`", shared)
    if key[0] in ("memory", "timeout", "logLevel"):
        reason = system_setting(known, key[0])
        return _behind_route(known, function, reason) if key == ("timeout",) else reason
    return Reason(f"the built-in default; no `function: {shown}` says otherwise")


def _behind_route(known: Known, function: FunctionPlan, reason: Reason) -> Reason:
    """The system's timeout is too long for a route, and gets cut where it was not asked for by name."""
    route = next((trigger for trigger in function.triggers if isinstance(trigger, RouteTrigger)), None)
    declared = seconds(known.linked.declared.defaults.timeout)
    if route is None or declared <= ROUTE_TIMEOUT_LIMIT:
        return reason
    return Reason(
        f"{reason.says} is {declared}s, but behind the route `{route.method} {route.path}` it is at most "
        f"{ROUTE_TIMEOUT_LIMIT}s: then API Gateway has answered already",
        route.at,
    )


def system_setting(known: Known, key: str) -> Reason:
    """Whether the system's `defaults` settle it, or nobody does."""
    at = known.system_key("defaults", key)
    return Reason(f"the system's `defaults: {key}`", at) if at else Reason(f"the built-in default of `defaults: {key}`")


def read_setting(known: Known, plan: ServicePlan, function: FunctionPlan, key: str) -> Reason:
    """Who settled how a stream is read."""
    at = _own(known, plan, function, "processing")
    if at is not None and known.said(at / key):
        return Reason(f"`processing: {key}`", at / key)
    if key == "maxAge":
        return Reason("the built-in default: records are kept as long as their source keeps them")
    return Reason(f"the built-in default; no `processing: {key}` says otherwise")


def variable(known: Known, plan: ServicePlan, function: FunctionPlan, name: str) -> Reason | None:
    """Who asked for an environment variable by name; None where nobody did."""
    own = _own(known, plan, function, "function")
    if own is not None and known.said(own / "environment" / name):
        return Reason("the construct's own `function: environment`", own / "environment" / name)
    shared = plan.at / "function" / "environment" / name
    return Reason("the service's `function: environment`", shared) if known.said(shared) else None


def _own(known: Known, plan: ServicePlan, function: FunctionPlan, key: str) -> Location | None:
    """Where a construct says a setting of its own; transitions have none but their service's."""
    if "transitions" in function.at.path[len(plan.at.path) :][:1]:
        return plan.at / key if key == "processing" else None
    return function.at / key
