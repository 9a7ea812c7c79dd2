"""`cncb check`: every finding at once, nothing written."""

from __future__ import annotations

from pathlib import Path

import click

from cncb_compiler.cli.common import FINDINGS, found_systems, path_argument
from cncb_compiler.cli.formats import Output, formats_option, tell
from cncb_compiler.cli.selecting import select_options, selections


@click.command()
@path_argument
@select_options
@formats_option
def command(
    path: Path | None, selected: tuple[str, ...], excluded: tuple[str, ...], outputs: tuple[Output, ...]
) -> None:
    """Check a system: every finding at once.

    With `--select` the whole system is checked, and the findings shown that are about the selected part of it.

    Exit code 0: clean. 1: findings. 2: wrong usage, or an error of cncb itself.
    """
    from cncb_compiler.compilation import check_templates
    from cncb_compiler.passes import analyse

    analyses = [analyse(source) for source in found_systems(path)]
    shown = []
    for analysis, selection in zip(analyses, selections(analyses, selected, excluded), strict=True):
        check_templates(analysis)
        found = analysis.shown()
        shown.append((analysis.source, [one for one in found if selection is None or selection.concerns(one.at)]))
    tell(shown, outputs)
    if any(diagnostics for _, diagnostics in shown):
        raise SystemExit(FINDINGS)
