"""Text of others in Markdown, read by a Markdown parser as platforms do: nothing of it is live."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cncb_compiler.markup import CUT, Section, cell, code, fitted, prose, size

PARSER = MarkdownIt("gfm-like", {"html": True, "linkify": False})
LIVE = re.compile(r"(?<![\w`])@[\w-]|#\d|!\d|://|www\.\w")
"""What GitHub and GitLab make links of in plain text."""

texts = st.text(st.sampled_from("ab@#1!|`\\*_[]<>()&~:/ \n-.w\u202e\x1b") | st.characters(), max_size=60)


def tokens(markdown: str) -> list[tuple[str, str]]:
    return [(one.type, one.content) for block in PARSER.parse(markdown) for one in (block, *(block.children or ()))]


def shown(markdown: str) -> str:
    return "".join(content for kind, content in tokens(markdown) if kind in ("text", "code_inline", "text_special"))


@settings(deadline=None, max_examples=60)
@given(texts)
def test_prose_is_text_and_code_and_nothing_live(text: str) -> None:
    found = tokens(f"x {prose(text)}")
    assert {kind for kind, _ in found} <= {
        "paragraph_open",
        "inline",
        "text",
        "text_special",
        "code_inline",
        "paragraph_close",
    }
    plain = "".join(content for kind, content in found if kind in ("text", "text_special"))
    assert not LIVE.search(plain)


@settings(deadline=None, max_examples=60)
@given(texts)
def test_code_is_one_span(text: str) -> None:
    kinds = [kind for kind, _ in tokens(f"x {code(text)} y")]
    assert kinds.count("code_inline") == 1
    assert set(kinds) <= {"paragraph_open", "inline", "text", "code_inline", "paragraph_close"}


@settings(deadline=None, max_examples=60)
@given(texts, texts)
def test_a_cell_stays_one(one: str, other: str) -> None:
    table = f"| a | b |\n|---|---|\n| x{cell(prose(one))} | x{cell(code(other))} |\n"
    kinds = [kind for kind, _ in tokens(table)]
    assert (kinds.count("td_open"), kinds.count("tr_open")) == (2, 2)
    assert "html_inline" not in kinds


@pytest.mark.parametrize(
    "text",
    ["plain", "a | b", "<b>", "`x` and y", "1 * 2 * 3", "[a](b)", "~~gone~~", "a\\|b", "&lt;"],
)
def test_prose_reads_as_what_was_said(text: str) -> None:
    assert shown(f"x{prose(text)}") == f"x{text.replace('`', '')}"


def test_nobody_is_mentioned_and_nothing_is_linked() -> None:
    said = prose("@org/team fixes #12, !7 and https://evil.example; www.evil.example")
    assert (
        said
        == "@&#8203;org/team fixes \\#&#8203;12, \\!&#8203;7 and https:&#8203;//evil.example; www.&#8203;evil.example"
    )


def test_a_long_text_is_cut() -> None:
    assert size(prose("x" * 10_000)) == CUT + 1
    assert size("🔴") == 2


def test_what_does_not_fit_is_counted_and_no_list_is_left_open() -> None:
    sections = [Section("<a>", ("1234", "5678"), "</a>"), Section("<b>", ("12345",), "</b>")]
    assert fitted(sections, 100) == ("<a>12345678</a><b>12345</b>", 0)
    assert fitted(sections, 15) == ("<a>12345678</a>", 1)
    assert fitted(sections, 14) == ("<a>1234</a>", 2)
    assert fitted(sections, 3) == ("", 3)
