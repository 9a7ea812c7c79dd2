"""What JSON Schema restricts beyond types (bounds, lengths, patterns), wherever a type leads to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from cncb_compiler.compare.settings import Setting
from cncb_compiler.model.declared import Declared
from cncb_compiler.schema.jsonschema_read import is_json_schema

Types = Mapping[str, Any]
"""The types of a system by name, as written."""

RESTRICTING = frozenset({
    "dependentRequired", "exclusiveMaximum", "exclusiveMinimum", "maximum", "maxItems", "maxLength", "maxProperties",
    "minimum", "minItems", "minLength", "minProperties", "multipleOf", "pattern", "propertyNames", "uniqueItems",
})  # fmt: skip
"""The keywords that say no type, but which of its values are allowed."""

_LONG_FORM = frozenset({"type", "optional", "sensitive", "description"})
_NAMES = re.compile(r"\b[A-Z][A-Za-z0-9]*\b")

_Path = tuple[str, ...]


def written(types: Mapping[str, Declared[Any]]) -> Types:
    """The types of a system as written."""
    return {name: one.value for name, one in types.items()}


def differing(old: Any, old_types: Types, new: Any, new_types: Types) -> list[Setting]:
    """The restrictions that differ between two types as written, of fields that are in both."""
    if old == new and old_types == new_types:
        return []
    before, after = dict(_restrictions(old, old_types)), dict(_restrictions(new, new_types))
    return [
        Setting((*path, keyword), before[path].get(keyword, ""), after[path].get(keyword, ""))
        for path in sorted(before.keys() & after.keys())
        for keyword in sorted(before[path].keys() | after[path].keys())
        if before[path].get(keyword) != after[path].get(keyword)
    ]


def _restrictions(raw: Any, types: Types) -> dict[_Path, dict[str, str]]:
    """By the path of each field, its restrictions."""
    found: dict[_Path, dict[str, str]] = {}
    for path, said in _walk(raw, types, (), ()):
        found.setdefault(path, {}).update(said)
    return found


def _walk(raw: Any, types: Types, path: _Path, trail: tuple[str, ...]) -> Iterator[tuple[_Path, dict[str, str]]]:
    if isinstance(raw, list):
        for one in raw:
            yield from _walk(one, types, path, trail)
    elif isinstance(raw, str) and not raw.startswith("enum("):
        yield path, {}
        for name in _NAMES.findall(raw):
            if name in types and name not in trail:
                yield from _walk(types[name], types, path, (*trail, name))
    elif isinstance(raw, dict) and is_json_schema(raw):
        yield path, {key: json.dumps(raw[key]) for key in RESTRICTING & raw.keys()}
        for key in ("properties", "$defs", "definitions"):
            for name, one in raw[key].items() if isinstance(raw.get(key), dict) else ():
                yield from _walk(one, types, (*path, str(name)), trail)
        for key in ("items", "additionalProperties", "oneOf", "anyOf", "allOf"):
            yield from _walk(raw.get(key), types, path, trail)
    elif isinstance(raw, dict) and "type" in raw and _LONG_FORM.issuperset(raw):
        yield from _walk(raw["type"], types, path, trail)
    elif isinstance(raw, dict):
        for name, one in raw.items():
            yield from _walk(one, types, (*path, str(name)), trail)
