"""`cncb check`: every finding at once, nothing written."""

from __future__ import annotations

from pathlib import Path

import click

from cncb_compiler.cli.common import FINDINGS, found_systems, output_option, path_argument, report


@click.command()
@path_argument
@output_option
def command(path: Path | None, output_format: str) -> None:
    """Check a system: every finding at once.

    Exit code 0: clean. 1: findings. 2: wrong usage, or an error of cncb itself.
    """
    from cncb_compiler.compilation import check_templates
    from cncb_compiler.passes import analyse

    shown = []
    for source in found_systems(path):
        analysis = analyse(source)
        check_templates(analysis)
        shown.append((source, analysis.shown()))
    click.echo(report(shown, output_format), nl=False)
    if any(diagnostics for _, diagnostics in shown):
        raise SystemExit(FINDINGS)
