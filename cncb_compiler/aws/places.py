"""Walking a template, and finding where in the sources a part of it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.source.location import Location

Path = tuple[str | int, ...]

_WHOLE = re.compile(r"\$\{([A-Za-z0-9]+)(?:\.([A-Za-z0-9.]+))?\}")


def written_by_hand(plan: ServicePlan, template: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The resources that a raw declaration made or an override changed, by logical id.

    What is derived is right by construction, so the checks of raw CloudFormation look only at these.
    """
    if not plan.resources and not plan.overrides:
        return []
    resources = template["Resources"]
    ids = sorted(plan.resources.keys() | plan.overrides.keys())
    return [(logical_id, resources[logical_id]) for logical_id in ids if logical_id in resources]


def place(plan: ServicePlan, logical_id: str, path: Path = ()) -> Location:
    """Where `path` inside a resource was written: the deepest place of it under `overrides`, `resources`."""
    best = plan.at
    depth = -1
    for section, entries in (("overrides", plan.overrides), ("resources", plan.resources)):
        if logical_id not in entries:
            continue
        at = plan.at / section / logical_id
        value: Any = entries[logical_id]
        reached = 0
        for step in path:
            inside = value.get(step) if isinstance(value, dict) else None
            if isinstance(value, list) and isinstance(step, int) and step < len(value):
                inside = value[step]
            if inside is None:
                break
            at, value, reached = at / step, inside, reached + 1
        if reached > depth:
            best, depth = at, reached
    return best


def properties_of(resource: dict[str, Any]) -> dict[str, Any]:
    """The properties of a resource; none where they are not a map (CNCB903)."""
    properties = resource.get("Properties")
    return properties if isinstance(properties, dict) else {}


def type_of(resource: dict[str, Any]) -> str:
    """The type of a resource; empty where it has none, or something else stands there (CNCB903)."""
    kind = resource.get("Type")
    return kind if isinstance(kind, str) else ""


def nodes(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """A value and everything inside it, each with its path."""
    waiting: list[tuple[Path, Any]] = [(path, value)]
    while waiting:
        at, item = waiting.pop()
        yield at, item
        if isinstance(item, dict):
            waiting.extend(((*at, key), inner) for key, inner in reversed(item.items()))
        elif isinstance(item, list):
            waiting.extend(((*at, index), item[index]) for index in range(len(item) - 1, -1, -1))


def target(value: Any) -> tuple[str, str | None] | None:
    """The logical id and attribute (None: what `Ref` gives) that a value refers to, if it does only that."""
    if isinstance(value, dict) and len(value) == 1:
        name, argument = next(iter(value.items()))
        if name == "Ref" and isinstance(argument, str):
            return argument, None
        if name == "Fn::GetAtt":
            parts = argument.split(".", 1) if isinstance(argument, str) else argument
            if isinstance(parts, list) and len(parts) == 2 and all(isinstance(part, str) for part in parts):
                return parts[0], parts[1]
        if name == "Fn::Sub" and isinstance(argument, str) and (whole := _WHOLE.fullmatch(argument)):
            return whole[1], whole[2]
    return None


def kind_of(template: dict[str, Any], logical_id: str) -> str | None:
    """The type of a resource of the template, if there is one by this id."""
    resource = template["Resources"].get(logical_id)
    return type_of(resource) if isinstance(resource, dict) else None
