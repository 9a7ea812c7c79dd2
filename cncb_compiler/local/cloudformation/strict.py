"""Strictness: what a template asks for and the local endpoint does not hold is an error, never ignored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cncb_compiler.local.cloudformation import template_only
from cncb_compiler.local.cloudformation.resource import NotHeldError, Properties, ResourceType
from cncb_compiler.local.cloudformation.stacks import Stack


@dataclass(frozen=True, slots=True)
class Accepted:
    """Something of a stack that only its template asserts. `path` is a property; None is the whole resource."""

    logical_id: str
    type: str
    path: str | None
    reason: str


def holder(types: Mapping[str, ResourceType], name: str) -> ResourceType:
    """The type of that name. Raises NotHeldError."""
    if name not in types:
        raise NotHeldError(f"{name} is not held by the local endpoint")
    return types[name]


def check(held: ResourceType, properties: Properties) -> None:
    """Raises NotHeldError for a property that is neither held nor on the list."""
    if held.name in template_only.REASONS:
        return
    for name in properties:
        if name not in held.properties and name not in held.template_only:
            raise NotHeldError(f"Property {name} of {held.name} is not held by the local endpoint")


def accepted(stack: Stack, types: Mapping[str, ResourceType]) -> Iterator[Accepted]:
    """What of a stack's resources nothing here holds."""
    for name, standing in sorted(stack.resources.items()):
        kind = standing.declared.type
        if standing.held is None or kind not in types:
            continue
        if kind in template_only.REASONS:
            yield Accepted(name, kind, None, template_only.REASONS[kind])
        for path, reason in types[kind].template_only.items():
            if _declares(standing.properties, path):
                yield Accepted(name, kind, path, reason)


def _declares(properties: object, path: str) -> bool:
    if isinstance(properties, list):
        return any(_declares(item, path) for item in properties)
    name, _, rest = path.partition(".")
    if not isinstance(properties, Mapping) or name not in properties:
        return False
    return not rest or _declares(properties[name], rest)
