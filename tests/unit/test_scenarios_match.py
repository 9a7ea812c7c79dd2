from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cncb_compiler.scenarios.conform import misfits
from cncb_compiler.scenarios.match import match
from cncb_compiler.scenarios.pairing import Candidate, pair
from cncb_compiler.scenarios.words import UnboundError, escaped, filled
from cncb_compiler.schema.types import INTEGER, STRING, UUID, Enum, Field, ListOf, MapOf, OneOf, Record, Ref, TypeTable

ID = "11111111-1111-4111-8111-111111111111"
TYPES = TypeTable({"Line": Record({"sku": Field(STRING), "count": Field(INTEGER)})})
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def literally(value: Any) -> Any:
    """A pattern that matches exactly one value."""
    if isinstance(value, str):
        return escaped(value)
    if isinstance(value, dict):
        return {"exactly": {key: literally(inner) for key, inner in value.items()}}
    return [literally(inner) for inner in value] if isinstance(value, list) else value


@given(VALUES)
@settings(max_examples=60, deadline=None)
def test_a_value_matches_itself(value: Any) -> None:
    assert match(literally(value), value, {}, TYPES).difference is None


@given(VALUES, VALUES)
@settings(max_examples=60, deadline=None)
def test_a_literal_matches_nothing_else(value: Any, other: Any) -> None:
    same = repr(value) == repr(other) or (
        value == other and "True" not in f"{value}{other}" and "False" not in f"{value}{other}"
    )
    assert match(literally(value), other, {}, TYPES).fits == same or value == other


@given(VALUES)
@settings(max_examples=60, deadline=None)
def test_what_is_bound_is_sent_unchanged(value: Any) -> None:
    bound = match({"as": "x"}, value, {}, TYPES).bindings
    assert filled(["$x"], bound) == [value]


@pytest.mark.parametrize(
    ("pattern", "actual", "difference"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, None),
        ({"exactly": {"a": 1}}, {"a": 1, "b": 2}, "b: expected nothing, got 2"),
        ({"exactly": {"a": {"x": 1}}}, {"a": {"x": 1, "y": 2}}, "a.y: expected nothing, got 2"),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3]}}, "a.b[1]: expected 2, got 3"),
        ([1], [1, 2], "[1]: expected the end of the list, got 2"),
        ([1, 2], [1], "[1]: expected 2, got the end of the list"),
        (1, True, "expected 1, got true"),
        (1, 1.0, None),
        ({"a": 1}, {}, "a: expected 1, got nothing"),
        ({"a": {"gone": True}}, {}, None),
        ({"a": {"gone": True}}, {"a": 1}, "a: expected nothing, got 1"),
        ({"a": {"gone": False}}, {}, "a: expected something, got nothing"),
        ({"is": "uuid"}, ID, None),
        ({"is": "uuid"}, "x", 'expected is uuid, got "x"'),
        ({"is": "Line"}, {"sku": "a", "count": 1}, None),
        ({"is": "Line"}, {"sku": "a"}, 'expected is Line, got {"sku": "a"}'),
        ({"is": "[integer]"}, [1, 2], None),
        ({"matches": "a+"}, "aaa", None),
        ({"matches": "a+"}, "aab", 'expected matches a+, got "aab"'),
        ({"any": True}, None, None),
        ("$$order", "$order", None),
        ("5 $", "5 $", None),
        ("$known.id", ID, None),
        ("$known.id", "x", f'expected "{ID}" ($known.id), got "x"'),
        ("$unknown", "x", 'expected `$unknown`, got "x"; `$unknown` is not bound'),
        ({"exactly": {"as": 1}}, {"as": 1}, None),
        ({"a": {"as": "n"}, "b": "$n"}, {"a": 1, "b": 1}, None),
        ({"a": {"as": "n"}, "b": {"as": "n"}}, {"a": 1, "b": 2}, "b: expected 1 ($n), got 2"),
    ],
)  # fmt: skip
def test_the_first_difference(pattern: Any, actual: Any, difference: str | None) -> None:
    found = match(pattern, actual, {"known": {"id": ID}}, TYPES).difference
    assert (str(found) if found else None) == difference


def test_references_are_filled_in() -> None:
    bindings = {"order": {"id": 1, "lines": [{"sku": "a"}]}}
    assert filled({"a": "$order.id", "b": ["$order.lines.0.sku"], "c": "$$order"}, bindings) == {
        "a": 1, "b": ["a"], "c": "$order",
    }  # fmt: skip
    with pytest.raises(UnboundError, match=r"`\$order` has no `sku`"):
        filled("$order.sku", bindings)


def candidates(*values: Any) -> list[list[Candidate]]:
    return [[Candidate(value, str(value))] for value in values]


def test_pairing_goes_back_where_a_first_choice_was_wrong() -> None:
    found = pair(
        [{"t": {"any": True}, "n": {"as": "n"}}, {"t": 1}], candidates({"t": 1, "n": 1}, {"t": 2, "n": 2}), {}, TYPES
    )
    assert (found.missing, found.left, found.bindings) == (None, (), {"n": 2})


def test_pairing_keeps_the_order_of_a_lane() -> None:
    lane = [Candidate(1, "1"), Candidate(2, "2")]
    assert pair([1, 2], [lane], {}, TYPES).missing is None
    assert pair([2, 1], [lane], {}, TYPES).missing == 0
    assert pair([2, 1], [[one] for one in lane], {}, TYPES).missing is None


def test_pairing_passes_over_what_is_known() -> None:
    lane = [Candidate(0, "0", known=True), Candidate(1, "1"), Candidate(2, "2", known=True)]
    assert pair([1], [lane], {}, TYPES).left == ()
    assert pair([0, 1, 2], [lane], {}, TYPES).missing is None
    assert [one.label for one in pair([0], [lane], {}, TYPES).left] == ["1"]


@given(st.lists(st.integers(0, 2), max_size=5))
@settings(max_examples=60, deadline=None)
def test_pairing_finds_every_permutation(values: list[int]) -> None:
    assert pair(sorted(values), candidates(*values), {}, TYPES).missing is None


@pytest.mark.parametrize(
    ("value", "type_", "found"),
    [
        ({"sku": "a", "count": 1}, Ref("Line"), []),
        ({"sku": 1}, Ref("Line"), [("sku", "`1` is not a string"), ("", "`count` is missing: an integer")]),
        ({"sku": "a", "count": 1, "skuu": 2}, Ref("Line"), [("skuu", "`skuu` is not a field here")]),
        ([{"sku": "$x", "count": "$y"}], ListOf(Ref("Line")), []),
        ({"a": True}, MapOf(INTEGER), [("a", "a value is not an integer")]),
        ("pai", Enum(("paid", "open")), [("", "`pai` is not one of `paid`, `open`")]),
        ("x", UUID, [("", "`x` is not a uuid")]),
        (1.5, OneOf((STRING, INTEGER)), [("", "`1.5` is not a string or an integer")]),
        (None, INTEGER, [("", "nothing is not an integer")]),
    ],
)  # fmt: skip
def test_misfits(value: Any, type_: Any, found: list[tuple[str, str]]) -> None:
    actual = [(".".join(map(str, one.path)), one.message) for one in misfits(value, type_, TYPES)]
    assert [(path, message.replace("true or false", "a value")) for path, message in actual] == found


def test_a_pattern_may_leave_out_but_not_invent() -> None:
    assert list(misfits({"sku": {"is": "string"}}, Ref("Line"), TYPES, pattern=True)) == []
    assert [one.mend for one in misfits({"skuu": 1}, Ref("Line"), TYPES, pattern=True)] == ["Did you mean `sku`?"]
