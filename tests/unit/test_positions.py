"""Places of keys, values and characters, looked up through short forms and pydantic's own segments."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cncb_compiler.source import yaml12
from cncb_compiler.source.lines import FILE_START, Range
from cncb_compiler.source.location import Location
from cncb_compiler.source.outline import outline
from cncb_compiler.source.positions import PositionIndex
from cncb_compiler.source.spans import narrow

TEXT = """\
service: order-bff   # a comment
on: [first, second]
changes:
  orders: {insert: order-submitted}
escaped: "a\\u00e9b\\tc"
single: 'it''s here'
block: |
  one
   two

last: &anchor !t value
z:
  - key: order.line
    "200": ok

again: *anchor
"""


def under(path: tuple[str | int, ...], on_key: bool = False, span: tuple[int, int] | None = None) -> str:
    index = PositionIndex(TEXT)
    place = index.range(Location("a.yaml", path, on_key, span))
    lines = TEXT.split("\n")[place.line - 1 : place.end_line]
    lines[-1] = lines[-1][: place.end_column - 1]
    lines[0] = lines[0][place.column - 1 :]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("service",), "order-bff"),
        (("on", 1), "second"),
        (("on", "second"), "second"),
        (("on", 7), "[first, second]"),
        (("changes",), "orders: {insert: order-submitted}"),
        (("changes", "orders", "insert", 0, "event"), "order-submitted"),
        (("changes", "orders", "literal", "insert", "Throughput"), "order-submitted"),
        (("changes", "[key]"), "changes"),
        (("changes", "orders", "[key]"), "orders"),
        (("escaped",), '"a\\u00e9b\\tc"'),
        (("block",), "|\n  one\n   two"),
        (("last",), "value"),
        (("z", 0, "key"), "order.line"),
        (("z", 0, 200), "ok"),
        (("z",), '- key: order.line\n    "200": ok'),
        (("again", "deeper"), "*anchor"),
    ],
)
def test_values(path: tuple[str | int, ...], expected: str) -> None:
    assert under(path) == expected


def test_keys() -> None:
    assert under(("changes", "orders"), on_key=True) == "orders"
    assert under(("changes", "orders", "insert", 0, "event"), on_key=True) == "insert"
    assert under(("on", 0), on_key=True) == "first"


@pytest.mark.parametrize(
    ("path", "span", "expected"),
    [
        (("z", 0, "key"), (6, 10), "line"),
        (("escaped",), (1, 2), "\\u00e9"),
        (("escaped",), (2, 5), "b\\tc"),
        (("single",), (2, 4), "''s"),
        (("block",), (4, 8), " two"),
        (("last",), (1, 3), "al"),
        (("z", 0, "key"), (6, 99), "order.line"),
        ((), (9, 14), "order"),
    ],
)
def test_spans(path: tuple[str | int, ...], span: tuple[int, int], expected: str) -> None:
    assert under(path, span=span) == expected


def test_nothing_there_is_the_start_of_the_file() -> None:
    assert PositionIndex("").range(Location("a.yaml", ("x",))) == FILE_START
    assert PositionIndex(TEXT).range(Location("a.yaml")) == FILE_START


def test_a_broken_file_has_the_places_before_the_error() -> None:
    index = PositionIndex("a: {b: c}\nd: [x, y\n")
    assert index.range(Location("a.yaml", ("a", "b"))) == Range(1, 8, 1, 9)
    assert PositionIndex("\x00").range(Location("a.yaml", ("a", "b"))) == FILE_START


def test_windows_line_ends_and_a_byte_order_mark() -> None:
    assert PositionIndex("a: 1\r\nb: é\r\n").range(Location("a.yaml", ("b",))) == Range(2, 4, 2, 5)
    assert PositionIndex("\ufeffa: 1\nb: c").range(Location("a.yaml", ("b",))) == Range(2, 4, 2, 5)


def test_comments_are_told_from_values() -> None:
    text = "a: 'x # no'\nb: y # yes\nc: |\n  # no\n"
    index = PositionIndex(text)
    hashes = [offset for offset, char in enumerate(text) if char == "#"]
    assert [index.in_scalar(offset) for offset in hashes] == [True, False, True]


@given(st.text(st.sampled_from("ab '\"\\\n\té日#:"), max_size=20), st.sampled_from("'\"|"))
def test_each_character_of_a_scalar_is_found(value: str, style: str) -> None:
    if style == "'":
        text = "k: '" + value.replace("'", "''") + "'\n"
    elif style == '"':
        text = 'k: "' + value.replace("\\", "\\\\").replace('"', '\\"') + '"\n'
    else:
        text = "k: |\n" + "".join(f"  {line}\n" for line in value.split("\n"))
    _, scalars = outline(text)
    if yaml12.load(text, "a.yaml")[1] or len(scalars) != 2:
        return
    scalar = scalars[1]
    for number, char in enumerate(scalar.value):
        start, end = narrow(text, scalar, number, number + 1)
        assert scalar.start <= start <= end <= len(text)
        if char not in " \n" and (start, end) != (scalar.start, scalar.end):
            assert char in text[start:end]
    if style == "'" and "\n" not in value:
        assert all(narrow(text, scalar, n, n + 1) != (scalar.start, scalar.end) for n in range(len(scalar.value)))


@pytest.mark.parametrize("quote", ["", "'", '"'])
def test_characters_after_folded_lines(quote: str) -> None:
    text = f"k: {quote}one\n  two\n\n\n  three{quote}\n"
    scalar = outline(text)[1][1]
    assert scalar.value == "one two\n\nthree"
    start, end = narrow(text, scalar, 9, 14)
    assert text[start:end] == "three"
