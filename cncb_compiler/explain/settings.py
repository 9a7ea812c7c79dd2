"""Why a property of a resource has the value that it has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cncb_compiler.aws.environment import DERIVED_NAMES
from cncb_compiler.explain.answer import Line, Reason
from cncb_compiler.explain.known import Known, Path, Resource, value_at
from cncb_compiler.explain.origins import (
    FUNCTION_SETTINGS,
    READ_SETTINGS,
    SYSTEM_SETTINGS,
    function_setting,
    read_setting,
    system_setting,
    variable,
)
from cncb_compiler.explain.patterns import DETAILS, LIFE
from cncb_compiler.plan.function import FunctionPlan, environment_name
from cncb_compiler.source.location import Location

_TABLE_KEYS = {
    "KeySchema": ("key", "sortKey"),
    "GlobalSecondaryIndexes": ("indexes",),
    "BillingMode": ("capacity",),
    "ProvisionedThroughput": ("capacity",),
    "TimeToLiveSpecification": ("ttl", "keep", "collect"),
    "RetentionPeriodHours": ("retention",),
    "StreamModeDetails": ("shards",),
    "ShardCount": ("shards",),
    "StreamEncryption": ("encryption",),
    "CorsConfiguration": ("cors",),
    "FilterCriteria": ("on", "join", "collect"),
    "ScheduleExpression": ("schedule",),
    "Description": ("description",),
}
"""The keys of a declaration that settle a property, whichever of them is said."""


def property_reason(known: Known, resource: Resource, path: Path) -> Reason:
    """Why a property is as it is. `path` is below `Properties`."""
    reason = (
        _overridden(known, resource, path)
        or _settled(known, resource, path)
        or _asked_for(known, resource, path)
        or _derived(known, resource, path)
    )
    if reason.at is not None and known.keys(reason.at):
        return Reason(reason.says, known.head(reason.at))
    return reason


def settings(known: Known, resource: Resource) -> Iterator[Line]:
    """The properties of a resource that somebody could settle otherwise, each with who did."""
    kinds = [path for kind, path in (*FUNCTION_SETTINGS, *SYSTEM_SETTINGS) if kind == resource.type]
    kinds += list(READ_SETTINGS) if resource.type == "AWS::Lambda::EventSourceMapping" else []
    for path in kinds:
        found, value = value_at(resource.body.get("Properties"), path)
        if found:
            yield Line(".".join(map(str, path)), property_reason(known, resource, path), value)
    overrides = resource.plan.overrides.get(resource.logical_id, {}).get("Properties")
    for name in overrides if isinstance(overrides, dict) else ():
        found, value = value_at(resource.body.get("Properties"), (name,))
        if found and (name,) not in kinds:
            yield Line(str(name), property_reason(known, resource, (name,)), value)


def part_of(resource: Resource, path: Path) -> tuple[bool, Any]:
    """Whether a resource has a property, or one of the policies of its life, and what it says."""
    inner = resource.body if path[0] in LIFE else resource.body.get("Properties")
    return value_at(inner, path)


def _overridden(known: Known, resource: Resource, path: Path) -> Reason | None:
    at = resource.plan.at / "overrides" / resource.logical_id
    patch: Any = resource.plan.overrides.get(resource.logical_id)
    for segment in ("Properties", *path):
        if not isinstance(patch, dict) or segment not in patch:
            break
        patch, at = patch[segment], at / segment
    # A patch of some inner part settles that part, not the whole around it.
    whole = not isinstance(patch, dict) or len(at.path) == len(resource.plan.at.path) + 3 + len(path)
    if patch is None or not whole or len(at.path) <= len(resource.plan.at.path) + 3:
        return None
    return Reason(f"`overrides: {resource.logical_id}` of the service", at)


def _settled(known: Known, resource: Resource, path: Path) -> Reason | None:
    function = known.function_of(resource)
    key = SYSTEM_SETTINGS.get((resource.type, path))
    if key is not None:
        return system_setting(known, key)
    if function is None:
        return None
    inner = FUNCTION_SETTINGS.get((resource.type, path))
    if inner is not None:
        return function_setting(known, resource.plan, function, inner)
    if resource.type == "AWS::Lambda::EventSourceMapping" and path in READ_SETTINGS:
        return read_setting(known, resource.plan, function, READ_SETTINGS[path])
    if path[:2] == ("Environment", "Variables") and len(path) == 3:
        return _variable(known, resource, function, str(path[2]))
    return None


def _variable(known: Known, resource: Resource, function: FunctionPlan, name: str) -> Reason | None:
    asked = variable(known, resource.plan, function, name)
    if asked is not None:
        return asked
    if name in DERIVED_NAMES:
        return Reason("every function finds it in its environment")
    for asset in (*function.assets, *((function.faults_to,) if function.faults_to else ())):
        if environment_name(asset) == name:
            why = "uses it" if asset in function.assets else "publishes its faults there"
            return Reason(
                f"the physical name of the {asset.kind} `{asset.name}`: the {function.pattern} {why}", function.at
            )
    return None


def _asked_for(known: Known, resource: Resource, path: Path) -> Reason | None:
    if path[0] == "Tags":
        at = known.system_key("tags")
        return Reason("the system's `tags`, and those that every resource has: system, service, owner, stage", at)
    if path[0] == "AuthorizationType":
        return _authorized(known, resource)
    at = known.place_of(resource.declaration)
    if path[0] == "StreamSpecification" and at is not None:
        return _captured(known, resource, at)
    found = known.first_said(*(at / key for key in _TABLE_KEYS.get(str(path[0]), ()))) if at else None
    detail = DETAILS.get((resource.type, str(path[0])))
    if found is None:
        return None
    says = f"`{found.path[-1]}` of the declaration"
    return Reason(f"{says}. {detail}" if detail else says, found)


def _authorized(known: Known, resource: Resource) -> Reason | None:
    function = known.function_of(resource)
    own = function.at / "auth" if function else resource.plan.at / "api" / "auth"
    at = known.first_said(own, resource.plan.at / "api" / "auth")
    return Reason("`auth` of the route" if at == own else "`auth` of the service's `api`", at) if at else None


def _captured(known: Known, resource: Resource, at: Location) -> Reason:
    changes = resource.plan.at / "changes" / str(at.path[-1])
    if known.said(changes):
        return Reason("`changes` of the service publish what happens in it, so it has a stream", changes)
    return Reason("each event that is collected is evaluated, so it has a stream", at)


def _derived(known: Known, resource: Resource, path: Path) -> Reason:
    detail = DETAILS.get((resource.type, str(path[0])))
    at = known.place_of(resource.declaration)
    if path[0] in LIFE:
        return Reason(LIFE[path[0]], at)
    if detail:
        return Reason(detail, at)
    if resource.pattern == "resources":
        place = at
        for segment in ("Properties", *path):
            place = place / segment if place else None
        return Reason("raw CloudFormation of the service", known.first_said(place) if place else at)
    return Reason(f"derived by the pattern `{resource.pattern}`; nothing in the declarations settles it otherwise", at)
