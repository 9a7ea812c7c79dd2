"""`cncb check`: every finding at once, nothing written; with `--fix`, the sure mends made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cncb_compiler.cli.common import FINDINGS, fail, found_systems, path_argument
from cncb_compiler.cli.formats import Output, formats_option, tell
from cncb_compiler.cli.selecting import select_options, selections

if TYPE_CHECKING:
    from cncb_compiler.diagnostics.diagnostic import Diagnostic
    from cncb_compiler.passes import Analysis


@click.command()
@path_argument
@select_options
@formats_option
@click.option("--fix", is_flag=True, help="Make the mends that are sure, such as of mistyped names; show the rest.")
@click.option(
    "--unsafe-fixes", is_flag=True, help="With --fix: also mends that are one of several, or remove something."
)
def command(
    path: Path | None,
    selected: tuple[str, ...],
    excluded: tuple[str, ...],
    outputs: tuple[Output, ...],
    fix: bool,
    unsafe_fixes: bool,
) -> None:
    """Check a system: every finding at once.

    With `--select` the whole system is checked, and the findings shown that are about the selected part of it.

    Exit code 0: clean. 1: findings. 2: wrong usage, or an error of cncb itself.
    """

    def check() -> list[tuple[Analysis, list[Diagnostic]]]:
        return _checked(path, selected, excluded)

    if unsafe_fixes and not fix:
        fail("`--unsafe-fixes` goes with `--fix`.")
    if fix:
        from cncb_compiler.cli.fixing import mended

        checked = mended(check, unsure=unsafe_fixes)
    else:
        checked = check()
    tell([(analysis.source, found) for analysis, found in checked], outputs)
    if any(found for _, found in checked):
        raise SystemExit(FINDINGS)


def _checked(
    path: Path | None, selected: tuple[str, ...], excluded: tuple[str, ...]
) -> list[tuple[Analysis, list[Diagnostic]]]:
    """Each system that PATH means, with the findings that are asked for."""
    from cncb_compiler.compilation import check_templates
    from cncb_compiler.passes import analyse

    analyses = [analyse(source) for source in found_systems(path)]
    checked = []
    for analysis, selection in zip(analyses, selections(analyses, selected, excluded), strict=True):
        check_templates(analysis)
        found = analysis.shown()
        checked.append((analysis, [one for one in found if selection is None or selection.concerns(one.at)]))
    return checked
