"""Mappings against the types that they read and fill: every kind of mistake, its place, and the lineage."""

from __future__ import annotations

from typing import Any

import pytest

from cncb_compiler.diagnostics.diagnostic import Related
from cncb_compiler.mapping.aggregate import check_aggregate, compile_aggregate, parse_aggregate
from cncb_compiler.mapping.check import Checked, check
from cncb_compiler.mapping.parse import parse_mapping
from cncb_compiler.mapping.scope import Scope
from cncb_compiler.mapping.tree import HookCall, hook_calls
from cncb_compiler.runtime import values
from cncb_compiler.schema.notation import parse_record, parse_type
from cncb_compiler.schema.types import NUMBER, TIMESTAMP, TypeTable
from cncb_compiler.source.location import Location

AT = Location("services/x.yaml", ("transitions", 0, "with"))
NAMED = {
    "Line": {"sku": "string", "quantity": "integer", "note": "string?"},
    "Order": {
        "id": "uuid",
        "lines": ["Line"],
        "status": "enum(submitted, paid)",
        "total": "number?",
        "address": "Address?",
        "parent": "Order?",
    },
    "Address": {"city": "string", "zip": "string?"},
}
TABLE = TypeTable({name: parse_type(raw, AT).type for name, raw in NAMED.items()})
ROOT = parse_record(
    {"id": "uuid", "timestamp": "timestamp", "order": "Order", "context": "context", "tags": "map(string)"}, AT
).type
SCOPE = Scope(ROOT, "event", "event:order-submitted", 'event["id"]')


def checked(raw: Any, target: Any = None, **more: Any) -> Checked:
    tree, wrong = parse_mapping(raw, AT)
    assert wrong == []
    type_ = None if target is None else parse_type(target, AT).type
    return check(tree, SCOPE, type_, TABLE, AT, **more)


@pytest.mark.parametrize(
    ("raw", "target"),
    [
        ("order.id", "uuid"),
        ("order.id", "string"),
        ("order", "Order"),
        ("order", {"id": "uuid", "lines": [{"sku": "string"}]}),
        ("order.total", {"oneOf": [{"type": "number"}, {"type": "string"}]}),
        ("order.total || `0`", "number"),
        ("not_null(order.total, `0`)", "number"),
        ("order.address.city || 'none'", "string"),
        ("order.lines[?quantity > `1`].sku", ["string"]),
        ("order.lines[*].note", ["string"]),
        ("order.lines[0].sku || order.id", "string"),
        ("length(order.lines)", "integer"),
        ("sum(order.lines[].quantity)", "integer"),
        ("sort_by(order.lines, &quantity)", ["Line"]),
        ("order.lines[].{sku: sku, count: quantity}", [{"sku": "string", "count": "integer"}]),
        ("context.order.id", "uuid"),
        ("context.order.lines[0].sku", "string"),
        ("month(timestamp)", "string"),
        ("iso(timestamp)", "date-time"),
        ("uuid()", "uuid"),
        ("now()", "timestamp"),
        ("upper(order.status)", "string"),
        ({"const": "paid"}, "enum(paid, open)"),
        ({"const": ["a"]}, ["string"]),
        ([], ["string"]),
        (["order.id", "id"], ["uuid"]),
        (5, "number"),
        (True, "boolean"),
        ({"a": {"b": "order.id"}}, {"a": {"b": "uuid"}, "c": "string?"}),
        ({"sku": "order.id"}, "map(string)"),
        ({"hook": "pricing.total"}, "number"),
        ("order.status == 'paid' && order.total > `5`", None),
    ],
)
def test_good(raw: Any, target: Any) -> None:
    found = checked(raw, target, target_optional=raw == "order.total")
    assert found.diagnostics == ()


@pytest.mark.parametrize(
    ("raw", "target", "code", "place", "span", "message", "mend"),
    [
        ({"lines": "order.line"}, None, 304, ("lines",), (0, 10), "`order.line` is not a field of order-submitted.",
         "Did you mean `order.lines`?"),
        ("orders.id", None, 304, (), (0, 6), "`orders` is not a field of order-submitted.", "Did you mean `order`?"),
        ("order.lines[*].skuu", None, 304, (), (15, 19), "`order.lines[].skuu` is not a field", "Did you mean"),
        ("length(order.zzz)", None, 304, (), (7, 16), "`order.zzz` is not a field", "It has `order.id`, `order.lines`"),
        ("order.lines.sku", None, 304, (), (0, 15), "`order.lines` is a list and has no field `sku`", "Reach"),
        ("order.id.x", None, 304, (), (0, 10), "`order.id` is a string and has no field `x`", None),
        ("lenght(order.lines)", None, 306, (), (0, 6), "`lenght` is not a function.", "Did you mean `length`?"),
        ("length()", None, 307, (), (0, 6), "`length` takes 1 argument, not 0.", None),
        ("not_null()", None, 307, (), (0, 8), "`not_null` takes at least 1 argument, not 0.", None),
        ("length(timestamp)", None, 307, (), (7, 16), "takes a string, a list or an object, not a number", None),
        ("length(order.address)", None, 307, (), (7, 20), "`length` fails on a value that may be absent.", "Give it"),
        ("sum(order.lines[].sku)", None, 307, (), (4, 21), "`sum` takes a list of numbers, not a list", None),
        ("sort_by(order.lines, &note)", None, 307, (), (22, 26), "orders by a value that may be absent", None),
        ("sort_by(order.lines, sku)", None, 307, (), (21, 24), "takes an expression, written `&field`", None),
        ("order.id < timestamp", None, 307, (), (0, 20), "`<` compares two numbers or two strings", None),
        ("order.lines[::0]", None, 307, (), None, "step of a slice", None),
        ("!order.total", None, 307, (), (1, 12), "A path goes on after `!`", "`!` takes only"),
        ("order.lines[].{id: uuid()}", None, 307, (), None, "`uuid()` is the same for each item", "Make the ids"),
        ("order.status == 'payd'", None, 308, (), (0, 22), "`payd` is not one of the values", "Did you mean `paid`?"),
        ("order.id == `5`", None, 308, (), (0, 15), "`==` compares a string with a number", None),
        ("order.total", "number", 302, (), None, "`order.total` may be absent", "Give an alternative (`order.total ||"),
        ("order.address.city", "string", 302, (), None, "`order.address.city` may be absent", None),
        ("order.lines[0].sku", "string", 302, (), None, "`order.lines[0].sku` may be absent", None),
        ("max(order.lines[].quantity)", "integer", 302, (), None, "may be absent", None),
        ("tags.colour", "string", 302, (), None, "`tags.colour` may be absent", None),
        ("[order.id, order.address.city]", ["string"], 302, (), None, "An item of `[", "Leave out"),
        ({"const": None}, "string", 302, ("const",), None, "The value may be absent", None),
        ("order.id", "integer", 303, (), None, "`order.id` is a uuid, not an integer", None),
        ("timestamp", "date-time", 303, (), None, "a timestamp, not a date-time", "Convert it: `iso(...)`."),
        ({"o": "order"}, {"o": {"lines": [{"sku": "integer"}]}}, 303, ("o",), None,
         "The value of `o` does not fit: `order.lines[].sku` is a string, not an integer.", None),
        ({"s": {"const": "payd"}}, {"s": "enum(paid, open)"}, 303, ("s", "const"), None, "it is `payd`",
         "Did you mean `paid`?"),
        ({"a": "order.id"}, "string", 303, (), None, "an object, not a string", None),
        (["order.id"], "string", 303, (), None, "a list, not a string", None),
        ({"a": "id"}, {"a": "uuid", "b": "uuid"}, 301, (), None, "Nothing fills `b`, which is required.",
         "Add `b: ...`"),
        ({"a": {}}, {"a": {"b": "uuid"}}, 301, ("a",), None, "Nothing fills `a.b`, which is required.", None),
        ({"lnes": "id"}, {"lines": "uuid?"}, 305, ("lnes",), None, "`lnes` is not a field of the target.",
         "Did you mean `lines`?"),
        ({"hook": "event.total"}, None, 111, ("hook",), None, "cannot be called `event`", None),
    ],
)  # fmt: skip
def test_bad(
    raw: Any, target: Any, code: int, place: tuple[Any, ...], span: Any, message: str, mend: str | None
) -> None:
    found = checked(raw, target).diagnostics
    assert len(found) == 1, found
    assert found[0].code == f"CNCB{code}"
    assert found[0].at.path == (*AT.path, *place)
    assert span is None or found[0].at.span == span
    assert message in found[0].message
    assert mend is None or mend in (found[0].mend or "")


@pytest.mark.parametrize(
    ("raw", "place", "span", "code"),
    [
        ("order..sku", (), (6, 7), 112),
        ({"a": {"b": "order["}}, ("a", "b"), (5, 6), 112),
        ("", (), (0, 0), 112),
        ("'open", (), (0, 5), 112),
        ("a b", (), (2, 3), 112),
        ("!" * 3000 + "a", (), None, 112),
        ("a" * 5000, (), None, 112),
        ({"hook": "pricing"}, ("hook",), None, 111),
        ({"hook": "class.total"}, ("hook",), None, 111),
        ({"hook": "os;x.total"}, ("hook",), None, 111),
        ({"a": {5: "id"}}, ("a", 5), None, 111),
        ({"const": float("nan")}, ("const",), None, 111),
    ],
)
def test_unreadable(raw: Any, place: tuple[Any, ...], span: Any, code: int) -> None:
    _, found = parse_mapping(raw, AT)
    assert [one.code for one in found] == [f"CNCB{code}"]
    assert found[0].at.path == (*AT.path, *place)
    assert span is None or found[0].at.span == span


def test_everything_wrong_is_said_at_once() -> None:
    found = checked({"a": "order.x", "b": "order.total", "d": "id"}, {"a": "string", "b": "number", "c": "uuid"})
    assert sorted(one.code for one in found.diagnostics) == ["CNCB301", "CNCB302", "CNCB304", "CNCB305"]


def test_related_places_go_with_the_side_that_they_are_about() -> None:
    source, target = Related(AT, "declared here"), Related(AT, "asked for here")
    found = checked(
        {"a": "order.x", "c": "id"},
        {"a": "string", "b": "uuid"},
        related=(source,),
        target_related=(target,),
        target_name="make-reservation",
    ).diagnostics
    related = {one.code: one.related for one in found}
    assert related == {"CNCB304": (source,), "CNCB301": (target,), "CNCB305": (target,)}
    assert "Nothing fills `b` of make-reservation" in next(one.message for one in found if one.code == "CNCB301")


@pytest.mark.parametrize(
    ("raw", "target", "lineage", "reads"),
    [
        ({"id": "order.id"}, {"id": "uuid"}, {("id", "order.id")}, set()),
        ("order.lines", [{"sku": "string"}], {("[].sku", "order.lines[].sku")}, set()),
        ({"lines": "order.lines"}, {"lines": [{"sku": "string", "quantity": "integer"}]},
         {("lines[].sku", "order.lines[].sku"), ("lines[].quantity", "order.lines[].quantity")}, set()),
        ({"lines": "order.lines[?quantity > `1`].{name: sku}"}, {"lines": [{"name": "string"}]},
         {("lines[].name", "order.lines[].sku")}, {"order.lines[].quantity"}),
        ({"skus": "order.lines[].sku"}, {"skus": ["string"]}, {("skus", "order.lines[].sku")}, set()),
        ({"best": "sort_by(order.lines, &quantity)[0]"}, {"best": "Line?"},
         {("best.sku", "order.lines[].sku"), ("best.quantity", "order.lines[].quantity"),
          ("best.note", "order.lines[].note")}, {"order.lines[].quantity"}),
        ({"name": "order.total || order.id"}, None, {("name", "order.total"), ("name", "order.id")}, set()),
        ({"id": "context.order.id"}, {"id": "uuid"}, {("id", "context.order.id")}, set()),
        ({"sum": {"hook": "pricing.total"}}, {"sum": "number"}, {("sum", "*")}, set()),
        ({"status": {"const": "x"}}, None, set(), set()),
        ({"month": "month(timestamp)"}, None, {("month", "timestamp")}, set()),
        ("order.{a: id, b: address}", None, {("a", "order.id"), ("b.city", "order.address.city"),
                                             ("b.zip", "order.address.zip")}, set()),
    ],
)  # fmt: skip
def test_lineage(raw: Any, target: Any, lineage: set[tuple[str, str]], reads: set[str]) -> None:
    found = checked(raw, target)
    assert found.diagnostics == ()
    assert set(found.lineage) == lineage
    assert set(found.reads) == reads


def test_lineage_of_a_type_within_itself_ends() -> None:
    found = set(checked("order", "Order").lineage)
    assert ("id", "id") not in found
    assert ("id", "order.id") in found
    assert ("parent", "order.parent") in found


def test_hooks_are_listed_once() -> None:
    tree, _ = parse_mapping({"a": {"hook": "pricing.total"}, "b": [{"hook": "pricing.total"}]}, AT)
    assert hook_calls(tree) == (HookCall("pricing", "total"),)


@pytest.mark.parametrize("raw", ["count(order-submitted)", "sum(order-submitted, order.total)", "last(a-b, timestamp)"])
def test_aggregate(raw: str) -> None:
    aggregate, found = parse_aggregate(raw, AT)
    assert found == []
    assert aggregate is not None
    assert check_aggregate(aggregate, SCOPE, TABLE, AT).diagnostics == ()


@pytest.mark.parametrize(
    ("raw", "code", "span"),
    [
        ("order.id", 113, None),
        (5, 113, None),
        ("total(order-submitted, id)", 113, (0, 5)),
        ("count(order-submitted, id)", 113, None),
        ("sum(order-submitted)", 113, None),
        ("sum(order-submitted, a..b)", 112, (23, 24)),
    ],
)
def test_bad_aggregate(raw: Any, code: int, span: Any) -> None:
    aggregate, found = parse_aggregate(raw, AT)
    assert aggregate is None
    assert [one.code for one in found] == [f"CNCB{code}"]
    assert span is None or found[0].at.span == span


@pytest.mark.parametrize(
    ("raw", "code", "span"),
    [("sum(order-submitted, order.totl)", 304, (21, 31)), ("sum(order-submitted, order.id)", 307, (21, 29))],
)
def test_aggregate_that_does_not_fit(raw: str, code: int, span: Any) -> None:
    aggregate, _ = parse_aggregate(raw, AT)
    assert aggregate is not None
    found = check_aggregate(aggregate, SCOPE, TABLE, AT).diagnostics
    assert [(one.code, one.at.span) for one in found] == [(f"CNCB{code}", span)]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("count(order-submitted)", 3),
        ("sum(order-submitted, order.total)", 7),
        ("avg(order-submitted, order.total)", 3.5),
        ("min(order-submitted, order.total)", 2),
        ("max(order-submitted, timestamp)", 30),
        ("first(order-submitted, order.total)", 5),
        ("last(order-submitted, order.total)", 2),
        ("max(never-seen, order.total)", None),
        ("sum(never-seen, order.total)", 0),
        ("count(never-seen)", 0),
    ],
)
def test_aggregate_of_events(raw: str, expected: Any) -> None:
    aggregate, _ = parse_aggregate(raw, AT)
    assert aggregate is not None
    code = compile_aggregate(aggregate, SCOPE, TABLE)
    events = [
        {"type": "order-submitted", "timestamp": 10, "order": {"total": 5}},
        {"type": "order-submitted", "timestamp": 20, "order": {"total": None}},
        {"type": "order-submitted", "timestamp": 30, "order": {"total": 2}},
        {"type": "payment-taken", "timestamp": 40, "payment": {}},
    ]
    assert eval(code.expression, {"values": values, "events": events}) == expected
    assert bool(code.helpers) == ("values." in code.expression)


def test_aggregate_types() -> None:
    def of(raw: str) -> tuple[Any, bool]:
        aggregate, _ = parse_aggregate(raw, AT)
        assert aggregate is not None
        found = check_aggregate(aggregate, SCOPE, TABLE, AT)
        return found.type, found.optional

    assert of("sum(order-submitted, order.total)") == (NUMBER, False)
    assert of("max(order-submitted, timestamp)") == (TIMESTAMP, True)
