"""Say in plain words what libyaml found wrong with a file's syntax."""

from __future__ import annotations

import re

from yaml.error import MarkedYAMLError

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related
from cncb_compiler.rules.cncb001_yaml_syntax import RULE as YAML_SYNTAX
from cncb_compiler.rules.cncb004_tab_indentation import RULE as TAB_INDENTATION
from cncb_compiler.source.findings import too_deep
from cncb_compiler.source.location import Location

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TABBED = re.compile(r"[ ]*\t")

_KNOWN: tuple[tuple[str, str, str], ...] = (
    (
        "mapping values are not allowed",
        "A `:` where no key can begin.",
        "Put the value in quotes if the colon belongs to it; else check the indentation here and above.",
    ),
    (
        "block sequence entries are not allowed",
        "A list item (`- `) where none can begin.",
        "Put the list on lines of its own below the key, or write it as `[...]`.",
    ),
    (
        "could not find expected ':'",
        "A key without a `:` after it.",
        "Write `key: value`; check the indentation if this line continues a text.",
    ),
    (
        "did not find expected key",
        "Something that is not a key, where the map around it expects one.",
        "Line its keys up in one column; quotes go around all of a value, not a part of it.",
    ),
    (
        "did not find expected '-' indicator",
        "Something that is not a list item, where the list around it expects one.",
        "Line its items up in one column, each with `- `.",
    ),
    (
        "did not find expected ',' or ']'",
        "A `[` that is not closed before this.",
        "Close the list with `]`, or put a `,` between its items.",
    ),
    (
        "did not find expected ',' or '}'",
        "A `{` that is not closed before this.",
        "Close the map with `}`, or put a `,` between its entries.",
    ),
    (
        "found unexpected end of stream",
        "A quote that is not closed.",
        "Close it with the same quote; inside single quotes a quote is doubled.",
    ),
    (
        "unknown escape character",
        "An unknown escape in double quotes.",
        "Write `\\\\` for a backslash, or use single quotes.",
    ),
    (
        "found character that cannot start any token",
        "A value cannot begin with this character.",
        "Put quotes around the value.",
    ),
    (
        "did not find expected alphabetic or numeric character",
        "`*` and `&` at the beginning of a value stand for YAML aliases.",
        "Put quotes around the value.",
    ),
    (
        "did not find expected node content",
        "A value is missing here, or a bracket is closed by the wrong one.",
        "Write the value; put quotes around a lone comma or bracket.",
    ),
    ("found duplicate anchor", "The same `&name` twice.", "Give each anchor a name of its own."),
)


def explain(error: Exception, text: str, file: str) -> Diagnostic:
    """The finding that a parser's error is."""
    strange = _UNPRINTABLE.search(text, 1 if text.startswith("\ufeff") else 0)
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        at = strange.start() if strange else 0
        name = f"U+{ord(text[at]):04X}" if strange else "this"
        return YAML_SYNTAX(
            _at(file, text, at),
            f"The character {name} is not allowed in YAML.",
            mend='Remove it, or write it as an escape in double quotes, such as `"\\u0000"`.',
        )
    problem = error.problem or "not valid YAML"
    place = error.problem_mark.index
    if "maximum nesting depth" in problem:
        # libyaml reads ahead, and newer ones give up before the event of the fiftieth level has come.
        return too_deep(_at(file, text, place))
    tab = _tab(text, place)
    if tab is not None:
        return TAB_INDENTATION(
            _at(file, text, tab),
            "A tab in the indentation; YAML indents with spaces only.",
            mend="Replace the tab by spaces.",
        )
    start = error.context_mark.index if error.context_mark is not None else place
    if "end of stream" in problem and error.context_mark is not None:
        place = start
    message, mend = next(
        ((message, mend) for part, message, mend in _KNOWN if part in problem),
        (f"{problem[:1].upper()}{problem[1:]}.", "Correct the YAML."),
    )
    related: tuple[Related, ...] = ()
    if start != place and error.context and ("flow" in error.context or "block" in error.context):
        related = (Related(_at(file, text, start), "what it belongs to begins here"),)
    return YAML_SYNTAX(_at(file, text, place), message, mend=mend, related=related)


def _tab(text: str, place: int) -> int | None:
    """Where the tab is, if the line of the problem is indented by one."""
    line = text.rfind("\n", 0, place) + 1
    tabbed = _TABBED.match(text, line)
    return tabbed.end() - 1 if tabbed else None


def _at(file: str, text: str, index: int) -> Location:
    index = min(index + (1 if text.startswith("\ufeff") else 0), len(text))
    return Location(file, span=(index, min(index + 1, len(text))))
