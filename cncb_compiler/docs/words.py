"""A JSON Schema of a value, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cncb_compiler.model.base import DURATION_PATTERN, FIELD_PATH_PATTERN, FIELD_PATTERN, NAME_PATTERN, TYPE_PATTERN

_PATTERNS = {
    NAME_PATTERN: "name",
    FIELD_PATTERN: "field name",
    FIELD_PATH_PATTERN: "field path",
    TYPE_PATTERN: "type name",
    DURATION_PATTERN: "[duration](#names-and-durations)",
    r"^[A-Za-z0-9]+$": "logical id",
}
_MAPPING = "A mapping:"
_TYPE = "A type:"


def words(schema: Mapping[str, Any], links: Mapping[str, str]) -> str:
    """What may stand here. `links` gives the Markdown for each definition that is referred to."""
    description = str(schema.get("description", ""))
    if description.startswith(_MAPPING):
        return "[mapping](#mappings)"
    if description.startswith(_TYPE):
        return "[type](#types)"
    if "allOf" in schema:
        return words(schema["allOf"][0], links)
    if "$ref" in schema:
        return links[schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        options = [words(option, links) for option in schema["anyOf"] if option.get("type") != "null"]
        return (
            "[type](#types)" if options == ["text", "map", "list of anything"] else " or ".join(dict.fromkeys(options))
        )
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    return _of_type(schema, links)


def _of_type(schema: Mapping[str, Any], links: Mapping[str, str]) -> str:
    match schema.get("type"):
        case "boolean":
            return "true or false"
        case "integer":
            return "whole number" + _limits(schema)
        case "array":
            return f"list of {words(schema['items'], links) if 'items' in schema else 'anything'}"
        case "object":
            return _map(schema, links)
        case "string":
            return _PATTERNS.get(schema.get("pattern", ""), "text")
        case _:
            return "[mapping](#mappings)" if not schema.get("type") else str(schema["type"])


def _map(schema: Mapping[str, Any], links: Mapping[str, str]) -> str:
    if "patternProperties" in schema:
        pattern, value = next(iter(schema["patternProperties"].items()))
        return f"map from {_PATTERNS.get(pattern, 'text')} to {words(value, links)}"
    value = schema.get("additionalProperties")
    return f"map to {words(value, links)}" if isinstance(value, dict) else "map"


def _limits(schema: Mapping[str, Any]) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f", {low} to {high}"
    return f", {low} or more" if low is not None else ""
