"""The edits of findings, made in texts: characters are replaced, nothing is laid out anew."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.diagnostics.mend import Edit
from cncb_compiler.source.sources import Sources


@dataclass(frozen=True, slots=True, order=True)
class Replacement:
    """Characters `[start, end)` of a file, and the text that is put there."""

    file: str
    start: int
    end: int
    text: str

    def overlaps(self, other: Replacement) -> bool:
        """Whether both want to change the same characters."""
        return self.file == other.file and self.start < other.end and other.start < self.end


def replacements(diagnostic: Diagnostic, sources: Sources) -> tuple[Replacement, ...]:
    """What the edits of a finding replace; nothing, unless each of them finds its text."""
    found = tuple(_replacement(edit, sources) for edit in diagnostic.edits)
    kept = tuple(one for one in found if one is not None)
    return kept if len(kept) == len(found) else ()


def together(diagnostics: Iterable[Diagnostic], sources: Sources) -> tuple[list[Diagnostic], list[Replacement]]:
    """The findings that can be mended at once, and what that replaces, sorted by place.

    Of two that want to change the same characters, the first comes first.
    """
    mended: list[Diagnostic] = []
    taken: dict[Replacement, None] = {}
    for diagnostic in diagnostics:
        wanted = replacements(diagnostic, sources)
        if wanted and not any(one.overlaps(other) for one in wanted for other in taken if one != other):
            mended.append(diagnostic)
            taken.update(dict.fromkeys(wanted))
    return mended, sorted(taken)


def replaced(text: str, wanted: Sequence[Replacement]) -> str:
    """The text of one file with its replacements, which do not overlap, made."""
    for one in sorted(wanted, reverse=True):
        text = text[: one.start] + one.text + text[one.end :]
    return text


def by_file(wanted: Iterable[Replacement]) -> Mapping[str, list[Replacement]]:
    """The replacements of each file."""
    files: dict[str, list[Replacement]] = {}
    for one in wanted:
        files.setdefault(one.file, []).append(one)
    return files


def _replacement(edit: Edit, sources: Sources) -> Replacement | None:
    index = sources.index(edit.at.file)
    span = index.span(edit.at) if index else None
    if index is None or span is None:
        return None
    found = list(_word(edit.old).finditer(index.text, *span))
    return Replacement(edit.at.file, *found[0].span(), edit.new) if len(found) == 1 else None


def _word(text: str) -> re.Pattern[str]:
    """The text where it is not a part of a longer word."""
    before = r"(?<![\w-])" if re.match(r"\w", text) else ""
    after = r"(?![\w-])" if re.search(r"\w\Z", text) else ""
    return re.compile(f"{before}{re.escape(text)}{after}")
