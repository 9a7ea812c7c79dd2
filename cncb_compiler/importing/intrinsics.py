"""CloudFormation's functions in values: what they point at, and how they read as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cncb_compiler.importing.stack import Reference
from cncb_compiler.importing.values import Items, Map, as_map, as_text

_PLACEHOLDER = re.compile(r"\$\{!?([A-Za-z0-9:.]+)\}")
_DEPTH = 30


def logical_ids(value: Any, depth: int = 0) -> Iterator[str]:
    """Every logical id that a value points at (`Ref`, `Fn::GetAtt`, `Fn::Sub`), in its order."""
    if depth > _DEPTH:
        return
    if isinstance(value, Items):
        for inner in value:
            yield from logical_ids(inner, depth + 1)
    if not isinstance(value, Map):
        return
    for key, inner in value.items():
        if key == "Ref" and isinstance(inner, str):
            yield inner
        elif key == "Fn::GetAtt":
            first = inner[0] if isinstance(inner, Items) and inner else inner
            if isinstance(first, str):
                yield first.partition(".")[0]
        elif key == "Fn::Sub":
            text = inner[0] if isinstance(inner, Items) and inner else inner
            yield from (name.partition(".")[0] for name in _PLACEHOLDER.findall(as_text(text)))
            if isinstance(inner, Items):
                yield from logical_ids(inner, depth + 1)
        else:
            yield from logical_ids(inner, depth + 1)


def text_of(value: Any, depth: int = 0) -> str:
    """A value as text; what is only known when it is deployed stands in braces: `orders-${Stage}`."""
    if depth > _DEPTH:
        return ""
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, Items):
        return "/".join(text_of(inner, depth + 1) for inner in value)
    if not isinstance(value, Map) or len(value) != 1:
        return ""
    ((name, inner),) = value.items()
    if name == "Fn::Join" and isinstance(inner, Items) and len(inner) == 2 and isinstance(inner[1], Items):
        return as_text(inner[0]).join(text_of(part, depth + 1) for part in inner[1])
    if name == "Fn::Sub":
        return as_text(inner[0] if isinstance(inner, Items) and inner else inner)
    if name in ("Ref", "Fn::ImportValue"):
        return text_of(inner, depth + 1) if name == "Fn::ImportValue" else f"${{{as_text(inner)}}}"
    if name == "Fn::GetAtt":
        return f"${{{text_of(inner, depth + 1).replace('/', '.')}}}"
    return text_of(inner, depth + 1)


def reference(value: Any, resources: dict[str, Map]) -> Reference:
    """What a value points at: a resource of the stack, else what the text of it says."""
    known = next((name for name in logical_ids(value) if name in resources), "")
    return Reference(known, "" if known else text_of(value))


def properties(resource: Any) -> Map:
    """The properties of a resource."""
    return as_map(as_map(resource).get("Properties"))
