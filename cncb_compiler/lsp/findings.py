"""The findings of a system as an editor shows them: by file, with ranges, related places and sure mends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from lsprotocol import types

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.fix import Replacement, replaced, replacements, texts, together
from cncb_compiler.diagnostics.fix import by_file as per_file
from cncb_compiler.lsp.text import Point, differing, point
from cncb_compiler.source.lines import LineTable
from cncb_compiler.source.sources import Sources

SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}

TAGS = {
    **dict.fromkeys(
        ("CNCB094", "CNCB212", "CNCB213", "CNCB214", "CNCB215", "CNCB216", "CNCB217"), types.DiagnosticTag.Unnecessary
    ),
    "CNCB405": types.DiagnosticTag.Deprecated,
}
"""How editors show some findings: what is not used faded, what is deprecated struck through."""

FIX_ALL = "source.fixAll.cncb"


class View:
    """The files of a system as the client names and counts them."""

    def __init__(self, root: Path, sources: Sources, encoding: str) -> None:
        self.root = root
        self.sources = sources
        self.encoding = encoding

    def uri(self, file: str) -> str:
        """The address of a file."""
        return (self.root / file).resolve().as_uri()

    def range(self, file: str, start: int, end: int) -> types.Range:
        """Characters of a file."""
        index = self.sources.index(file)
        lines = index.lines if index else LineTable("")
        return types.Range(
            _position(point(lines, start, self.encoding)),
            _position(point(lines, end, self.encoding)),
        )

    def location(self, file: str, start: int, end: int) -> types.Location:
        """Characters of a file, with its address."""
        return types.Location(self.uri(file), self.range(file, start, end))

    def edit(self, wanted: Iterable[Replacement]) -> types.WorkspaceEdit:
        """Replacements in any number of files."""
        changes: dict[str, list[types.TextEdit]] = {}
        for one in wanted:
            range_ = self.range(one.file, one.start, one.end)
            changes.setdefault(self.uri(one.file), []).append(types.TextEdit(range_, one.text))
        return types.WorkspaceEdit(changes=changes)

    def mend(self, wanted: Sequence[Replacement]) -> types.WorkspaceEdit:
        """Replacements, and the layout that their files had."""
        before = dict(self.sources.texts())
        made = per_file(wanted)
        changes: dict[str, Sequence[types.TextEdit]] = {}
        for file, text in texts(wanted, self.sources).items():
            bare = replaced(before[file], made[file]) == text
            changes |= self.edit(made[file]).changes or {} if bare else {self.uri(file): self.changed(file, text)}
        return types.WorkspaceEdit(changes=changes)

    def changed(self, file: str, text: str) -> list[types.TextEdit]:
        """The edit that makes a file's text another one: of the lines between those that stay."""
        index = self.sources.index(file)
        before = index.text if index else ""
        if text == before:
            return []
        start, end = differing(before, text)
        return [types.TextEdit(self.range(file, start, len(before) - end), text[start : len(text) - end])]

    def span(self, diagnostic: Diagnostic) -> tuple[int, int]:
        """The characters that a finding is about; the start of the file where nothing better is known."""
        index = self.sources.index(diagnostic.at.file)
        return (index.span(diagnostic.at) if index else None) or (0, 0)


def _position(at: Point) -> types.Position:
    return types.Position(at.line, at.character)


def by_file(found: Iterable[Diagnostic], view: View) -> dict[str, list[types.Diagnostic]]:
    """The findings of each file."""
    files: dict[str, list[types.Diagnostic]] = {}
    for one in found:
        files.setdefault(one.at.file, []).append(shown(one, view))
    return files


def shown(diagnostic: Diagnostic, view: View) -> types.Diagnostic:
    """One finding; the mend is part of the message."""
    related = []
    for one in diagnostic.related:
        index = view.sources.index(one.at.file)
        span = (index.span(one.at) if index else None) or (0, 0)
        related.append(types.DiagnosticRelatedInformation(view.location(one.at.file, *span), one.message))
    return types.Diagnostic(
        range=view.range(diagnostic.at.file, *view.span(diagnostic)),
        severity=SEVERITIES[diagnostic.severity],
        code=diagnostic.code,
        source="cncb",
        message=f"{diagnostic.message}\n{diagnostic.mend}" if diagnostic.mend else diagnostic.message,
        related_information=related or None,
        tags=[TAGS[diagnostic.code]] if diagnostic.code in TAGS else None,
        data=diagnostic.slug,
    )


def actions(
    found: Sequence[Diagnostic], file: str, start: int, end: int, view: View, only: Sequence[str] = ()
) -> list[types.CodeAction]:
    """The mends of what is found in characters `[start, end]` of a file, and the sure ones of the file together."""
    here = [one for one in found if one.at.file == file]
    offered: list[types.CodeAction] = []
    if _wanted(types.CodeActionKind.QuickFix, only):
        for one in here:
            span = view.span(one)
            wanted = replacements(one, view.sources) if span[0] <= end and start <= span[1] else ()
            if wanted:
                title = ", ".join(edit.title for edit in one.edits)
                offered.append(
                    types.CodeAction(
                        title,
                        kind=types.CodeActionKind.QuickFix,
                        diagnostics=[shown(one, view)],
                        is_preferred=one.sure,
                        edit=view.mend(wanted),
                    )
                )
    if _wanted(FIX_ALL, only):
        _, wanted_all = together(here, view.sources)
        if wanted_all:
            offered.append(
                types.CodeAction("Make all sure mends of cncb in this file", kind=FIX_ALL, edit=view.mend(wanted_all))
            )
    return offered


def _wanted(kind: str, only: Sequence[str]) -> bool:
    return not only or any(kind == one or kind.startswith(f"{one}.") for one in only)
