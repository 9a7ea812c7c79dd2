"""Findings as annotations of GitHub Actions (GitHub Docs: Workflow commands for GitHub Actions).

GitHub shows 10 errors, 10 warnings and 10 notices of a step; what else there is stands in the step's summary.
"""

from __future__ import annotations

from collections.abc import Sequence

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.render.count import summary as counted
from cncb_compiler.diagnostics.render.ranked import ranked
from cncb_compiler.diagnostics.render.told import told
from cncb_compiler.markup import cell, code, prose
from cncb_compiler.source.sources import Sources

ANNOTATIONS = 10
"""The most annotations of one level that a step gets."""

SUMMARY_BYTES = 1024 * 1024
"""The largest summary of a step (GitHub Docs: Adding a job summary); a larger one is lost whole."""

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_ROOM_FOR_REST = 200


def render(diagnostics: Sequence[Diagnostic], sources: Sources) -> str:
    """The worst findings as workflow commands, as many as are shown, and a line that counts all."""
    lines = [_annotation(one, sources) for one in annotated(diagnostics)]
    left = len(diagnostics) - len(lines)
    rest = f"; {left} more in the step summary" if left else ""
    return "\n".join([*lines, f"{counted(diagnostics, len(sources))}{rest}"]) + "\n"


def annotated(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The findings that become annotations: the first of each severity, errors first."""
    room = dict.fromkeys(Severity, ANNOTATIONS)
    shown = []
    for one in ranked(diagnostics):
        if room[one.severity]:
            room[one.severity] -= 1
            shown.append(one)
    return shown


def summary(diagnostics: Sequence[Diagnostic], sources: Sources, written: int = 0) -> str:
    """All findings as a table of Markdown for the step's summary, cut off where it would grow too large.

    `written` is the number of bytes that the summary has already; where hardly any are left, nothing is added.
    """
    head = f"### cncb: {counted(diagnostics, len(sources))}\n\n"
    room = SUMMARY_BYTES - written - len(head) - _ROOM_FOR_REST
    if room < 0 or not diagnostics:
        return head if room >= 0 else ""
    rows = ["| Where | Severity | Check | Finding |\n|---|---|---|---|\n"]
    for number, one in enumerate(ranked(diagnostics)):
        place = sources.range(one.at)
        where = code(f"{sources.shown(one.at.file)}:{place.line}:{place.column}")
        row = f"| {cell(where)} | {one.severity} | {one.code} {one.slug} | {cell(prose(told(one)))} |\n"
        room -= len(row.encode())
        if room < 0:
            return head + "".join(rows) + f"\n... and {len(diagnostics) - number} more.\n"
        rows.append(row)
    return head + "".join(rows) + "\n"


def _annotation(one: Diagnostic, sources: Sources) -> str:
    place = sources.range(one.at)
    message = told(one)
    for related in one.related:
        line = sources.range(related.at).line
        message += f"\n{sources.shown(related.at.file)}:{line}: {related.message}"
    properties = {
        "file": sources.shown(one.at.file),
        "line": str(place.line),
        "endLine": str(place.end_line),
        "title": f"{one.code} {one.slug}",
    }
    if place.line == place.end_line:
        properties |= {"col": str(place.column), "endColumn": str(place.end_column)}
    said = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[one.severity]} {said}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
