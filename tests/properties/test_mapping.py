"""Compiled mappings say what JMESPath says, of every value of the declared types."""

from __future__ import annotations

import ast
import json
import os
from typing import Any

import jmespath
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jmespath.exceptions import JMESPathError

from cncb_compiler.mapping.check import check
from cncb_compiler.mapping.parse import parse_mapping
from cncb_compiler.mapping.python import compile_condition, compile_mapping
from cncb_compiler.mapping.scope import Scope
from cncb_compiler.mapping.tree import Expression
from cncb_compiler.runtime import values
from cncb_compiler.schema.jsonschema import to_json_schema
from cncb_compiler.schema.notation import parse_record, parse_type
from cncb_compiler.schema.sample import sample
from cncb_compiler.schema.types import Anything, Enum, ListOf, MapOf, OneOf, Record, Ref, Scalar, Type, TypeTable
from cncb_compiler.schema.walk import lookup
from cncb_compiler.source.location import Location

AT = Location("test.yaml")
EXAMPLES = int(os.environ.get("CNCB_EXAMPLES", "150"))
"""How many expressions are tried; set the variable for a longer search."""
NAMED = {
    "Line": {"sku": "string", "quantity": "integer", "note": "string?", "flag": "boolean"},
    "Tree": {"value": "number", "kids": ["Tree"], "line": "Line?"},
}
ROOT = {
    "s": "string",
    "n": "number",
    "i": "integer",
    "b": "boolean",
    "e": "enum(paid, open)",
    "os": "string?",
    "on": "number?",
    "ob": "boolean?",
    "line": "Line",
    "oline": "Line?",
    "lines": ["Line"],
    "olines": {"type": ["Line"], "optional": True},
    "grid": [["integer"]],
    "words": ["string"],
    "numbers": ["number"],
    "tree": "Tree?",
    "prices": "map(number)",
    "parts": "map(Line)",
    "any": "any",
    "mixed": {"type": ["string", "number", "boolean"]},
    "either": {"oneOf": [{"type": "string"}, {"type": "array", "items": {"$ref": "#/types/Line"}}, {"type": "null"}]},
}
TABLE = TypeTable({name: parse_type(raw, AT).type for name, raw in NAMED.items()})
RECORD = parse_record(ROOT, AT).type
SCOPE = Scope(RECORD, "event", "event:test")
FIELDS = sorted({*ROOT, *(name for fields in NAMED.values() for name in fields), "nosuch"})

_text = st.sampled_from(["", "a", "b", "paid", "Zz", "10", "1.5"])
_json = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | _text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=3),
    max_leaves=6,
)


def value_of(type_: Type, depth: int = 0) -> st.SearchStrategy[Any]:
    """Values of a type."""
    type_ = TABLE.resolve(type_) if isinstance(type_, Ref) and depth < 6 else type_
    many = 3 if depth < 3 else 0
    match type_:
        case Scalar(base="string"):
            return _text
        case Scalar(base="boolean"):
            return st.booleans()
        case Scalar(base="integer"):
            return st.integers(-2, 3)
        case Scalar():
            return st.integers(-2, 2) | st.sampled_from([0.0, 0.5, -1.5, 1.0])
        case Enum():
            return st.sampled_from(type_.values)
        case ListOf():
            return st.lists(value_of(type_.item, depth + 1), max_size=many) if many else st.just([])
        case MapOf():
            return st.dictionaries(st.sampled_from(["a", "b", "sku"]), value_of(type_.value, depth + 1), max_size=many)
        case Record():
            required = {n: value_of(f.type, depth + 1) for n, f in type_.fields.items() if not f.optional}
            optional = {
                n: st.none() | value_of(f.type, depth + 1) if depth < 3 else st.none()
                for n, f in type_.fields.items()
                if f.optional
            }
            return st.fixed_dictionaries(required, optional=optional)
        case OneOf():
            return st.one_of([value_of(option, depth) for option in type_.options])
        case Anything() | _:
            return _json


EVENTS = value_of(RECORD)


def test_value_of_gives_values_of_the_type() -> None:
    import jsonschema

    schema = to_json_schema(RECORD, TABLE)
    jsonschema.validate(sample(RECORD, TABLE, "seed"), schema)


_names = st.sampled_from(FIELDS)
_literals = st.sampled_from(
    ["`0`", "`1`", "`true`", "`false`", "`null`", "`[]`", "`{}`", "'a'", "''", "'paid'", "`1.5`"]
)
_operators = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])


@st.composite
def paths(draw: st.DrawFn) -> str:
    """Paths of fields that there are, as far as the types say."""
    text, type_ = "", RECORD
    current: Any = RECORD
    for _ in range(draw(st.integers(1, 5))):
        current = TABLE.resolve(current)
        if isinstance(current, OneOf):
            current = current.options[draw(st.integers(0, len(current.options) - 1))]
        if isinstance(current, Record):
            name = draw(st.sampled_from(sorted(current.fields)))
            text += f".{name}" if text else name
            current = current.fields[name].type
        elif isinstance(current, ListOf):
            step = draw(
                st.sampled_from(
                    ["[*]", "[]", "[0]", "[-1]", "[1:]", "[::-1]", "[?sku == 'a']", "[?note]", "[?quantity > `0`]"]
                )
            )
            text += step
            current = current.item
        elif isinstance(current, MapOf):
            text += draw(st.sampled_from([".a", ".sku", ".*", '."b"']))
            current = current.value
        elif isinstance(current, Anything):
            text += draw(st.sampled_from([".a", "[0]", "[]", "[*]", ".*", ".line", "[?a]", "[:2]"]))
        else:
            break
    del type_
    return text


def _compose(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def form(text: str, count: int = 1) -> st.SearchStrategy[str]:
        return st.tuples(*[inner] * count).map(lambda parts: text.format(*parts))

    one = ["!({})", "({})", "{}[*]", "{}[]", "{}[0]", "{}.*", "{} | @", "{} | [@, @]", "{} | [0]", "{} | length(@)",
           "length({})", "to_string({})", "type({})", "to_array({})", "to_number({})", "keys({})", "values({})",
           "reverse({})", "sort({})", "sum({})", "max({})", "min({})", "avg({})", "abs({})", "ceil({})", "floor({})",
           "sort_by({}, &quantity)", "max_by({}, &sku)", "min_by({}, &quantity)[0]", "map(&[quantity, note], {})",
           "{}[?quantity > `0`].sku", "{}[?note].[sku, note]", "{}[].{{a: sku, b: note}}", "{}.{{a: sku, b: note}}",
           "{}.[sku, flag]", "{}.sku", "{}.line", "{}.kids[].value", "{}[?!(note)]", "{}[?flag == `true`]", "{}[?@]",
           "merge({}, {{sku: 'x'}})", "join(',', {})", "starts_with({}, 'a')", "{} | not_null(@, 'a')",
           "{}[?flag && quantity < `2` || note == 'a'].quantity", "{}[*].[quantity, flag][]", "!!({})"]  # fmt: skip
    two = ["{} || {}", "{} && {}", "[{}, {}]", "{{a: {}, b: {}}}", "not_null({}, {})", "contains({}, {})",
           "({} || {}).sku", "({} && {})[]", "{} == {}", "{} != {}", "{} < {}", "{} >= {}"]  # fmt: skip
    return st.sampled_from(one).flatmap(form) | st.sampled_from(two).flatmap(lambda text: form(text, 2))


expressions = st.recursive(paths() | paths() | _literals | _names, _compose, max_leaves=4)


def plain(value: Any) -> Any:
    """A value with true told from 1, for comparison."""
    if isinstance(value, bool):
        return f"<{value}>"
    if isinstance(value, list):
        return [plain(item) for item in value]
    return {name: plain(item) for name, item in value.items()} if isinstance(value, dict) else value


def run(code: str, event: Any) -> Any:
    return eval(code, {"values": values, "event": event})


@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
@given(expressions, st.data())
def test_compiled_is_jmespath(text: str, data: st.DataObject) -> None:
    tree, syntax = parse_mapping(text, AT)
    assume(not syntax)
    checked = check(tree, SCOPE, None, TABLE, AT)
    for found in checked.diagnostics:
        assert found.at.span is not None and 0 <= found.at.span[0] <= found.at.span[1] <= len(text)
    assume(not checked.diagnostics)
    code = compile_mapping(tree, SCOPE, None, TABLE)
    guard = compile_condition(Expression(text), SCOPE, TABLE)
    for _ in range(4):
        event = data.draw(EVENTS)
        try:
            expected = jmespath.search(text, event)
        except (JMESPathError, TypeError, ValueError, OverflowError, AttributeError):
            # Only what is not typed can fail.
            assert "any" in text or "either" in text, (text, event)
            continue
        event_before = json.dumps(event)
        assert plain(run(code.expression, event)) == plain(expected), (text, code.expression)
        assert bool(run(guard.expression, event)) == values.truthy(expected), (text, guard.expression)
        assert json.dumps(event) == event_before
        if expected is None and not isinstance(TABLE.resolve(checked.type), (Anything, OneOf)):
            assert checked.optional, (text, checked)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30) | st.text("ab.[]*?&|!`'\"(){}@,:<=>0-", max_size=20))
def test_any_text_is_a_mapping_or_a_diagnostic(text: str) -> None:
    tree, syntax = parse_mapping(text, AT)
    for found in syntax:
        assert found.at.span is None or 0 <= found.at.span[0] <= found.at.span[1] <= max(1, len(text))
    if not syntax:
        checked = check(tree, SCOPE, None, TABLE, AT)
        if not checked.diagnostics:
            ast.parse(compile_mapping(tree, SCOPE, None, TABLE).expression, mode="eval")


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_constants_survive(value: Any) -> None:
    tree, wrong = parse_mapping({"const": value}, AT)
    assert not wrong
    assert plain(run(compile_mapping(tree, SCOPE, None, TABLE).expression, {})) == plain(value)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.text(min_size=1), st.just("s"), max_size=4))
def test_names_cannot_leave_their_quotes(fields: dict[str, str]) -> None:
    tree, _ = parse_mapping(fields if set(fields) not in ({"const"}, {"hook"}) else {}, AT)
    code = compile_mapping(tree, SCOPE, None, TABLE).expression
    assert run(code, {"s": "v"}) == dict.fromkeys(fields if set(fields) not in ({"const"}, {"hook"}) else {}, "v")


_words = st.sampled_from(["string", "Line", "uuid?", "enum(a, b)", "map(", "[x]", "object", "#/$defs/a"]) | st.none()
_keys = st.sampled_from(["type", "properties", "a", "$ref", "$defs", "items", "oneOf", "allOf", "enum", "optional"])
_notations = st.recursive(_words, lambda x: st.lists(x, max_size=2) | st.dictionaries(_keys, x))


@settings(max_examples=200, deadline=None)
@given(_json | _notations)
def test_any_value_is_a_type_or_a_diagnostic(raw: Any) -> None:
    parsed = parse_type(raw, AT)
    for found in parsed.diagnostics:
        assert found.at.file == AT.file
    to_json_schema(parsed.type, TABLE)
    sample(parsed.type, TABLE, "x")
    lookup(parsed.type, "no.such[].field", TABLE)


CORPUS = [
    "abs(n)", "avg(numbers)", "ceil(n)", "floor(n)", "contains(words, s)", "contains(s, 'a')", "ends_with(s, 'a')",
    "starts_with(s, 'a')", "join('-', words)", "keys(line)", "keys(prices)", "values(prices)", "values(line)",
    "length(s)", "length(words)", "length(prices)", "map(&sku, lines)", "map(&note, lines)", "max(numbers)",
    "min(words)", "max_by(lines, &quantity)", "min_by(lines, &sku).quantity", "merge(line, {a: s})", "merge(prices)",
    "not_null(os, on, s)", "not_null(ob)", "reverse(s)", "reverse(words)", "sort(words)", "sort(numbers)",
    "sort_by(lines, &quantity)[0].sku", "sum(numbers)", "sum(lines[].quantity)", "to_array(s)", "to_array(words)",
    "to_array(os)", "to_array(olines)", "to_array(any)", "to_number(s)", "to_number(n)", "to_number(any)",
    "to_string(line)", "to_string(s)", "to_string(os)", "type(any)", "type(os)", "type(n)", "any[*].a", "any[1:].a",
    "any[].a", "any.*", "any[?a == `1`]", "any || s", "any && s", "!any", "!!any", "!on", "!n", "on && s", "n && s",
    "on || n", "on || to_number('1')", "b || n", "either[*].sku", "either || s", "mixed || s", "mixed && s", "!mixed",
    "[mixed] | [?@]", "mixed == n", "mixed == b", "tree.kids[].kids[].value",
    "tree.kids[0].line.note", "grid[]", "grid[][]", "numbers[]", "words[::2]", "olines[0:1].sku", "olines[?flag].note",
    "parts.*.quantity", "parts.a.sku", "line.*", "line | [sku, quantity]", "oline.[sku, note]", "(os || s) == s",
    "b == `true`", "any == `true`", "n == b || b",
    "n != i", "os == 'a'", "any < `2`", "any >= 'a'", "on > n", "`1` < n",
    "lines[*].[note, sku][]", "lines[?flag && (quantity > `1` || note)]", "lines[].{a: sku, b: {c: note}}", "@.s",
    "[s, os] | [1]", "tree.{a: value, b: kids[].value}", "lines | length(@) | @ == `0`", "`[1, {}]`", "\"line\".sku",
]  # fmt: skip


@pytest.mark.parametrize("text", CORPUS)
def test_each_construct_is_jmespath(text: str) -> None:
    tree, syntax = parse_mapping(text, AT)
    assert not syntax
    found = check(tree, SCOPE, None, TABLE, AT).diagnostics
    if text == "n == b || b":
        assert [one.code for one in found] == ["CNCB308"]
        return
    assert not found
    code = compile_mapping(tree, SCOPE, None, TABLE).expression
    line = {"sku": "a", "quantity": 2, "flag": True, "note": "x"}
    bare = {"sku": "b", "quantity": 1, "flag": False}
    tree_value = {"value": 1, "kids": [{"value": 2.5, "kids": [{"value": 0, "kids": []}], "line": line}]}
    full = {
        "s": "abca", "n": -1.5, "i": 3, "b": True, "e": "paid", "os": "o", "on": 0, "ob": False, "line": line,
        "oline": line, "lines": [line, bare], "olines": [bare, line], "grid": [[1], [], [2, 3]], "words": ["b", "a"],
        "numbers": [2, 1.5], "mixed": True, "tree": tree_value, "prices": {"a": 1}, "parts": {"a": line, "b": bare},
        "any": [{"a": 1}, [{"a": True}], None, 5], "either": [line],
    }  # fmt: skip
    empty = {
        **full, "s": "", "n": 0, "b": False, "lines": [], "grid": [], "words": [], "numbers": [], "prices": {},
        "parts": {}, "any": True, "either": "x", "mixed": 0,
    }  # fmt: skip
    for name in ("os", "on", "ob", "oline", "olines", "tree"):
        empty.pop(name)
    for event in (
        full,
        empty,
        {**empty, "os": None, "on": None, "tree": None, "any": None, "either": None, "mixed": ""},
    ):
        assert plain(run(code, event)) == plain(jmespath.search(text, event)), code
