"""The Python that mappings are compiled to: what it looks like, that a formatter leaves it, what it gives."""

from __future__ import annotations

import ast
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cncb_compiler.mapping.check import check
from cncb_compiler.mapping.parse import parse_mapping
from cncb_compiler.mapping.python import Code, compile_condition, compile_mapping
from cncb_compiler.mapping.scope import Scope
from cncb_compiler.mapping.tree import Expression
from cncb_compiler.runtime import values
from cncb_compiler.schema.notation import parse_record, parse_type
from cncb_compiler.schema.types import TypeTable
from cncb_compiler.source.location import Location

AT = Location("services/x.yaml")
NAMED = {
    "Line": {"sku": "string", "quantity": "integer", "note": "string?", "tags": ["string"]},
    "Order": {"id": "uuid", "lines": ["Line"], "total": "number?", "address": "Address?", "classes": ["Line"]},
    "Address": {"city": "string", "zip": "string?"},
    "Tree": {"value": "integer", "secret": "string", "kids": ["Tree"]},
    "Plain": {"value": "integer", "kids": ["Plain"]},
}
TABLE = TypeTable({name: parse_type(raw, AT).type for name, raw in NAMED.items()})
ROOT = parse_record(
    {"id": "uuid", "timestamp": "timestamp", "order": "Order", "context": "context", "tags": "map(string)",
     "prices": "map(Line)", "tree": "Tree", "name": "string", "paid": "boolean"}, AT
).type  # fmt: skip
SCOPE = Scope(ROOT, "event", "event:order-submitted")


def compiled(raw: Any, target: Any = None, scope: Scope = SCOPE, **more: Any) -> Code:
    tree, wrong = parse_mapping(raw, AT)
    assert wrong == []
    type_ = None if target is None else parse_type(target, AT).type
    assert check(tree, scope, None, TABLE, AT).diagnostics == ()
    return compile_mapping(tree, scope, type_, TABLE, **more)


@pytest.mark.parametrize(
    ("raw", "expression"),
    [
        ("order.id", 'event["order"]["id"]'),
        ("order.total", 'event["order"].get("total")'),
        ("order.address.city", 'values.get(event["order"], "address", "city")'),
        ("context.order.id", 'values.get(event["context"], "order", "id")'),
        ("tags.colour", 'event["tags"].get("colour")'),
        ("order.lines[0].sku", 'values.get(values.item(event["order"]["lines"], 0), "sku")'),
        ("order.lines[*].sku", '[line["sku"] for line in event["order"]["lines"]]'),
        ("order.lines[].note", 'values.compact([line.get("note") for line in event["order"]["lines"]])'),
        ("order.lines[?quantity > `1`].sku",
         '[line["sku"] for line in event["order"]["lines"] if line["quantity"] > 1]'),
        ("order.lines[?note].{a: sku}", '[{"a": line["sku"]} for line in event["order"]["lines"] if line.get("note")]'),
        ("order.lines[].tags[]", 'values.flatten([line["tags"] for line in event["order"]["lines"]])'),
        ("order.classes[].sku", '[item["sku"] for item in event["order"]["classes"]]'),
        ("order.lines", 'event["order"]["lines"]'),
        ("order.lines[1:]", 'event["order"]["lines"][1:]'),
        ("order.total || `0`", 'values.not_null(event["order"].get("total"), 0)'),
        ("order.address.city || 'none'", 'values.get(event["order"], "address", "city") or "none"'),
        ("order.address.{c: city}",
         'values.apply(event["order"].get("address"), lambda item: {"c": item["city"]})'),
        ("order.{a: id, b: total}", '{"a": event["order"]["id"], "b": event["order"].get("total")}'),
        ("length(order.lines)", 'len(event["order"]["lines"])'),
        ("sum(order.lines[].quantity)", 'sum([line["quantity"] for line in event["order"]["lines"]])'),
        ("sort_by(order.lines, &quantity)", 'sorted(event["order"]["lines"], key=lambda line: line["quantity"])'),
        ("max(order.lines[].quantity)", 'max([line["quantity"] for line in event["order"]["lines"]], default=None)'),
        ("join(', ', order.lines[].sku)", '", ".join([line["sku"] for line in event["order"]["lines"]])'),
        ("month(timestamp)", 'values.month(event["timestamp"])'),
        ("upper(name)", 'event["name"].upper()'),
        ("uuid()", "values.uuid4()"),
        ("tags.*", 'list(event["tags"].values())'),
        ("prices.*.sku", '[price["sku"] for price in event["prices"].values()]'),
        ("name == 'a'", 'event["name"] == "a"'),
        ("'a' == name", 'event["name"] == "a"'),
        ("paid == `true`", 'event["paid"] is True'),
        ("order.total == `null`", 'event["order"].get("total") is None'),
        ("!(name == 'a')", 'event["name"] != "a"'),
        ("(name || id) && paid", '(event["name"] or event["id"]) and event["paid"]'),
        ({"hook": "pricing.total"}, "pricing_hooks.total(event)"),
        ({"const": 'say "yes"'}, "'say \"yes\"'"),
        ({"const": [1, 1.5, None, "a"]}, '[1, 1.5, None, "a"]'),
        (["id", {"const": "x"}], '[event["id"], "x"]'),
        ({}, "{}"),
    ],
)  # fmt: skip
def test_code(raw: Any, expression: str) -> None:
    code = compiled(raw)
    assert code.expression == expression
    assert code.helpers == {node.attr for node in ast.walk(ast.parse(expression)) if _is_helper(node)}
    assert code.hooks == (frozenset({"pricing"}) if "pricing" in expression else frozenset())


def _is_helper(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "values"


@pytest.mark.parametrize(
    ("raw", "target", "expression"),
    [
        ("order.lines", [{"sku": "string"}], '[{"sku": line["sku"]} for line in event["order"]["lines"]]'),
        ("order.lines", ["Line"], 'event["order"]["lines"]'),
        ("order", {"id": "uuid", "total": "number?"},
         '{"id": event["order"]["id"], "total": event["order"].get("total")}'),
        ("order.address", {"city": "string"},
         'values.apply(event["order"].get("address"), lambda item: {"city": item["city"]})'),
        ("prices", {"type": "object", "additionalProperties": {"properties": {"sku": {"type": "string"}}}},
         '{price_key: {"sku": price["sku"]} for price_key, price in event["prices"].items()}'),
        ("order.lines[0]", {"sku": "string"},
         'values.apply(values.item(event["order"]["lines"], 0), lambda item: {"sku": item["sku"]})'),
        ("order.lines[].tags", [["string"]], '[line["tags"] for line in event["order"]["lines"]]'),
        ("context", "Line", 'event["context"]'),
    ],
)  # fmt: skip
def test_only_declared_fields_are_taken(raw: str, target: Any, expression: str) -> None:
    assert compiled(raw, target).expression == expression


def test_a_type_within_itself_is_narrowed_at_its_first_level() -> None:
    code = compiled("tree", "Plain").expression
    event = {"tree": {"value": 1, "secret": "x", "kids": []}}
    assert run(code, event) == {"value": 1, "kids": []}


def test_ids_are_the_same_on_each_retry() -> None:
    scope = Scope(ROOT, "event", "event:x", seed='event["id"]')
    code = compiled({"a": "uuid()", "b": {"c": "uuid()"}, "d": "[uuid(), uuid()]"}, scope=scope)
    event = {"id": "1"}
    first = run(code.expression, event)
    assert first == run(code.expression, event)
    assert len({first["a"], first["b"]["c"], *first["d"]}) == 4
    assert first["a"] != run(code.expression, {"id": "2"})["a"]


def test_conditions_have_the_truth_of_jmespath() -> None:
    def condition(text: str) -> str:
        return compile_condition(Expression(text), SCOPE, TABLE).expression

    assert condition("order.total") == 'event["order"].get("total") is not None'
    assert condition("timestamp") == "True"
    assert condition("name") == 'event["name"]'
    assert condition("context.x") == 'values.truthy(values.get(event["context"], "x"))'
    assert condition("name == 'a' && paid") == 'event["name"] == "a" and event["paid"]'


def test_names_do_not_hide_what_is_around() -> None:
    scope = Scope(parse_record({"lines": ["Line"], "values": ["Line"]}, AT).type, "line", "x:y")
    assert compiled("lines[].sku", scope=scope).expression == '[line_2["sku"] for line_2 in line["lines"]]'
    code = compiled("values[].[note, sku]", scope=scope).expression
    assert run(code.replace("line", "event"), {"values": [{"sku": "a"}]}) == [[None, "a"]]


def test_nested_projections_have_their_own_names() -> None:
    code = compiled("order.lines[].{mine: sku, all: tags[?@ == 'a']}").expression
    event = {"order": {"lines": [{"sku": "x", "tags": ["a", "b"]}]}}
    assert run(code, event) == [{"mine": "x", "all": ["a"]}]


LONG: dict[str, Any] = {
    "id": "uuid()",
    "reservation": {
        "lines": "order.lines[?quantity > `1` && note == 'gift'].{sku: sku, quantity: quantity, note: note}",
        "amount": {"hook": "pricing.total"},
        "first": "sort_by(order.lines[?contains(tags, 'express') && quantity >= `2`], &quantity)[0].{a: sku, b: note}",
        "names": ["order.id", "order.address.city || 'somewhere over the rainbow'", {"const": "x" * 40}, "name"],
    },
    "status": {"const": "cancelled"},
    "note": {"const": 'He said "it\'s\tover"\n'},
}


def test_a_formatter_and_a_linter_leave_it_as_it_is(tmp_path: Path) -> None:
    blocks = []
    for number, raw in enumerate(
        [LONG, LONG["reservation"]["lines"], LONG["reservation"]["first"], "order.lines[1:][].sku"]
    ):
        code = compiled(raw).expression
        blocks.append(f"def mapping_{number}(event: dict[str, Any]) -> Any:\n    return {code}\n")
    head = "from typing import Any\n\nfrom hooks import pricing as pricing_hooks\nfrom runtime import values\n"
    (tmp_path / "pyproject.toml").write_text(
        "[tool.ruff]\nline-length = 120\n[tool.ruff.lint]\n"
        'select = ["E", "F", "W", "N", "UP", "B", "A", "C4", "SIM", "RET", "RUF", "ANN001", "PL", "PIE", "PERF"]\n'
        'ignore = ["PLR2004"]\n'
    )
    (tmp_path / "mapping.py").write_text("\n\n".join([head, *blocks]))
    ruff = Path(sys.executable).with_name("ruff")
    for command in (["format", "--diff"], ["check"]):
        done = subprocess.run([ruff, *command, "mapping.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "name",
    ['"] + __import__("os").getcwd() + ["', "\\", "a'b", "\n", "\x00", "{{ x }}", "${x}", "\u202e", "\ud800", "é"],
)
def test_names_stay_in_their_quotes(name: str) -> None:
    tree, _ = parse_mapping({name: "id"}, AT)
    code = compile_mapping(tree, SCOPE, None, TABLE).expression
    assert run(code, {"id": 1}) == {name: 1}
    tree, _ = parse_mapping({"const": name}, AT)
    assert run(compile_mapping(tree, SCOPE, None, TABLE).expression, {}) == name
    assert len(code.splitlines()) == 1


def test_what_was_not_checked_is_not_compiled() -> None:
    with pytest.raises(ValueError, match="was not checked"):
        compile_mapping(Expression("order.nothing"), SCOPE, None, TABLE)


def run(code: str, event: Any) -> Any:
    return eval(code, {"values": values, "event": event})


def test_values_of_decimals() -> None:
    assert values.ceil(Decimal("1.2")) == 2
    assert values.floor(Decimal("-1.2")) == -2
    assert values.avg([Decimal(1), 2]) == Decimal("1.5")
    assert values.to_string({"a": Decimal("1.50"), "b": Decimal(2)}) == '{"a":1.5,"b":2}'
    assert values.truthy(Decimal(0))
    assert values.compare(Decimal(1), "<", 2) is True
    assert values.compare("a", "<", 2) is None
    assert values.equal(Decimal(1), True) is False
    assert values.type_name(Decimal(1)) == "number"
    assert values.to_number("2.5") == 2.5
    assert values.to_number("x") is None


def test_times() -> None:
    stamp = 1_706_745_599_999
    assert values.iso(stamp) == "2024-01-31T23:59:59.999Z"
    assert [values.year(stamp), values.month(stamp), values.day(stamp), values.hour(Decimal(stamp))] == [
        "2024",
        "2024-01",
        "2024-01-31",
        "2024-01-31T23",
    ]
    assert values.iso(-1) == "1969-12-31T23:59:59.999Z"
    assert values.iso(None) is values.month(None) is values.lower(None) is None


def test_present_leaves_out_what_is_absent() -> None:
    assert values.present({"a": None, "b": 0, "c": ""}) == {"b": 0, "c": ""}
