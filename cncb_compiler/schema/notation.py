"""The compact notation of types: `string`, `uuid?`, `[OrderLine]`, `{sku: string}`, and JSON Schema in its place."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any, NamedTuple

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.diagnostics.mend import Change, Mend, did_you_mean
from cncb_compiler.model.base import FIELD_PATTERN, TYPE_PATTERN
from cncb_compiler.rules.cncb110_bad_type import RULE as BAD_TYPE
from cncb_compiler.schema.jsonschema_read import is_json_schema, read_json_schema
from cncb_compiler.schema.types import (
    ANYTHING,
    BOOLEAN,
    INTEGER,
    NUMBER,
    STRING,
    TIMESTAMP,
    UUID,
    Enum,
    Field,
    ListOf,
    MapOf,
    Record,
    Ref,
    Scalar,
    Type,
)
from cncb_compiler.source.location import Location

SCALARS: dict[str, Type] = {
    "string": STRING,
    "integer": INTEGER,
    "number": NUMBER,
    "boolean": BOOLEAN,
    "uuid": UUID,
    "date-time": Scalar("string", "date-time"),
    "date": Scalar("string", "date"),
    "uri": Scalar("string", "uri"),
    "email": Scalar("string", "email"),
    "timestamp": TIMESTAMP,
    "any": ANYTHING,
    "context": ANYTHING,
}
"""The words of the notation. `timestamp` is in milliseconds since the epoch; `context` is an opaque context."""

_PLAIN = {word: Field(type_) for word, type_ in SCALARS.items()} | {
    f"{word}?": Field(type_, optional=True) for word, type_ in SCALARS.items()
}
"""The fields of which there is nothing more to say: most of them."""

LONG_FORM = frozenset({"type", "optional", "sensitive", "description"})
"""The keys of a field's long form: `{type: email, sensitive: true}`."""

MAX_DEPTH = 50
"""How deep a type may be nested; DynamoDB stores no document deeper than 32 levels."""

_field_name = re.compile(FIELD_PATTERN).fullmatch
_type_name = re.compile(TYPE_PATTERN).fullmatch


class ParsedType(NamedTuple):
    """A type as read: what was wrong with it, and each place where it names a type of the system."""

    type: Type
    diagnostics: list[Diagnostic]
    refs: list[tuple[str, Location]]


class ParsedRecord(NamedTuple):
    """A record as read; members as of `ParsedType`."""

    type: Record
    diagnostics: list[Diagnostic]
    refs: list[tuple[str, Location]]


def parse_type(raw: Any, at: Location) -> ParsedType:
    """The type that `raw` (plain values, as YAML gives them) writes down at `at`. What cannot be read is `Anything`."""
    parser = _Parser()
    type_ = parser.type(raw, at, 0)
    return ParsedType(type_, parser.diagnostics, parser.refs)


def parse_record(raw: Any, at: Location) -> ParsedRecord:
    """As `parse_type`, where only an object will do: a map of fields, or JSON Schema of an object."""
    parser = _Parser()
    if isinstance(raw, dict):
        # A record that has a field named `type` is no long form here: there is no field that it could describe.
        type_ = parser.json_schema(raw, at) if is_json_schema(raw) else parser.record(raw, at, 0)
        if isinstance(type_, Record):
            return ParsedRecord(type_, parser.diagnostics, parser.refs)
    if not parser.diagnostics:
        parser.fail(at, "This must be an object.", "Write a map of field names to types, such as `{id: uuid}`.")
    return ParsedRecord(Record({}, open=True), parser.diagnostics, parser.refs)


def unknown_refs(refs: list[tuple[str, Location]], named: dict[str, Type]) -> list[tuple[str, Location]]:
    """Those of the named places whose type the system does not have."""
    return [(name, at) for name, at in refs if name not in named]


class _Parser:
    """One reading of one type; collects what is wrong and what is named on the way."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.refs: list[tuple[str, Location]] = []

    def fail(self, at: Location, message: str, mend: str | Mend | None = None) -> Type:
        self.diagnostics.append(BAD_TYPE(at, message, mend=mend))
        return ANYTHING

    def type(self, raw: Any, at: Location, depth: int) -> Type:
        if isinstance(raw, str):
            scalar = SCALARS.get(raw)
            return scalar if scalar is not None else self._text(raw, at, depth)
        if depth > MAX_DEPTH:
            return self.fail(
                at,
                f"The type is nested deeper than {MAX_DEPTH} levels.",
                "Name its inner parts under `types`.",
            )
        if isinstance(raw, list):
            if len(raw) != 1:
                return self.fail(
                    at,
                    f"A list has items of one type, but {len(raw)} are given.",
                    "Write `[X]`, such as `[string]`.",
                )
            return ListOf(self.type(raw[0], at / 0, depth + 1))
        if isinstance(raw, dict):
            if is_json_schema(raw):
                return self.json_schema(raw, at)
            if _is_long_form(raw):
                field = self._long_form(raw, at, depth)
                if field.optional or field.sensitive:
                    self.fail(at, "`optional` and `sensitive` describe a field, and this is none.")
                return field.type
            return self.record(raw, at, depth)
        return self.fail(at, f"`{_shown(raw)}` is not a type.", "Write `string`, `[X]`, `{field: X}` or JSON Schema.")

    def record(self, raw: dict[Any, Any], at: Location, depth: int) -> Record:
        fields: dict[str, Field] = {}
        for name, inner in raw.items():
            if not isinstance(name, str) or not _field_name(name):
                self.fail(
                    (at / name).key(),
                    f"`{name}` cannot be the name of a field.",
                    "Use letters, digits and `_`, a letter first; for other names use JSON Schema `properties`.",
                )
                continue
            plain = _PLAIN.get(inner) if isinstance(inner, str) else None
            fields[name] = plain if plain is not None else self._field(inner, at / name, depth + 1)
        return Record(fields)

    def json_schema(self, raw: dict[str, Any], at: Location) -> Type:
        read = read_json_schema(raw, at, SCALARS)
        self.diagnostics += [BAD_TYPE(place, message, mend=mend) for place, message, mend in read.problems]
        self.refs += read.refs
        return read.type

    def _field(self, raw: Any, at: Location, depth: int) -> Field:
        if isinstance(raw, str):
            if raw in _PLAIN:
                return _PLAIN[raw]
            if raw.endswith("?"):
                return Field(self.type(raw[:-1].rstrip(), at, depth), optional=True)
        elif isinstance(raw, dict):
            if is_json_schema(raw):
                read = read_json_schema(raw, at, SCALARS)
                self.diagnostics += [BAD_TYPE(place, message, mend=mend) for place, message, mend in read.problems]
                self.refs += read.refs
                return Field(read.type, read.nullable, raw.get("sensitive") is True, _description(raw))
            if _is_long_form(raw):
                return self._long_form(raw, at, depth)
        return Field(self.type(raw, at, depth))

    def _long_form(self, raw: dict[str, Any], at: Location, depth: int) -> Field:
        for key in ("optional", "sensitive"):
            if not isinstance(raw.get(key, False), bool):
                self.fail(at / key, f"`{key}` is true or false.")
        if not isinstance(raw.get("description", ""), str):
            self.fail(at / "description", "`description` is a text.")
        inner = self._field(raw["type"], at / "type", depth + 1)
        return Field(
            inner.type,
            inner.optional or raw.get("optional") is True,
            inner.sensitive or raw.get("sensitive") is True,
            _description(raw) or inner.description,
        )

    def _text(self, text: str, at: Location, depth: int) -> Type:
        word = text.strip()
        if depth > MAX_DEPTH:
            return self.fail(
                at,
                f"The type is nested deeper than {MAX_DEPTH} levels.",
                "Name its inner parts under `types`.",
            )
        if word in SCALARS:
            return SCALARS[word]
        if _type_name(word):
            self.refs.append((word, at))
            return Ref(word)
        if word.endswith("?"):
            self.fail(
                at,
                f"`{word}`: only a field can be optional.",
                Mend(f"Write `{word[:-1]}` here.", (Change(at, word, word[:-1]),)),
            )
            return self.type(word[:-1], at, depth + 1)
        if word.startswith("[") and word.endswith("]"):
            return ListOf(self.type(word[1:-1], at, depth + 1))
        if word.startswith("map(") and word.endswith(")"):
            return MapOf(self.type(word[4:-1], at, depth + 1))
        if word.startswith("enum(") and word.endswith(")"):
            return self._enum(word[5:-1], at)
        return self._unknown(word, at)

    def _enum(self, text: str, at: Location) -> Type:
        values = tuple(value.strip() for value in text.split(","))
        if not all(values):
            return self.fail(at, "An enum has an empty value.", "Write its values like `enum(paid, cancelled)`.")
        repeated = next((value for value in values if values.count(value) > 1), None)
        if repeated is not None:
            return self.fail(at, f"`{repeated}` is listed twice in the enum.")
        return Enum(values)

    def _unknown(self, word: str, at: Location) -> Type:
        near = get_close_matches(word, (*SCALARS, "enum(", "map("), n=1, cutoff=0.6)
        mend: str | Mend | None
        if word.count("(") > word.count(")"):
            mend = "A comma inside braces ends a value: put quotes around the whole type."
        elif near and near[0] in SCALARS:
            mend = did_you_mean(word, SCALARS, at)
        else:
            mend = (
                f"Use one of `{' '.join(SCALARS)}`, `enum(a, b)`, `map(X)`, `[X]`, or a type's name (a capital first)."
            )
        return self.fail(at, f"`{word}` is not a type.", mend)


def _is_long_form(raw: dict[Any, Any]) -> bool:
    return "type" in raw and LONG_FORM.issuperset(raw)


def _description(raw: dict[str, Any]) -> str:
    description = raw.get("description", "")
    return description if isinstance(description, str) else ""


def _shown(raw: Any) -> str:
    return (
        {None: "null", True: "true", False: "false"}.get(raw, str(raw))
        if raw is None or raw is True or raw is False
        else str(raw)
    )
