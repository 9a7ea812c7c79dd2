"""The user's own CloudFormation: raw `resources` beside what is derived, `overrides` over it."""

from __future__ import annotations

from typing import Any

from cncb_compiler.aws.values import Resource
from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.diagnostics.mend import did_you_mean
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.rules.cncb901_resource_collision import RULE as RESOURCE_COLLISION
from cncb_compiler.rules.cncb902_override_matches_nothing import RULE as OVERRIDE_MATCHES_NOTHING
from cncb_compiler.rules.cncb903_unknown_resource_attribute import check_attributes
from cncb_compiler.source.location import Location

RAW_PATTERN = "resources"


def with_raw_resources(plan: ServicePlan, derived: dict[str, Resource]) -> tuple[dict[str, Resource], list[Diagnostic]]:
    """The derived resources and the raw ones. Where both have one id, the derived one stays."""
    found: list[Diagnostic] = []
    merged = dict(derived)
    for logical_id, raw in sorted(plan.resources.items()):
        at = plan.at / "resources" / logical_id
        found += check_attributes(raw, at, required=("Type",))
        if logical_id in derived:
            declaration = derived[logical_id]["Metadata"]["cncb"]["declaration"]
            found.append(
                RESOURCE_COLLISION(
                    at.key(),
                    f"`{logical_id}` is already the logical id of a resource derived from {declaration}",
                    mend=f"Choose another logical id, or put the changes under `overrides: {logical_id}:`.",
                )
            )
        else:
            merged[logical_id] = _with_metadata(raw, str(at))
    return merged, found


def _with_metadata(raw: Resource, declaration: str) -> Resource:
    metadata = raw.get("Metadata", {})
    if not isinstance(metadata, dict) or "cncb" in metadata:
        return raw
    return {**raw, "Metadata": {"cncb": {"declaration": declaration, "pattern": RAW_PATTERN}, **metadata}}


def with_overrides(plan: ServicePlan, resources: dict[str, Resource]) -> tuple[dict[str, Resource], list[Diagnostic]]:
    """The resources with the user's patches over them: maps merge, null removes, the rest replaces."""
    found: list[Diagnostic] = []
    patched = dict(resources)
    for logical_id, patch in sorted(plan.overrides.items()):
        at = plan.at / "overrides" / logical_id
        if logical_id not in patched:
            found.append(
                OVERRIDE_MATCHES_NOTHING(
                    at.key(),
                    f"`{plan.service}` has no resource with the logical id `{logical_id}`",
                    mend=did_you_mean(logical_id, sorted(patched), at.key()) or "`cncb explain` lists the logical ids.",
                )
            )
            continue
        found += check_attributes(patch, at)
        patched[logical_id] = _merged(patched[logical_id], patch, at, found)
    return patched, found


def _merged(value: dict[str, Any], patch: dict[str, Any], at: Location, found: list[Diagnostic]) -> dict[str, Any]:
    """A new map; `value` may be shared with other resources and stays as it is."""
    result = dict(value)
    for key, change in patch.items():
        if change is None:
            if key not in result:
                place = (at / key).key()
                found.append(
                    OVERRIDE_MATCHES_NOTHING(
                        place,
                        f"there is no `{key}` to remove",
                        mend=did_you_mean(str(key), map(str, result), place) or "Leave the line out.",
                    )
                )
            result.pop(key, None)
        elif isinstance(change, dict) and isinstance(result.get(key), dict) and not _is_intrinsic(change, result[key]):
            result[key] = _merged(result[key], change, at / key, found)
        else:
            result[key] = change
    return result


def _is_intrinsic(*values: dict[str, Any]) -> bool:
    """Whether one of them is a function such as `Fn::Sub`, which is replaced as a whole."""
    keys = [next(iter(value)) for value in values if len(value) == 1]
    return any(key == "Ref" or str(key).startswith("Fn::") for key in keys)
