"""JSON Schema read into the type algebra.

What only restricts further (`minLength`, `pattern`, `maximum`, ...) is accepted and left out of the algebra.
An object without `additionalProperties` has the fields that it declares and no others, so that a mistyped
path is found; `additionalProperties: true` says that it has more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cncb_compiler.schema.types import (
    ANYTHING,
    BOOLEAN,
    INTEGER,
    NUMBER,
    STRING,
    Enum,
    Field,
    ListOf,
    MapOf,
    Record,
    Ref,
    Scalar,
    Type,
)
from cncb_compiler.schema.union import union
from cncb_compiler.source.location import Location

NAMES = frozenset({"string", "integer", "number", "boolean", "object", "array", "null"})

KEYWORDS = frozenset({
    "$schema", "$id", "$ref", "$defs", "$comment", "definitions", "type", "enum", "const", "title", "description",
    "default", "examples", "example", "deprecated", "readOnly", "writeOnly", "sensitive", "nullable", "format",
    "minLength", "maxLength", "pattern", "contentEncoding", "contentMediaType", "minimum", "maximum",
    "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    "properties", "required", "additionalProperties", "patternProperties",
    "propertyNames", "minProperties", "maxProperties", "dependentRequired", "items", "minItems", "maxItems",
    "uniqueItems", "oneOf", "anyOf", "allOf",
})  # fmt: skip
"""The keywords of JSON Schema that are understood, or that only restrict further; and `sensitive`, which is ours."""

_FORMATS = {"uuid", "date-time", "date", "uri", "email"}
_BASES: dict[str, Type] = {"string": STRING, "integer": INTEGER, "number": NUMBER, "boolean": BOOLEAN}
_MAX_DEPTH = 50


class Read(NamedTuple):
    """A schema as read. `nullable`: null is allowed. `problems` are place, message and mend."""

    type: Type
    nullable: bool
    problems: list[tuple[Location, str, str | None]]
    refs: list[tuple[str, Location]]


def is_json_schema(raw: Mapping[Any, Any]) -> bool:
    """Whether a map is meant as JSON Schema, and not as a record or a field's long form."""
    if KEYWORDS.isdisjoint(raw):
        return False
    if "$ref" in raw or "$schema" in raw or isinstance(raw.get("properties"), dict):
        return True
    if any(isinstance(raw.get(key), list) for key in ("oneOf", "anyOf", "allOf", "enum")):
        return True
    type_ = raw.get("type")
    if isinstance(type_, list):
        return len(type_) != 1 and all(isinstance(name, str) and name in NAMES for name in type_)
    if not isinstance(type_, str) or type_ not in NAMES or not KEYWORDS.issuperset(raw):
        return False
    return type_ in ("object", "array") or not {"type", "optional", "sensitive", "description"}.issuperset(raw)


def read_json_schema(raw: Any, at: Location, words: Mapping[str, Type]) -> Read:
    """The type that a schema describes. `words` are the compact notation's, for `format: timestamp`."""
    reader = _Reader(raw, at, words)
    type_, nullable = reader.read(raw, at, ())
    return Read(type_, nullable, reader.problems, reader.refs)


class _Reader:
    """One reading; `root` is what local references are looked up in."""

    def __init__(self, root: Any, at: Location, words: Mapping[str, Type]) -> None:
        self.root = root
        self.at = at
        self.words = words
        self.problems: list[tuple[Location, str, str | None]] = []
        self.refs: list[tuple[str, Location]] = []

    def fail(self, at: Location, message: str, mend: str | None = None) -> tuple[Type, bool]:
        self.problems.append((at, message, mend))
        return ANYTHING, False

    def read(self, raw: Any, at: Location, trail: tuple[str, ...]) -> tuple[Type, bool]:
        """The type and whether null is allowed. `trail` are the local references that led here."""
        if raw is True:
            return ANYTHING, False
        if not isinstance(raw, dict):
            return self.fail(at, "A JSON Schema is a map, or `true`.")
        if len(at.path) - len(self.at.path) > 2 * _MAX_DEPTH:
            return self.fail(at, f"The schema is nested deeper than {_MAX_DEPTH} levels.")
        unknown = next((key for key in raw if key not in KEYWORDS), None)
        if unknown is not None:
            return self.fail((at / unknown).key(), f"The JSON Schema keyword `{unknown}` is not supported.")
        if "$ref" in raw:
            return self._ref(raw["$ref"], at / "$ref", trail)
        for keyword in ("oneOf", "anyOf"):
            if keyword in raw:
                return self._one_of(raw[keyword], at / keyword, trail)
        if "allOf" in raw:
            return self._all_of(raw, at, trail)
        if "const" in raw:
            return self._values([raw["const"]], at / "const")
        if "enum" in raw:
            return self._values(raw["enum"], at / "enum")
        return self._typed(raw, at, trail)

    def _typed(self, raw: dict[str, Any], at: Location, trail: tuple[str, ...]) -> tuple[Type, bool]:
        said = raw.get("type", "object" if "properties" in raw else "array" if "items" in raw else None)
        if said is None:
            return ANYTHING, raw.get("nullable") is True
        names = said if isinstance(said, list) else [said]
        wrong = next((name for name in names if not isinstance(name, str) or name not in NAMES), None)
        if wrong is not None or not names:
            return self.fail(
                at / "type",
                f"`{wrong}` is not a type of JSON Schema.",
                f"Use one of {' '.join(sorted(NAMES))}.",
            )
        nullable = "null" in names or raw.get("nullable") is True
        types = [self._named(name, raw, at, trail) for name in names if name != "null"]
        return (union(types) if types else ANYTHING), nullable

    def _named(self, name: str, raw: dict[str, Any], at: Location, trail: tuple[str, ...]) -> Type:
        if name == "object":
            return self._object(raw, at, trail)
        if name == "array":
            if isinstance(raw.get("items"), list):
                return self.fail(
                    at / "items",
                    "Items that differ by position are not supported.",
                    "Use one schema for all.",
                )[0]
            return ListOf(self.read(raw.get("items", True), at / "items", trail)[0])
        format_ = raw.get("format")
        if name == "string" and isinstance(format_, str) and format_ in _FORMATS:
            return Scalar("string", format_)
        if name == "integer" and format_ == "timestamp":
            return self.words["timestamp"]
        return _BASES[name]

    def _object(self, raw: dict[str, Any], at: Location, trail: tuple[str, ...]) -> Type:
        properties = raw.get("properties")
        more = raw.get("additionalProperties")
        if more is not None and not isinstance(more, (bool, dict)):
            return self.fail(at / "additionalProperties", "`additionalProperties` is true, false or a schema.")[0]
        if properties is None:
            if isinstance(more, dict):
                return MapOf(self.read(more, at / "additionalProperties", trail)[0])
            return Record({}, open=False) if more is False else MapOf(ANYTHING)
        if not isinstance(properties, dict):
            return self.fail(at / "properties", "`properties` is a map of field names to schemas.")[0]
        required = raw.get("required", [])
        if not isinstance(required, list) or not all(isinstance(name, str) for name in required):
            return self.fail(at / "required", "`required` is a list of field names.")[0]
        for index, name in enumerate(required):
            if name not in properties:
                self.fail(at / "required" / index, f"`{name}` is required, but `properties` does not have it.")
        fields: dict[str, Field] = {}
        for name, inner in properties.items():
            place = at / "properties" / name
            if not isinstance(name, str):
                self.fail(
                    place.key(),
                    f"`{name}` cannot be the name of a field: it is not a text.",
                    "Put it in quotes.",
                )
                continue
            type_, nullable = self.read(inner, place, trail)
            said = inner if isinstance(inner, dict) else {}
            description = said.get("description", "")
            fields[name] = Field(
                type_,
                nullable or name not in required,
                said.get("sensitive") is True,
                description if isinstance(description, str) else "",
            )
        return Record(fields, open=more is True or isinstance(more, dict))

    def _ref(self, target: Any, at: Location, trail: tuple[str, ...]) -> tuple[Type, bool]:
        if not isinstance(target, str) or not target.startswith("#/"):
            return self.fail(
                at,
                f"`{target}` is not a reference within the system.",
                "Use `#/types/NAME` or `#/$defs/NAME`.",
            )
        segments = [part.replace("~1", "/").replace("~0", "~") for part in target[2:].split("/")]
        if segments[0] == "types" and len(segments) == 2:
            self.refs.append((segments[1], at))
            return Ref(segments[1]), False
        if target in trail:
            return self.fail(
                at, f"`{target}` refers to itself.", "Name the type under `types`; those may be recursive."
            )
        found: Any = self.root
        for segment in segments:
            if not isinstance(found, dict) or segment not in found:
                return self.fail(at, f"`{target}` is not in this schema.")
            found = found[segment]
        place = Location(self.at.file, (*self.at.path, *segments))
        return self.read(found, place, (*trail, target))

    def _one_of(self, raw: Any, at: Location, trail: tuple[str, ...]) -> tuple[Type, bool]:
        if not isinstance(raw, list) or not raw:
            return self.fail(at, "A list of schemas is expected here.")
        types: list[Type] = []
        nullable = False
        for index, inner in enumerate(raw):
            if isinstance(inner, dict) and inner.get("type") == "null":
                nullable = True
                continue
            type_, inner_nullable = self.read(inner, at / index, trail)
            types.append(type_)
            nullable = nullable or inner_nullable
        return (union(types) if types else ANYTHING), nullable

    def _all_of(self, raw: dict[str, Any], at: Location, trail: tuple[str, ...]) -> tuple[Type, bool]:
        parts = raw["allOf"]
        if not isinstance(parts, list) or not parts:
            return self.fail(at / "allOf", "A list of schemas is expected here.")
        types = [self.read(inner, at / "allOf" / index, trail)[0] for index, inner in enumerate(parts)]
        if "properties" in raw:
            types.append(self._object(raw, at, trail))
        if len(types) == 1:
            return types[0], False
        fields: dict[str, Field] = {}
        opened = False
        for type_ in types:
            if not isinstance(type_, Record):
                return self.fail(at / "allOf", "`allOf` is supported for objects written out in place only.")
            for name, field in type_.fields.items():
                known = fields.get(name)
                fields[name] = field if known is None or known.optional else known
            opened = opened or type_.open
        return Record(fields, open=opened), False

    def _values(self, values: Any, at: Location) -> tuple[Type, bool]:
        if not isinstance(values, list) or not values:
            return self.fail(at, "`enum` is a list of values.")
        texts = [value for value in values if isinstance(value, str)]
        if len(set(texts)) != len(texts):
            return self.fail(at, "A value is listed twice in the enum.")
        types: list[Type] = [Enum(tuple(texts))] if texts else []
        for value in values:
            if isinstance(value, bool):
                types.append(BOOLEAN)
            elif isinstance(value, int):
                types.append(INTEGER)
            elif isinstance(value, float):
                types.append(NUMBER)
            elif value is not None and not isinstance(value, str):
                return self.fail(at, "Only texts, numbers, booleans and null can be listed.")
        return (union(types) if types else ANYTHING), None in values
