"""Which types may stand where another is declared."""

from __future__ import annotations

from typing import Any

import pytest

from cncb_compiler.schema.assign import fits
from cncb_compiler.schema.notation import parse_type
from cncb_compiler.schema.types import TypeTable
from cncb_compiler.source.location import Location

AT = Location("events.yaml")
NAMED = {
    "Line": {"sku": "string", "quantity": "integer", "note": "string?"},
    "Loose": {"sku": "string", "quantity": "string"},
    "Tree": {"value": "integer", "kids": ["Tree"]},
    "Wood": {"value": "number", "kids": ["Wood"]},
    "Weeds": {"value": "string", "kids": ["Weeds"]},
}
TABLE = TypeTable({name: parse_type(raw, AT).type for name, raw in NAMED.items()})
UNION = {"oneOf": [{"type": "string"}, {"type": "integer"}]}


def why(source: Any, target: Any, name: str = "") -> str | None:
    return fits(parse_type(source, AT).type, parse_type(target, AT).type, TABLE, name)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("string", "string"),
        ("integer", "number"),
        ("timestamp", "integer"),
        ("timestamp", "number"),
        ("uuid", "string"),
        ("date-time", "string"),
        ("string", "uuid"),
        ("string", "email"),
        ("string", "uri"),
        ("enum(a, b)", "string"),
        ("enum(a)", "enum(a, b)"),
        ("enum(2024-01-31)", "date"),
        ("any", "uuid"),
        ("Line", "any"),
        (["integer"], ["number"]),
        ("map(integer)", "map(number)"),
        ({"a": "integer", "b": "integer"}, "map(number)"),
        ("Line", {"sku": "string"}),
        ("Line", {"sku": "string", "missing": "string?"}),
        ("Tree", "Tree"),
        ("Tree", "Wood"),
        ("string", UNION),
        ("integer", UNION),
        (UNION, UNION),
        ({"type": "object", "properties": {}, "additionalProperties": True}, "Line"),
    ],
)
def test_fits(source: Any, target: Any) -> None:
    assert why(source, target) is None


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [
        ("string", "integer", "it is a string, not an integer"),
        ("number", "integer", "it is a number, not an integer"),
        ("integer", "timestamp", "it is an integer, not a timestamp"),
        ("string", "date-time", "it is a string, not a date-time"),
        ("timestamp", "date-time", "it is a timestamp, not a date-time"),
        ("email", "uuid", "it is an email, not a uuid"),
        ("string", "enum(a, b)", "it is a string, not one of `a`, `b`"),
        ("enum(a, c)", "enum(a, b)", "it may be `c`, which is not one of `a`, `b`"),
        ("enum(tomorrow)", "date", "it is `tomorrow`, not a date"),
        ("Line", "string", "it is a Line, not a string"),
        (["string"], ["integer"], "`[]` is a string, not an integer"),
        ({"lines": ["Loose"]}, {"lines": ["Line"]}, "`lines[].quantity` is a string, not an integer"),
        ({"a": "string"}, {"a": "string", "b": "uuid"}, "it has no `b`, which is required"),
        ({"x": {}}, {"x": {"b": "uuid"}}, "`x` has no `b`, which is required"),
        ("Line", {"note": "string"}, "`note` may be absent, but is required"),
        ("Tree", "Weeds", "`value` is an integer, not a string"),
        (UNION, "string", "it is an integer, not a string"),
        ("boolean", UNION, "it is a boolean, not a string or an integer"),
        ("map(string)", "Line", "it is a map, not a Line"),
        ({"a": "string"}, "map(integer)", "`a` is a string, not an integer"),
    ],
)
def test_does_not_fit(source: Any, target: Any, reason: str) -> None:
    assert why(source, target) == reason


def test_the_value_is_named() -> None:
    assert why("Loose", "Line", "order.line") == "`order.line.quantity` is a string, not an integer"
