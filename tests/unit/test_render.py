"""Findings as text and JSON: snapshots."""

from __future__ import annotations

import json
import re

import click
import pytest

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.render import RENDERERS, renderer
from cncb_compiler.diagnostics.render.excerpt import WINDOW, width
from cncb_compiler.diagnostics.render.text import render
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.source.files import SourceFile
from cncb_compiler.source.location import Location
from cncb_compiler.source.sources import Sources

RULE = Rule("CNCB304", "unknown-field", Severity.ERROR)
PROCESS = """\
service: order-process
transitions:
  - {on: order-submitted, emit: make-reservation, with: {lines: order.line}}
"""
EVENTS = "events:\n  order-submitted: {entity: order}\n"
SOURCES = Sources([SourceFile("services/order-process.yaml", PROCESS), SourceFile("events.yaml", EVENTS)])
FOUND = RULE(
    Location("services/order-process.yaml", ("transitions", 0, "with", "lines"), span=(0, 10)),
    "`order.line` is not a field of order-submitted. Did you mean `order.lines`?",
    mend="Name a field of the event.",
    related=(Related(Location("events.yaml", ("events", "order-submitted"), on_key=True), "declared here"),),
)


def one(text: str, at: Location, message: str = "m") -> str:
    return render(
        [Diagnostic("CNCB402", "unused", Severity.WARNING, at, message)],
        Sources([SourceFile("a.yaml", text)]),
    )


def test_text() -> None:
    assert render([FOUND], SOURCES) == (
        """\
services/order-process.yaml:3:65 error CNCB304 unknown-field
  `order.line` is not a field of order-submitted. Did you mean `order.lines`?
    3 |   - {on: order-submitted, emit: make-reservation, with: {lines: order.line}}
      |                                                                 ^^^^^^^^^^
  events.yaml:2:3: declared here
  mend: Name a field of the event.

1 error in 2 files
"""
    )


def test_names_are_shown_below_the_folder_that_the_user_named() -> None:
    sources = Sources([SourceFile("events.yaml", EVENTS)], prefix="topologies/shop")
    text = render([RULE(Location("../cncb.toml"), "m"), RULE(Location("events.yaml"), "m")], sources)
    assert [line.split()[0] for line in text.splitlines() if "CNCB" in line] == [
        "topologies/cncb.toml:1:1",
        "topologies/shop/events.yaml:1:1",
    ]


def test_wide_characters_move_the_caret() -> None:
    assert one("a: 日本é\u0301 order.line\n", Location("a.yaml", ("a",), span=(5, 15))) == (
        """\
a.yaml:1:9 warning CNCB402 unused
  m
    1 | a: 日本é\u0301 order.line
      |          ^^^^^^^^^^

1 warning in 1 file
"""
    )


def test_long_lines_are_cut_around_the_caret() -> None:
    text = one("a: " + "x" * 300 + " order.line " + "y" * 300 + "\n", Location("a.yaml", ("a",), span=(301, 311)))
    line, carets = text.splitlines()[2:4]
    start = carets.index("^")
    assert line[start : start + carets.count("^")] == "order.line"
    assert line.startswith("    1 | …xxx")
    assert line.endswith("…")
    assert width(line) <= WINDOW + 8


@pytest.mark.parametrize("char", ["x", "日"])
def test_a_long_range_is_cut_to_the_window(char: str) -> None:
    line, carets = one(f"a: {char * 500}\n", Location("a.yaml", ("a",))).splitlines()[2:4]
    assert width(line) <= WINDOW + 8
    assert width(carets) <= WINDOW + 9


def test_ranges_over_lines() -> None:
    text = "a:\n  b: 1\n  c: 2\nd:\n  e: 1\n  f: 2\n  g: 3\n"
    assert one(text, Location("a.yaml", ("a",))).splitlines()[2:6] == [
        "    2 |   b: 1",
        "      |   ^^^^",
        "    3 |   c: 2",
        "      |   ^^^^",
    ]
    assert one(text, Location("a.yaml", ("d",))).splitlines()[2:5] == ["    5 |   e: 1", "      |   ^^^^", ""]


def test_nothing_steers_the_terminal() -> None:
    text = one("a: \x1b[31m\tred\u202e\n", Location("a.yaml", span=(3, 4)), "name `\x1b]0;x\x07`\nnext")
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "  name `\\x1b]0;x\\x07`\n  next\n" in text


def test_a_file_that_could_not_be_read_has_no_lines() -> None:
    assert one("", Location("other.yaml")) == "other.yaml:1:1 warning CNCB402 unused\n  m\n\n1 warning in 1 file\n"


def test_an_empty_file_has_no_caret() -> None:
    assert "^" not in one("", Location("a.yaml"))


def test_color_changes_nothing_else() -> None:
    colored = render([FOUND], SOURCES, color=True)
    assert re.search("\x1b\\[", colored)
    assert click.unstyle(colored) == render([FOUND], SOURCES)


def test_summary() -> None:
    def found(severity: Severity) -> Diagnostic:
        return Diagnostic("CNCB402", "unused", severity, Location("a.yaml"), "m")

    several = [found(Severity.ERROR), found(Severity.ERROR), found(Severity.INFO)]
    assert render(several, SOURCES).endswith("\n2 errors, 1 info in 2 files\n")
    assert render([], SOURCES) == "no findings in 2 files\n"


def test_json() -> None:
    assert json.loads(renderer("json")([FOUND], SOURCES)) == {
        "version": 1,
        "summary": {"files": 2, "errors": 1, "warnings": 0, "infos": 0},
        "diagnostics": [
            {
                "code": "CNCB304",
                "slug": "unknown-field",
                "severity": "error",
                "file": "services/order-process.yaml",
                "range": {"line": 3, "column": 65, "endLine": 3, "endColumn": 75},
                "path": ["transitions", 0, "with", "lines"],
                "message": "`order.line` is not a field of order-submitted. Did you mean `order.lines`?",
                "mend": "Name a field of the event.",
                "related": [
                    {
                        "file": "events.yaml",
                        "range": {"line": 2, "column": 3, "endLine": 2, "endColumn": 18},
                        "path": ["events", "order-submitted"],
                        "message": "declared here",
                    }
                ],
            }
        ],
    }


def test_every_format_has_its_renderer() -> None:
    for name in RENDERERS:
        assert renderer(name)([], SOURCES).endswith("\n")
