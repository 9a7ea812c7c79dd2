"""The keys and words that the languages of topologies and scenarios know at a path, from their JSON Schemas."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Literal, TypeAlias

from cncb_compiler.lsp.names import Path
from cncb_compiler.lsp.scenarios import is_scenario
from cncb_compiler.model.json_schema import language_schema
from cncb_compiler.scenarios.json_schema import scenario_schema

Root: TypeAlias = Literal["System", "ServiceFile", "Scenario"]
"""What a file is, by the name that the schemas give it."""


def root_of(file: str, *, service: bool) -> Root:
    """What a file of a system is; `service`: it declares one."""
    return "Scenario" if is_scenario(file) else "ServiceFile" if service else "System"


def keys(path: Path, root: Root) -> dict[str, str]:
    """The keys of the map at a path, each with its documentation."""
    found: dict[str, str] = {}
    for schema in schemas(path, root):
        for name, inner in schema.get("properties", {}).items():
            found[name] = found.get(name) or inner.get("description", "")
    return found


def words(path: Path, root: Root) -> list[str]:
    """The words of which the value at a path is one."""
    found: dict[str, None] = {}
    for schema in schemas(path, root):
        values = [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else ())]
        if schema.get("type") == "boolean":
            values += [True, False]
        found.update((str(value).lower() if isinstance(value, bool) else str(value), None) for value in values)
    return list(found)


def documentation(path: Path, root: Root) -> str:
    """What the key at the end of a path means."""
    if not path or isinstance(path[-1], int):
        return ""
    return keys(path[:-1], root).get(str(path[-1]), "")


def schemas(path: Path, root: Root) -> list[dict[str, Any]]:
    """Every schema that the value at a path may follow."""
    found = list(_alternatives(_definitions()[root]))
    for segment in path:
        found = [inner for schema in found for below in _below(schema, segment) for inner in _alternatives(below)]
    return found


@cache
def _definitions() -> dict[str, Any]:
    return {**scenario_schema()["definitions"], **language_schema()["definitions"]}


def _below(schema: dict[str, Any], segment: str | int) -> Iterator[dict[str, Any]]:
    if isinstance(segment, int):
        if isinstance(schema.get("items"), dict):
            yield schema["items"]
        return
    properties = schema.get("properties", {})
    if segment in properties:
        yield properties[segment]
        return
    yield from schema.get("patternProperties", {}).values()
    if isinstance(schema.get("additionalProperties"), dict):
        yield schema["additionalProperties"]


def _alternatives(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "$ref" in schema:
        yield from _alternatives(_definitions()[schema["$ref"].rpartition("/")[2]])
        return
    yield schema
    for word in ("allOf", "anyOf", "oneOf"):
        for inner in schema.get(word, ()):
            yield from _alternatives(inner)
