"""What deploying would do to each stack's resources, as far as the templates tell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from cncb_compiler.deploy.difference import ResourceChange, from_templates
from cncb_compiler.deploy.stack import Stack
from cncb_compiler.plan.service import ServicePlan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cncb_compiler.compare.compared import Compared

_SAME_CODE = "0" * 16


@dataclass(frozen=True, slots=True)
class StackDifference:
    """The resources of one stack that change; `moved` gives, of removed ones, under which id they come back."""

    service: str
    changes: tuple[ResourceChange, ...]
    moved: dict[str, str]


def stack_differences(compared: Compared) -> Iterator[StackDifference]:
    """Of each stack that is on both sides: one of another name is another stack, and a removed one stands as it is.

    A stack has the names of the system and the service.
    """
    if compared.before.system.name != compared.after.system.name:
        return
    for name, after in compared.after.plans.items():
        before = compared.before.plans.get(name)
        if before is None or _sketch(before) == _sketch(after):
            continue
        old, new = _template(before), _template(after)
        found = from_templates(Stack(name, after, new, (), ()), old, {}, _create_only())
        changes = tuple(one for one in found if one.details != ("Metadata",))
        if changes:
            yield StackDifference(name, changes, _moved(old, new, changes))


def _sketch(plan: ServicePlan) -> ServicePlan:
    """A plan without what only shows in the code of its functions."""
    functions = tuple(replace(function, handler=None) for function in plan.functions)
    return replace(plan, functions=functions)


def _template(plan: ServicePlan) -> dict[str, Any]:
    from cncb_compiler.aws.template import build

    return build(plan, {function.name: _SAME_CODE for function in plan.functions})[0]


@cache
def _create_only() -> Mapping[str, frozenset[str]]:
    """By type, the properties whose change replaces the resource, as the local CloudFormation knows them."""
    from cncb_compiler.local.cloudformation.registry import resource_types

    return {name: kind.create_only for name, kind in resource_types().items()}


def _moved(old: dict[str, Any], new: dict[str, Any], changes: tuple[ResourceChange, ...]) -> dict[str, str]:
    """Removed resources that are added again under another logical id: of one type, with the same properties."""
    added = {one.logical_id: new["Resources"][one.logical_id] for one in changes if one.action == "add"}
    found: dict[str, str] = {}
    for one in changes:
        if one.action == "remove":
            was = old["Resources"][one.logical_id]
            same = [
                name
                for name, resource in added.items()
                if resource["Type"] == was["Type"]
                and resource.get("Properties") == was.get("Properties")
                and name not in found.values()
            ]
            if len(same) == 1:
                found[one.logical_id] = same[0]
    return found
