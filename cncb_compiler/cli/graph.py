"""`cncb graph`: a picture of the event graph, of a part of it, or of what differs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cncb_compiler.cli.common import FINDINGS, fail, found_systems, path_argument, prefix_of, report
from cncb_compiler.cli.selecting import select_options

if TYPE_CHECKING:
    from cncb_compiler.compare.compare import Differences
    from cncb_compiler.draw.picture import Level, Picture
    from cncb_compiler.draw.wanted import Asked
    from cncb_compiler.passes import Analysis
    from cncb_compiler.source.discover import SystemSource

FORMATS = ("mermaid", "dot", "svg", "html", "json")


@click.command()
@path_argument
@select_options
@click.option(
    "--level",
    type=click.Choice(["system", "service", "field"]),
    default="service",
    show_default=True,
    help="Services and the events between them; what services do and hold; fields and what they are filled from.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    help="The picture's language. Default: by the ending of FILE, else mermaid.",
)
@click.option(
    "--against",
    metavar="REV|DIR|FILE",
    help="Draw what differs from this revision, folder or manifest.json, and what is one step away.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write a file.")
def command(
    path: Path | None,
    selected: tuple[str, ...],
    excluded: tuple[str, ...],
    level: Level,
    format_: str | None,
    against: str | None,
    output: Path | None,
) -> None:
    """Draw the event graph of a system: who publishes, who consumes, what each service holds.

    A picture of a part says what it leaves out. A system with errors is drawn as far as it is understood, with the
    findings on the error stream.
    """
    from cncb_compiler.passes import analyse, has_errors
    from cncb_compiler.select.grammar import SelectorError

    sources = found_systems(path)
    if len(sources) > 1:
        names = ", ".join(str(source.root) for source in sources[:5])
        fail(f"a picture is of one system; PATH holds {len(sources)}: {names}, ... Name one of them.")
    analysis = analyse(sources[0])
    shown = analysis.shown()
    if has_errors(shown):
        click.echo(report([(sources[0], shown)], "text"), err=True, nl=False)
    wanted = format_ or _by_ending(output)
    asked = selected, excluded
    try:
        text = (
            _page(analysis, sources[0], level, against, asked)
            if wanted == "html"
            else _rendered(_drawn(analysis, sources[0], level, against, asked), wanted)
        )
    except SelectorError as error:
        fail(str(error))
    _write(text, output)
    if has_errors(shown):
        raise SystemExit(FINDINGS)


def _drawn(analysis: Analysis, source: SystemSource, level: Level, against: str | None, asked: Asked) -> Picture:
    from cncb_compiler.draw.wanted import compared_picture, picture

    if against is None:
        return picture(analysis.linked, level, asked)
    return compared_picture(_differences(source, against), level, asked)


def _page(analysis: Analysis, source: SystemSource, level: Level, against: str | None, asked: Asked) -> str:
    """The page holds the whole system, whatever differs; it opens at the level."""
    from cncb_compiler.compare.side import Side
    from cncb_compiler.draw.page import render
    from cncb_compiler.draw.page_data import Content
    from cncb_compiler.draw.wanted import compared_picture, picture
    from cncb_compiler.source.sources import Sources

    if against is not None:
        found = _differences(source, against)
        inner = compared_picture(found, "service", asked, whole=True)
        return render(Content(inner, level, found.after, found.before, found.changes))
    plans = {plan.service: plan for plan in analysis.plans}
    side = Side("", analysis.linked, plans, Sources(source.files, prefix_of(source)))
    return render(Content(picture(analysis.linked, "service", asked), level, side))


def _differences(source: SystemSource, against: str) -> Differences:
    from cncb_compiler.cli.against import base_of, day_of, pairs
    from cncb_compiler.compare.compare import compare

    before, after = next(pairs([source], base_of(against, source.root), None))
    return compare(before, after, day_of(None, source.root))


def _by_ending(output: Path | None) -> str:
    ending = output.suffix.removeprefix(".") if output else ""
    return ending if ending in FORMATS else "mermaid"


def _rendered(drawn: Picture, format_: str) -> str:
    match format_:
        case "dot":
            from cncb_compiler.draw import dot

            return dot.render(drawn)
        case "svg":
            from cncb_compiler.draw import svg

            return svg.render(drawn)
        case "json":
            from cncb_compiler.draw import json

            return json.render(drawn)
        case _:
            from cncb_compiler.draw import mermaid

            return mermaid.render(drawn)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        fail(f"`{output}` cannot be written: {error.strerror}.")
