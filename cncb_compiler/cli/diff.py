"""`cncb diff`: what a change means, and who is affected by it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from cncb_compiler.cli.common import FINDINGS, found_systems, path_argument

FAIL_ON = {"breaking": "breaking", "risky": "risky", "any": "safe"}


@click.command()
@path_argument
@click.option(
    "--against",
    metavar="REV|DIR|FILE",
    help="A git revision, a folder, or a manifest.json. Default: the merge base with the default branch.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text"]),
    default="text",
    show_default=True,
    help="How the differences are shown.",
)
@click.option("--fail-on", type=click.Choice(list(FAIL_ON)), help="Exit with 1 if a change is so bad, or worse.")
def command(path: Path | None, against: str | None, format_: str, fail_on: str | None) -> None:
    """Show what changed in meaning, and who is affected.

    Exit code 0: compared. 1: with --fail-on, a change is so bad. 2: wrong usage, or nothing to compare with.
    """
    from cncb_compiler.cli.against import base_of, pairs
    from cncb_compiler.compare.change import Level
    from cncb_compiler.compare.compare import compare
    from cncb_compiler.compare.render.text import render

    sources = found_systems(path)
    base = base_of(against, sources[0].root)
    compared = [compare(before, after) for before, after in pairs(sources, base, path)]
    color = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    click.echo("\n".join(render(one, color=color) for one in compared), nl=False)
    if fail_on is not None and any(one.reaches(Level(FAIL_ON[fail_on])) for one in compared):
        raise SystemExit(FINDINGS)
