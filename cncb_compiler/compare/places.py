"""Where a field is declared: through named types, as far as the notation says it field by field."""

from __future__ import annotations

import re
from typing import Any

from cncb_compiler.graph.system import LinkedSystem
from cncb_compiler.source.location import Location

_NAMED = re.compile(r"^\[*([A-Z][A-Za-z0-9]*)\]*\??$")
_STEPS = re.compile(r"[^.\[\]]+")


def field_place(system: LinkedSystem, raw: Any, at: Location, path: str) -> Location:
    """The place of the field at `path` (`order.lines[].sku`) below a type's notation, or of the nearest thing."""
    for step in _STEPS.findall(path):
        raw, at = _opened(system, raw, at)
        if not isinstance(raw, dict) or step not in raw:
            return at
        raw, at = raw[step], at / step
    return at


def _opened(system: LinkedSystem, raw: Any, at: Location) -> tuple[Any, Location]:
    """The map of fields behind a notation: past lists, long forms, JSON Schema and names."""
    for _ in range(20):
        if isinstance(raw, list) and len(raw) == 1:
            raw, at = raw[0], at / 0
        elif isinstance(raw, str) and (named := _NAMED.match(raw)) and named.group(1) in system.declared.types:
            declared = system.declared.types[named.group(1)]
            raw, at = declared.value, declared.at
        elif isinstance(raw, dict) and isinstance(raw.get("properties"), dict):
            raw, at = raw["properties"], at / "properties"
        elif isinstance(raw, dict) and isinstance(raw.get("items"), dict) and raw.get("type") == "array":
            raw, at = raw["items"], at / "items"
        elif isinstance(raw, dict) and set(raw) <= {"type", "optional", "sensitive", "description"} and "type" in raw:
            raw, at = raw["type"], at / "type"
        else:
            break
    return raw, at
