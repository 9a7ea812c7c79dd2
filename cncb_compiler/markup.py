"""Text of others in Markdown, with nothing in it live; and lists of it within the size that a platform takes.

GitHub and GitLab make links of names, numbers and addresses even in what was escaped, so those are parted by a space
that has no width. A line never begins with such text: GitLab would read `/merge` there as a command.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cncb_compiler.diagnostics.render.excerpt import visible

COMMENT = 60_000
"""The most characters of a comment: GitHub takes 65,536 (GitLab 1,000,000), and a bot may add to it."""

CUT = 600
"""The most characters that are shown of one text."""

_SPANS = re.compile(r"`([^`\n]+)`")
_SPECIAL = re.compile(r"([\\`*_\[\]<>~|&#!])")
_LINKED = re.compile(r"(@|\\#|\\!|:(?=//)|(?<=\bwww)\.)")
_NO_WIDTH = "&#8203;"


def prose(text: str) -> str:
    """Text on one line, in which only the code in backticks is Markdown; nobody is mentioned by it."""
    parts = _SPANS.split(_line(text))
    return "".join(code(part) if index % 2 else _escaped(part) for index, part in enumerate(parts))


def code(text: str) -> str:
    """Text as a code span on one line, whatever is in it."""
    plain = _line(text) or " "
    longest = max((len(run) for run in re.findall(r"`+", plain)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {plain} {fence}" if longest else f"`{plain}`"


def cell(markdown: str) -> str:
    """Markdown that `prose` or `code` made, inside a row of a table."""
    return re.sub(r"(?<!\\)((?:\\\\)*)\|", r"\1\\|", markdown)


def size(markdown: str) -> int:
    """The characters of a text as platforms count them: UTF-16, the widest of their ways."""
    return len(markdown.encode("utf-16-le", "replace")) // 2


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, the blocks that are listed below it, and what closes the list. Each ends with a line break."""

    head: str
    items: tuple[str, ...]
    tail: str = ""


def fitted(sections: Iterable[Section], room: int) -> tuple[str, int]:
    """As many of the items as `room` has characters for, in their order; and how many are left out.

    After the first that does not fit, none follows: they come the worst first.
    """
    made: list[str] = []
    left_out = 0
    for section in sections:
        shown: list[str] = []
        left = room - size(section.head + section.tail)
        for item in section.items:
            if left_out or size(item) > left:
                left_out += 1
            else:
                left -= size(item)
                shown.append(item)
        if shown:
            made += [section.head, *shown, section.tail]
            room = left
    return "".join(made), left_out


def _line(text: str) -> str:
    line = visible(" ".join(text.split()))
    return line if len(line) <= CUT else f"{line[:CUT]}…"


def _escaped(text: str) -> str:
    return _LINKED.sub(rf"\1{_NO_WIDTH}", _SPECIAL.sub(r"\\\1", text))
