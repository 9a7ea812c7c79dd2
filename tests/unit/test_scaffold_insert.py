"""Adding to a YAML file: only what is added differs."""

from __future__ import annotations

import pytest

from cncb_compiler.scaffold.change import ScaffoldError
from cncb_compiler.scaffold.fill import filled, sources
from cncb_compiler.scaffold.insert import flow, inserted
from cncb_compiler.schema.types import (
    INTEGER,
    STRING,
    TIMESTAMP,
    UUID,
    Enum,
    Field,
    ListOf,
    Record,
    Ref,
    TypeTable,
)
from cncb_compiler.source.yaml12 import load

ENTRY = "new:\n  a: 1\n"


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        ("", ("events",), "events:\n  new:\n    a: 1\n"),
        ("# only a comment\n", ("events",), "# only a comment\nevents:\n  new:\n    a: 1\n"),
        ("system: x\n", ("events",), "system: x\nevents:\n  new:\n    a: 1\n"),
        ("system: x", ("events",), "system: x\nevents:\n  new:\n    a: 1\n"),
        ("events:\nsystem: x\n", ("events",), "events:\n  new:\n    a: 1\nsystem: x\n"),
        (
            "events:\n    old: {b: 2} # why\n    # about nothing\nx: 1\n",
            ("events",),
            "events:\n    old: {b: 2} # why\n    new:\n      a: 1\n    # about nothing\nx: 1\n",
        ),
        ("events: {}\n", ("events",), "events: {new: {a: 1}}\n"),
        ("events: {old: 1} # c\n", ("events",), "events: {old: 1, new: {a: 1}} # c\n"),
        ("events: {\n  old: 1,\n}\n", ("events",), "events: {\n  old: 1, new: {a: 1}}\n"),
        (
            "services:\n  s:\n    stores:\n      t: |\n        text\n\nx: 1\n",
            ("services", "s", "stores"),
            "services:\n  s:\n    stores:\n      t: |\n        text\n      new:\n        a: 1\n\nx: 1\n",
        ),
        ("services:\n  s: {}\n", ("services", "s", "views"), "services:\n  s: {views: {new: {a: 1}}}\n"),
        ("services: {s: }\n", ("services", "s", "views"), None),
        ("a: 1\r\nb:\r\n  c: 2\r\n", ("b",), "a: 1\r\nb:\r\n  c: 2\r\n  new:\r\n    a: 1\r\n"),
    ],
)
def test_a_map_gets_an_entry(before: str, path: tuple[str, ...], after: str | None) -> None:
    if after is None:
        with pytest.raises(ScaffoldError, match="yourself"):
            inserted(before, "a.yaml", path, ENTRY)
    else:
        assert inserted(before, "a.yaml", path, ENTRY) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("t:\n- on: a\n  x: 1\nu: 2\n", "t:\n- on: a\n  x: 1\n- on: b\n  y: 1\nu: 2\n"),
        ("t:\n  -   on: a\n", "t:\n  -   on: a\n  - on: b\n    y: 1\n"),
        ("t: [{on: a, x: 1}]\n", "t: [{on: a, x: 1}, {on: b, y: 1}]\n"),
        ("t: []\n", "t: [{on: b, y: 1}]\n"),
        ("u: 1\n", "u: 1\nt:\n  - on: b\n    y: 1\n"),
    ],
)
def test_a_list_gets_an_item(before: str, after: str) -> None:
    assert inserted(before, "a.yaml", ("t",), "- on: b\n  y: 1\n") == after


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"on": "order.id", "n": 1, "b": True, "x": None}, "{on: order.id, n: 1, b: true, x: null}"),
        ([{"const": []}, {}], "[{const: []}, {}]"),
        ("true", '"true"'),
        ("a: b", '"a: b"'),
        ("string?", "string?"),
        ("uuid()", "uuid()"),
        ("Say here.", "Say here."),
        ("a #b", '"a #b"'),
        ("enum(a, b)", '"enum(a, b)"'),
        ("", '""'),
    ],
)
def test_flow_style_quotes_only_what_has_to_be(value: object, text: str) -> None:
    assert flow(value) == text
    assert load(f"v: {text}\n", "a.yaml") == ({"v": value}, [])


@pytest.mark.parametrize(
    "text", ["events: 3\n", "[]\n", "just text\n", "events: *nowhere\n", "a: [\n", "events: [1]\n"]
)
def test_what_cannot_be_added_to_is_left_to_the_user(text: str) -> None:
    with pytest.raises(ScaffoldError, match="yourself"):
        inserted(text, "a.yaml", ("events",), ENTRY)


def test_a_required_field_is_filled_from_the_same_field_else_made_up() -> None:
    order = Record({"id": Field(UUID), "lines": Field(ListOf(STRING)), "note": Field(STRING, optional=True)})
    table = TypeTable({"Order": order})
    available = list(sources(Record({"order": Field(Ref("Order"))}), table))
    wanted = Record(
        {
            "reservation": Field(Record({"id": Field(UUID), "lines": Field(ListOf(STRING))})),
            "lines": Field(ListOf(INTEGER)),
            "note": Field(STRING),
            "key": Field(UUID),
            "at": Field(TIMESTAMP),
            "amount": Field(INTEGER),
            "status": Field(Enum(("open", "closed"))),
            "extra": Field(STRING, optional=True),
        }
    )
    assert filled(wanted, available, table) == {
        "reservation": {"id": "order.id", "lines": "order.lines"},
        "lines": {"const": []},
        "note": {"const": "note"},
        "key": "uuid()",
        "at": "now()",
        "amount": {"const": 0},
        "status": {"const": "open"},
    }
