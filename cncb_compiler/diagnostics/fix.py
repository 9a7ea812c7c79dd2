"""The edits of findings, made in texts: characters are replaced, nothing is laid out anew."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.diagnostics.edits import added, put, removed
from cncb_compiler.diagnostics.mend import Add, Change, Edit, Put, Remove
from cncb_compiler.source.positions import PositionIndex
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


def mended(
    diagnostics: Iterable[Diagnostic], sources: Sources, *, unsure: bool = False
) -> tuple[list[Diagnostic], dict[str, str]]:
    """The findings that can be mended at once, and the texts of the files then."""
    findings, wanted = together(diagnostics, sources, unsure=unsure)
    return findings, texts(wanted, sources)


def texts(wanted: Iterable[Replacement], sources: Sources) -> dict[str, str]:
    """The files with their replacements made, each in the layout of `cncb fmt` if it was before."""
    before = dict(sources.texts())
    return {file: _laid_out(file, before[file], replaced(before[file], some)) for file, some in by_file(wanted).items()}


def _laid_out(file: str, before: str, after: str) -> str:
    if not file.endswith((".yaml", ".yml")):
        return after
    from cncb_compiler.fmt.layout import format_text

    return format_text(after, file)[0] if format_text(before, file)[0] == before else after


def together(
    diagnostics: Iterable[Diagnostic], sources: Sources, *, unsure: bool = False
) -> tuple[list[Diagnostic], list[Replacement]]:
    """The findings that can be mended at once, and what that replaces, sorted by place.

    Of two that want to change the same characters, the first comes first. Mends that somebody has to choose are left
    out, unless `unsure`.
    """
    findings: list[Diagnostic] = []
    taken: dict[Replacement, None] = {}
    for diagnostic in diagnostics:
        wanted = replacements(diagnostic, sources) if diagnostic.sure or unsure else ()
        if wanted and not any(one.overlaps(other) for one in wanted for other in taken if one != other):
            findings.append(diagnostic)
            taken.update(dict.fromkeys(wanted))
    return findings, sorted(taken)


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
    if index is None:
        return None
    match edit:
        case Change():
            return _changed(edit, index)
        case Put():
            span = put(index, edit.at.path, edit.value)
        case Add():
            span = added(index, edit.at.path, edit.value)
        case Remove():
            span = removed(index, edit.at.path)
    return Replacement(edit.at.file, *span) if span else None


def _changed(edit: Change, index: PositionIndex) -> Replacement | None:
    span = index.span(edit.at)
    if span is None:
        return None
    found = list(_word(edit.old).finditer(index.text, *span))
    return Replacement(edit.at.file, *found[0].span(), edit.new) if len(found) == 1 else None


def _word(text: str) -> re.Pattern[str]:
    """The text where it is not a part of a longer word."""
    before = r"(?<![\w-])" if re.match(r"\w", text) else ""
    after = r"(?![\w-])" if re.search(r"\w\Z", text) else ""
    return re.compile(f"{before}{re.escape(text)}{after}")
