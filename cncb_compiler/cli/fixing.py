"""`cncb check --fix`: the sure mends of findings, made in the files; again, until they bring no new ones to light."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cncb_compiler.cli.common import fail, prefix_of

if TYPE_CHECKING:
    from cncb_compiler.diagnostics.diagnostic import Diagnostic
    from cncb_compiler.passes import Analysis

ROUNDS = 10
"""One mend may let the next be found; more rounds than any system needs."""

Checked = list[tuple["Analysis", list["Diagnostic"]]]


def mended(check: Callable[[], Checked], *, unsure: bool) -> Checked:
    """What `check` still finds, once all sure mends are made; with `unsure`, those that have to be chosen too."""
    total = 0
    for _ in range(ROUNDS):
        checked = check()
        count = sum(_mend(analysis, found, unsure=unsure) for analysis, found in checked)
        if not count:
            break
        total += count
    click.echo(f"mended {total} {'finding' if total == 1 else 'findings'}")
    return checked


def _mend(analysis: Analysis, found: list[Diagnostic], *, unsure: bool) -> int:
    """Make the mends of one system; gives how many findings they mend."""
    from cncb_compiler.diagnostics.fix import mended
    from cncb_compiler.source.replace import replace_text

    findings, texts = mended(found, analysis.sources, unsure=unsure)
    for file, text in texts.items():
        path = analysis.source.root / file
        mark = "\ufeff" if _begins_with_mark(path) else ""
        try:
            replace_text(path, mark + text)
        except OSError as error:
            fail(f"`{path}` cannot be written: {error.strerror}.")
    prefix = prefix_of(analysis.source)
    for one in findings:
        place = analysis.sources.range(one.at)
        shown = f"{prefix}/{one.at.file}" if prefix else one.at.file
        titles = ", ".join(edit.title for edit in one.edits)
        click.echo(f"{shown}:{place.line}:{place.column} {one.code} {one.slug}: {titles}")
    return len(findings)


def _begins_with_mark(path: Path) -> bool:
    """Whether a file has a byte order mark, which reading leaves out."""
    with path.open("rb") as opened:
        return opened.read(3) == b"\xef\xbb\xbf"
