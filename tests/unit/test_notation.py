"""The compact notation of types, JSON Schema in its place, and back again."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from cncb_compiler.schema.jsonschema import to_json_schema
from cncb_compiler.schema.notation import parse_record, parse_type, unknown_refs
from cncb_compiler.schema.sample import sample
from cncb_compiler.schema.types import (
    ANYTHING,
    INTEGER,
    NUMBER,
    STRING,
    TIMESTAMP,
    UUID,
    Enum,
    Field,
    ListOf,
    MapOf,
    OneOf,
    Record,
    Ref,
    Scalar,
    TypeTable,
)
from cncb_compiler.schema.walk import fields, lookup, render_type
from cncb_compiler.source.location import Location

AT = Location("events.yaml", ("types", "Order"))
EMAIL = Scalar("string", "email")


def one_field(raw: Any) -> Field:
    parsed = parse_record({"field": raw}, AT)
    assert parsed.diagnostics == []
    return parsed.type.fields["field"]


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ("string", Field(STRING)),
        ("timestamp", Field(TIMESTAMP)),
        ("context", Field(ANYTHING)),
        ("uuid?", Field(UUID, optional=True)),
        ("OrderLine", Field(Ref("OrderLine"))),
        ("OrderLine?", Field(Ref("OrderLine"), optional=True)),
        (["OrderLine"], Field(ListOf(Ref("OrderLine")))),
        ("[OrderLine]?", Field(ListOf(Ref("OrderLine")), optional=True)),
        ([["integer"]], Field(ListOf(ListOf(INTEGER)))),
        ("map(number)", Field(MapOf(NUMBER))),
        ("map(map([Order]))", Field(MapOf(MapOf(ListOf(Ref("Order")))))),
        ("enum(submitted, paid)", Field(Enum(("submitted", "paid")))),
        ("enum(a)?", Field(Enum(("a",)), optional=True)),
        ({"type": "email", "sensitive": True}, Field(EMAIL, sensitive=True)),
        ({"type": "email?", "sensitive": True, "description": "Whose."}, Field(EMAIL, True, True, "Whose.")),
        ({"type": ["OrderLine"], "optional": True}, Field(ListOf(Ref("OrderLine")), optional=True)),
        ({"type": "string", "format": "uuid"}, Field(UUID)),
        ({"type": "string", "minLength": 3, "pattern": "^a"}, Field(STRING)),
        ({"type": ["string", "null"]}, Field(STRING, optional=True)),
        ({"type": ["string", "integer"]}, Field(OneOf((STRING, INTEGER)))),
        ({"type": "array", "items": {"type": "integer"}}, Field(ListOf(INTEGER))),
        ({"type": "object", "additionalProperties": {"type": "number"}}, Field(MapOf(NUMBER))),
        ({"type": "object"}, Field(MapOf(ANYTHING))),
        ({"enum": ["a", "b", None]}, Field(Enum(("a", "b")), optional=True)),
        ({"type": "string", "const": "a"}, Field(Enum(("a",)))),
        ({"$ref": "#/types/Order"}, Field(Ref("Order"))),
        ({"oneOf": [{"type": "string"}, {"type": "null"}]}, Field(STRING, optional=True)),
        ({"anyOf": [{"type": "integer"}, {"type": "number"}]}, Field(NUMBER)),
    ],
)
def test_field(raw: Any, field: Field) -> None:
    assert one_field(raw) == field


def test_a_record_may_have_a_field_named_type() -> None:
    record = one_field({"type": "string", "name": "string"}).type
    assert isinstance(record, Record)
    assert list(record.fields) == ["type", "name"]


def test_json_schema_object() -> None:
    raw = {
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "size-of": {"$ref": "#/$defs/size"},
            "email": {"type": "string", "format": "email", "sensitive": True, "description": "Whose."},
        },
        "$defs": {"size": {"type": "integer", "minimum": 0}},
    }
    record = parse_record(raw, AT).type
    assert dict(record.fields) == {
        "id": Field(UUID),
        "size-of": Field(INTEGER, optional=True),
        "email": Field(EMAIL, True, True, "Whose."),
    }
    assert not record.open
    assert parse_record({**raw, "additionalProperties": True}, AT).type.open


def test_all_of_merges_objects() -> None:
    raw = {"allOf": [{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
                     {"properties": {"b": {"type": "integer"}}}]}  # fmt: skip
    assert dict(parse_record(raw, AT).type.fields) == {"a": Field(STRING), "b": Field(INTEGER, optional=True)}


@pytest.mark.parametrize(
    ("raw", "place", "message", "mend"),
    [
        ({"a": "strng"}, ("a",), "`strng` is not a type", "Did you mean `string`?"),
        ({"a": {"b": ["intger"]}}, ("a", "b", 0), "`intger` is not a type", "Did you mean `integer`?"),
        ({"a": "order"}, ("a",), "`order` is not a type", "Use one of"),
        ({"a": ["string", "integer"]}, ("a",), "A list has items of one type", "Write `[X]`"),
        ({"a": []}, ("a",), "A list has items of one type", "Write `[X]`"),
        ({"a": ["string?"]}, ("a", 0), "only a field can be optional", "Write `string`"),
        ({"a": 5}, ("a",), "`5` is not a type", "Write"),
        ({"a": None}, ("a",), "`null` is not a type", "Write"),
        ({"a b": "string"}, ("a b",), "`a b` cannot be the name of a field", "Use letters"),
        ({"a": "enum(x, , y)"}, ("a",), "empty value", "Write"),
        ({"a": "enum(x, x)"}, ("a",), "`x` is listed twice", None),
        ({"a": {"type": "string", "optional": "yes"}}, ("a", "optional"), "`optional` is true or false", None),
        ({"a": {"$ref": "#/$defs/none"}}, ("a", "$ref"), "`#/$defs/none` is not in this schema", None),
        ({"a": {"$ref": "https://example.com/x"}}, ("a", "$ref"), "not a reference within the system", "Use"),
        ({"a": {"type": "object", "properties": {"x": {"type": "strin"}}}}, ("a", "properties", "x", "type"),
         "`strin` is not a type of JSON Schema", "Use one of"),
        ({"a": {"type": "object", "propertis": {}}}, ("a", "type"), "`object` is not a type", None),
        ({"a": {"type": "object", "properties": {}, "if": {}}}, ("a", "if"), "keyword `if` is not supported", None),
        ({"a": {"type": "array", "items": [{"type": "string"}]}}, ("a", "items"), "differ by position", "Use one"),
    ],
)  # fmt: skip
def test_bad_type(raw: Any, place: tuple[str | int, ...], message: str, mend: str | None) -> None:
    found = parse_type(raw, AT).diagnostics
    assert len(found) == 1, found
    assert found[0].code == "CNCB110"
    assert found[0].at.path == (*AT.path, *place)
    assert message in found[0].message
    assert mend is None or (found[0].mend or "").startswith(mend)


def test_a_local_reference_to_itself_is_told() -> None:
    raw = {"$ref": "#/$defs/tree", "$defs": {"tree": {"properties": {"kids": {"items": {"$ref": "#/$defs/tree"}}}}}}
    assert "refers to itself" in parse_type(raw, AT).diagnostics[0].message


def test_deep_nesting_is_told() -> None:
    raw: Any = "string"
    for _ in range(200):
        raw = [raw]
    assert "nested deeper" in parse_type(raw, AT).diagnostics[0].message
    assert "nested deeper" in parse_type("map(" * 200 + "string" + ")" * 200, AT).diagnostics[0].message


@pytest.mark.parametrize("raw", ["string", ["string"], 5, None, {"type": "array", "items": True}, {"oneOf": 5}])
def test_a_record_is_an_object(raw: Any) -> None:
    assert parse_record(raw, AT).diagnostics


def test_named_types_are_collected_with_their_places() -> None:
    parsed = parse_type({"lines": ["OrderLine"], "by": {"$ref": "#/types/Person"}}, AT)
    assert parsed.refs == [("OrderLine", AT / "lines" / 0), ("Person", AT / "by" / "$ref")]
    assert unknown_refs(parsed.refs, {"OrderLine": STRING}) == [("Person", AT / "by" / "$ref")]


ORDER = {
    "id": "uuid",
    "placedAt": "timestamp",
    "day": "date",
    "email": {"type": "email", "sensitive": True},
    "lines": [{"sku": "string", "quantity": "integer", "note": "string?"}],
    "status": "enum(open, paid)",
    "prices": "map(number)",
    "replaces": "Order?",
    "related": ["Order"],
    "context": "context?",
    "active": "boolean",
    "site": "uri",
}


@pytest.fixture
def table() -> TypeTable:
    return TypeTable({"Order": parse_type(ORDER, AT).type})


def test_samples_satisfy_the_json_schema(table: TypeTable) -> None:
    schema = to_json_schema(Ref("Order"), table)
    for dialect in (jsonschema.Draft7Validator, jsonschema.Draft202012Validator):
        dialect.check_schema(schema)
        dialect(schema, format_checker=jsonschema.FormatChecker()).validate(sample(Ref("Order"), table, "seed"))
        with pytest.raises(jsonschema.ValidationError):
            dialect(schema).validate({**sample(Ref("Order"), table, "seed"), "status": "lost"})


def test_samples_are_stable_and_differ_by_seed(table: TypeTable) -> None:
    first = sample(Ref("Order"), table, "one")
    assert first == sample(Ref("Order"), table, "one")
    assert first["id"] != sample(Ref("Order"), table, "two")["id"]
    assert first["status"] == "open"
    assert "replaces" not in first
    assert first["related"] == []


def test_json_schema_is_read_back(table: TypeTable) -> None:
    schema = to_json_schema(table.named["Order"], table)
    del schema["$defs"]
    named = json.loads(json.dumps(schema).replace("#/$defs/", "#/types/"))
    assert render_type(parse_type(named, AT).type) == render_type(table.named["Order"])


def test_fields_are_walked_by_path(table: TypeTable) -> None:
    found = [path for path, _ in fields(parse_type({"order": "Order"}, AT).type, table)]
    assert found[:2] == ["order", "order.id"]
    assert "order.lines[].sku" in found
    assert not any(path.startswith("order.replaces.") for path in found)


def test_lookup(table: TypeTable) -> None:
    root = parse_type({"order": "Order", "maybe": "Order?"}, AT).type
    assert lookup(root, "order.lines[].quantity", table) == Field(INTEGER)
    assert lookup(root, "maybe.email", table) == Field(EMAIL, optional=True, sensitive=True)
    assert lookup(root, "order.prices.*", table) == Field(NUMBER)
    assert lookup(root, "order.replaces.replaces.id", table) == Field(UUID, optional=True)
    assert lookup(root, "order.line", table) is None
    assert lookup(root, "order.id.x", table) is None


@pytest.mark.parametrize("text", ["uuid", "[Line]", "map([uuid])", "enum(a, b)", "{a: string, b: Line?, c: [string]}"])
def test_render_is_the_notation(text: str) -> None:
    import yaml

    assert render_type(parse_type(yaml.load(text, Loader=yaml.CSafeLoader), AT).type) == text


def test_a_type_that_was_cut_at_a_comma_says_so() -> None:
    (found,) = parse_type("enum(EUR", AT).diagnostics
    assert "put quotes around" in (found.mend or "")
