"""The layout may change nothing but the layout, whatever the text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cncb_compiler.fmt.layout import format_text
from cncb_compiler.fmt.tokens import read
from cncb_compiler.source import yaml12

TOPOLOGIES = Path(__file__).parents[2] / "topologies"
TEXTS = [path.read_text() for path in sorted(TOPOLOGIES.rglob("*.yaml"))]

RESOLVED = ("on", "no", "1:30", "012345678901", "2024-01-01", "null", "true", "1e3", "0x1F", "~", "=", "<<", "---")
MARKED = ("é", "@at", "`tick`", "%x", "!y", "*z", "&a", "a")
ODD = (
    "it's",
    'say "hi"',
    "x: y",
    "x #y",
    "- a",
    "",
    " pad ",
    "two\nlines",
    "end\n",
    "back\\slash",
    "{{ a }}",
)
HARD = ("\u2028", "\x07", "a, b", "[x]", "? q", "word " * 40)
words = st.sampled_from((*RESOLVED, *MARKED, *ODD, *HARD))
scalars = words | st.text(max_size=12) | st.integers(-5, 5) | st.booleans() | st.none() | st.floats(0, 2)
keys = (
    st.sampled_from(["service", "owner", "events", "types", "on", "no", "kind", "x y", "7"])
    | words
    | st.text(max_size=6)
)
values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


def holds(text: str) -> None:
    once, found = format_text(text, "a.yaml")
    assert format_text(once, "a.yaml")[0] == once
    value, errors = yaml12.load(text, "a.yaml")
    assert found == (errors if any(one.severity == "error" for one in errors) else [])
    if found:
        assert once == text
        return
    assert repr(normal(yaml12.load(once, "a.yaml")[0])) == repr(normal(value))
    assert read(once).comments() == read(text).comments()


def normal(value: Any) -> Any:
    return dict(sorted(value.items())) if isinstance(value, dict) else value


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(keys, values, min_size=1, max_size=5),
    st.sampled_from([True, False, None]),
    st.sampled_from([None, '"', "'", "|", ">"]),
    st.integers(2, 6),
    st.sampled_from([40, 1000]),
)
def test_any_value(value: Any, flow: bool | None, style: str | None, indent: int, width: int) -> None:
    holds(
        yaml.safe_dump(value, default_flow_style=flow, default_style=style, indent=indent, width=width, sort_keys=False)
    )


SPACES = ("\n", "\n\n\n", " ", "    ", "\t", "\r\n", "\ufeff", "\x00")
COMMENTS = (" # about\n", "# here\n", "\n  # there\n", "#")
MARKS = (*"\"'{}[]:,!\\é", ": ", "- ", "&a ", "*a", "|\n", ">-\n", "? ", "---\n", "...\n", "%YAML 1.2\n")
edits = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from((*SPACES, *COMMENTS, *MARKS)), st.integers(0, 3)),
    min_size=1,
    max_size=6,
)


@settings(max_examples=150, deadline=None)
@example("a: |+\n  x\n\n\n# end\n", [(1.0, "", 0)])
@example("a: {b: 1, # one\n  c: 2}\nd:   3\n", [(1.0, "", 0)])
@example("b: &x [1]\nservice: *x\n", [(1.0, "", 0)])
@given(st.sampled_from(TEXTS), edits)
def test_edited_examples(text: str, changes: list[tuple[float, str, int]]) -> None:
    for where, what, dropped in changes:
        place = int(where * len(text))
        text = text[:place] + what + text[place + dropped :]
    holds(text)


def test_examples_keep_their_meaning() -> None:
    for text in TEXTS:
        holds(text)
