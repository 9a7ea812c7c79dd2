"""`cncb diff`: what a change means, and who is affected by it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cncb_compiler.cli.common import fail, found_systems, path_argument
from cncb_compiler.cli.comparing import compare_options, exit_where, whole_of
from cncb_compiler.cli.selecting import likeliest, select_options

if TYPE_CHECKING:
    from cncb_compiler.compare.compare import Differences


@click.command()
@path_argument
@compare_options
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "markdown", "json", "html"]),
    default="text",
    show_default=True,
    help="How the differences are shown.",
)
@select_options
def command(
    path: Path | None,
    against: str | None,
    format_: str,
    selected: tuple[str, ...],
    excluded: tuple[str, ...],
    fail_on: str | None,
    today: object,
) -> None:
    """Show what changed in meaning, and who is affected.

    The files in the working tree are compared with a revision, another folder, or what a compile left. With `--select`
    the changes are shown that are about the selected part, or affect it; `changed` is everything that differs.

    Exit code 0: compared. 1: with --fail-on, a change is so bad, or errors keep a system from being compared whole.
    2: wrong usage, or nothing to compare with.
    """
    from cncb_compiler.cli.against import base_of, day_of, pairs
    from cncb_compiler.compare.compare import compare

    sources = found_systems(path)
    base = base_of(against, sources[0].root)
    day = day_of(today, sources[0].root)
    compared = [compare(before, after, day) for before, after in pairs(sources, base, whole_of(path, sources))]
    compared = _selected(compared, selected, excluded)
    click.echo(_rendered(compared, format_), nl=False)
    exit_where(compared, fail_on)


def _selected(compared: list[Differences], chosen: tuple[str, ...], excluded: tuple[str, ...]) -> list[Differences]:
    from cncb_compiler.compare.selected import selected
    from cncb_compiler.select.grammar import NothingNamedError, SelectorError

    found: list[Differences] = []
    unknown: list[str] = []
    for one in compared:
        try:
            found.append(selected(one, chosen, excluded))
        except NothingNamedError as error:
            unknown.append(str(error))
        except SelectorError as error:
            fail(str(error))
    return found or fail(likeliest(unknown))


def _rendered(compared: Sequence[Differences], format_: str) -> str:
    match format_:
        case "markdown":
            from cncb_compiler.compare.render import markdown

            return markdown.render(compared)
        case "json":
            from cncb_compiler.compare.render import json

            return json.render(compared)
        case "html":
            from cncb_compiler.compare.render import html

            return html.render(compared)
        case _:
            from cncb_compiler.compare.render import text

            color = sys.stdout.isatty() and "NO_COLOR" not in os.environ
            return "\n".join(text.render(one, color=color) for one in compared)
