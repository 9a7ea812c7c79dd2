"""`cncb check`: every finding at once, nothing written; with `--fix`, the sure mends made."""

from __future__ import annotations

import gc
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
    if unsafe_fixes and not fix:
        fail("`--unsafe-fixes` goes with `--fix`.")
    if fix:
        from cncb_compiler.cli.fixing import mended

        def analysed() -> list[tuple[Analysis, list[Diagnostic]]]:
            return _analysed(path, selected, excluded)

        checked = [(one.source, found) for one, found in mended(analysed, unsure=unsafe_fixes)]
    elif selected or excluded:
        checked = [(one.source, found) for one, found in _analysed(path, selected, excluded)]
    else:
        from cncb_compiler.cache.checking import findings

        checked = [(source, findings(source)) for source in found_systems(path)]
    tell(checked, outputs)
    # Python collects once more at its end what is not frozen, and all of it is gone a moment later.
    gc.freeze()
    if any(found for _, found in checked):
        raise SystemExit(FINDINGS)


def _analysed(
    path: Path | None, selected: tuple[str, ...], excluded: tuple[str, ...]
) -> list[tuple[Analysis, list[Diagnostic]]]:
    """Each system that PATH means, with the findings that are asked for."""
    from cncb_compiler.cache.checking import analysed

    analyses = [analysed(source) for source in found_systems(path)]
    checked = []
    for analysis, selection in zip(analyses, selections(analyses, selected, excluded), strict=True):
        found = analysis.shown()
        checked.append((analysis, [one for one in found if selection is None or selection.concerns(one.at)]))
    return checked
