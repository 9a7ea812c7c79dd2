"""Foreign schemas (AsyncAPI's, JSON Schema) read into the type algebra: what it has no word for is noted."""

from __future__ import annotations

from typing import Any

from cncb_compiler.importing.names import type_name_of, unique_type
from cncb_compiler.importing.values import Items, Map, Notes, as_items, as_map, as_text
from cncb_compiler.schema.types import (
    ANYTHING,
    BOOLEAN,
    INTEGER,
    NUMBER,
    STRING,
    TIMESTAMP,
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

MAX_DEPTH = 10
"""How deep types may stand inside each other without a name; what is deeper is `any`."""

LONGEST_DESCRIPTION = 500

_SENSITIVE = ("x-sensitive", "sensitive", "x-pii")
_BASES: dict[str, Type] = {"string": STRING, "integer": INTEGER, "number": NUMBER, "boolean": BOOLEAN}
_FORMATS = {"uuid", "date-time", "date", "uri", "email"}
_WIDTHS = {"int32", "int64", "float", "double"}
_NAMED_BELOW = (("components", "schemas"), ("$defs",), ("definitions",))
_RESTRICTING = (
    "minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "propertyNames", "contentEncoding",
    "dependentRequired", "dependencies", "if", "not", "patternProperties", "discriminator", "contains",
)  # fmt: skip


class Schemas:
    """The types of one document; `types` are those that it names, by their names in the language."""

    def __init__(self, root: Map, notes: Notes) -> None:
        self.root = root
        self.notes = notes
        self.types: dict[str, Type] = {}
        self.named: dict[str, str] = {}
        self.waiting: dict[str, Any] = {}

    def finish(self) -> None:
        """Read the named types that were referred to, and those that they refer to."""
        while self.waiting:
            self.read(next(iter(self.waiting)))

    def read(self, name: str) -> Type:
        """A named type, read now if it has not been yet; `any` while it is being read."""
        if name in self.waiting:
            schema = self.waiting.pop(name)
            self.types[name] = self.type(schema)[0]
        return self.types.get(name, ANYTHING)

    def type(self, schema: Any, depth: int = 0, trail: tuple[str, ...] = ()) -> tuple[Type, bool]:
        """The type of a schema, and whether null is allowed."""
        if not isinstance(schema, Map):
            return ANYTHING, False
        if depth > MAX_DEPTH:
            self.notes.add(schema, None, f"types are more than {MAX_DEPTH} deep here; the rest is `any`.")
            return ANYTHING, False
        if "$ref" in schema:
            return self.reference(schema, depth, trail)
        for keyword in _RESTRICTING:
            if keyword in schema:
                self.notes.count(schema, keyword, "restricts values further than types of the language do.")
        nullable = schema.get("nullable") is True or schema.get("x-nullable") is True
        if "const" in schema:
            return self.values([schema["const"]], schema)
        if isinstance(schema.get("enum"), Items):
            return self.values(schema["enum"], schema)
        for keyword in ("oneOf", "anyOf"):
            if isinstance(schema.get(keyword), Items):
                made, null = self.one_of(schema[keyword], depth, trail)
                return made, null or nullable
        if isinstance(schema.get("allOf"), Items):
            made, null = self.all_of(schema, depth, trail)
            return made, null or nullable
        made, null = self.typed(schema, depth, trail)
        return made, null or nullable

    def record(self, schema: Any) -> Record | None:
        """The fields of a schema of an object, with those of types that it only names; None where it is no object."""
        made = self.type(schema)[0]
        seen: set[str] = set()
        while isinstance(made, Ref) and made.name not in seen:
            seen.add(made.name)
            made = self.read(made.name)
        if isinstance(made, MapOf) and made.value == ANYTHING:
            return Record({}, open=True)
        return made if isinstance(made, Record) else None

    def field(self, schema: Any, required: bool, depth: int) -> Field:
        """A field of an object."""
        made, nullable = self.type(schema, depth)
        said = as_map(schema)
        sensitive = any(said.get(keyword) is True for keyword in _SENSITIVE)
        return Field(made, nullable or not required, sensitive, one_line(as_text(said.get("description"))))

    def typed(self, schema: Map, depth: int, trail: tuple[str, ...]) -> tuple[Type, bool]:
        """The type that `type` says, or that follows from what else is there."""
        said = schema.get("type", "object" if "properties" in schema else "array" if "items" in schema else None)
        names = [name for name in (said if isinstance(said, Items) else [said]) if isinstance(name, str)]
        if not names:
            return ANYTHING, False
        made = [self.one(name, schema, depth, trail) for name in names if name != "null"]
        return (union(made) if made else ANYTHING), "null" in names

    def one(self, name: str, schema: Map, depth: int, trail: tuple[str, ...]) -> Type:
        """The type of one of the names that `type` may have."""
        if name == "object":
            return self.object(schema, depth, trail)
        if name == "array":
            items = schema.get("items")
            if isinstance(items, Items):
                self.notes.add(schema, "items", "a list with a type for each position becomes a list of anything.")
                return ListOf(ANYTHING)
            return ListOf(self.type(items, depth + 1, trail)[0])
        if name not in _BASES:
            self.notes.add(schema, "type", f"`{name}` is no type of JSON Schema, and becomes `any`.")
            return ANYTHING
        return self.scalar(name, schema)

    def scalar(self, name: str, schema: Map) -> Type:
        """A scalar with its format."""
        format_ = as_text(schema.get("format"))
        if name == "string" and format_ in _FORMATS:
            return Scalar("string", format_)
        if name == "integer" and format_ == "timestamp":
            return TIMESTAMP
        if format_ and format_ not in _WIDTHS:
            self.notes.count(schema, "format", f"is `{format_}` of {name}, which the language has no word for.")
        return _BASES[name]

    def object(self, schema: Map, depth: int, trail: tuple[str, ...]) -> Type:
        """A record, or a map where no properties are named."""
        more = schema.get("additionalProperties")
        properties = schema.get("properties")
        if not isinstance(properties, Map):
            return MapOf(self.type(more, depth + 1, trail)[0]) if more is not False else Record({})
        required = set(filter(lambda name: isinstance(name, str), as_items(schema.get("required"))))
        fields = {name: self.field(inner, name in required, depth + 1) for name, inner in properties.items() if name}
        return Record(fields, open=more is True or isinstance(more, Map))

    def one_of(self, options: Items, depth: int, trail: tuple[str, ...]) -> tuple[Type, bool]:
        """A union."""
        made: list[Type] = []
        nullable = False
        for option in options:
            if as_map(option).get("type") == "null":
                nullable = True
                continue
            type_, null = self.type(option, depth + 1, trail)
            made.append(type_)
            nullable = nullable or null
        return (union(made) if made else ANYTHING), nullable

    def all_of(self, schema: Map, depth: int, trail: tuple[str, ...]) -> tuple[Type, bool]:
        """The fields of several objects together."""
        parts = [self.type(part, depth + 1, trail) for part in schema["allOf"]]
        if "properties" in schema:
            parts.append((self.object(schema, depth, trail), False))
        if len(parts) == 1:
            return parts[0]
        fields: dict[str, Field] = {}
        opened = False
        for part, _ in parts:
            whole = self.read(part.name) if isinstance(part, Ref) else part
            if not isinstance(whole, Record):
                self.notes.add(schema, "allOf", "`allOf` of something else than objects becomes `any`.")
                return ANYTHING, False
            for name, field in whole.fields.items():
                known = fields.get(name)
                fields[name] = field if known is None or known.optional else known
            opened = opened or whole.open
        return Record(fields, opened), False

    def values(self, values: list[Any], schema: Map) -> tuple[Type, bool]:
        """The values of an `enum` or `const`."""
        texts = tuple(dict.fromkeys(value for value in values if isinstance(value, str)))
        made: list[Type] = [Enum(texts)] if texts else []
        for value in values:
            if isinstance(value, bool):
                made.append(BOOLEAN)
            elif isinstance(value, int):
                made.append(INTEGER)
            elif isinstance(value, float):
                made.append(NUMBER)
            elif isinstance(value, (Map, Items)):
                self.notes.add(schema, None, "an `enum` of objects or lists becomes `any`.")
                return ANYTHING, False
        if any(not isinstance(value, str) and value is not None for value in values):
            self.notes.count(schema, "enum", "of numbers or booleans becomes their type.")
        return (union(made) if made else ANYTHING), None in values

    def reference(self, schema: Map, depth: int, trail: tuple[str, ...]) -> tuple[Type, bool]:
        """What a `$ref` leads to."""
        target = schema["$ref"]
        if not isinstance(target, str) or not target.startswith("#"):
            self.notes.add(schema, "$ref", f"`{target}` is in another file, which is not read: it becomes `any`.")
            return ANYTHING, False
        segments = pointer(target)
        if segments and any(tuple(segments[:-1]) == below for below in _NAMED_BELOW):
            return self.by_name(schema, target, segments[-1])
        if target in trail:
            self.notes.add(schema, "$ref", f"`{target}` holds itself, and becomes `any` there.")
            return ANYTHING, False
        found = lookup(self.root, segments)
        if found is None:
            self.notes.add(schema, "$ref", f"`{target}` is not in the file: it becomes `any`.")
            return ANYTHING, False
        return self.type(found, depth + 1, (*trail, target))

    def by_name(self, schema: Map, target: str, name: str) -> tuple[Type, bool]:
        """A named type, which is read later, so that it may hold itself."""
        if target not in self.named:
            found = lookup(self.root, pointer(target))
            if found is None:
                self.notes.add(schema, "$ref", f"`{target}` is not in the file: it becomes `any`.")
                return ANYTHING, False
            known = unique_type(type_name_of(name), self.types)
            self.named[target] = known
            self.types[known] = ANYTHING
            self.waiting[known] = unwrapped(found)
        return Ref(self.named[target]), False


def unwrapped(schema: Any) -> Any:
    """The schema of a multi-format schema object of AsyncAPI 3, else itself."""
    if isinstance(schema, Map) and "schemaFormat" in schema and "schema" in schema:
        return schema["schema"]
    return schema


def pointer(target: str) -> list[str]:
    """The segments of a JSON pointer in a `$ref`."""
    return [part.replace("~1", "/").replace("~0", "~") for part in target.removeprefix("#").split("/")[1:]]


def lookup(root: Any, segments: list[str]) -> Any:
    """What stands at a pointer; None where there is nothing."""
    for segment in segments:
        if isinstance(root, Items) and segment.isdigit() and int(segment) < len(root):
            root = root[int(segment)]
        elif isinstance(root, Map) and segment in root:
            root = root[segment]
        else:
            return None
    return root


def one_line(text: str) -> str:
    """A description on one line, without what cannot be printed, and not without end."""
    shown = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return shown if len(shown) <= LONGEST_DESCRIPTION else f"{shown[: LONGEST_DESCRIPTION - 3]}..."
