"""`cncb docs`: a catalogue of systems, as pages for a browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cncb_compiler.cli.common import FINDINGS, fail, found_systems, path_argument, rendered

if TYPE_CHECKING:
    from cncb_compiler.catalogue.facts import Facts
    from cncb_compiler.source.discover import SystemSource
    from cncb_compiler.write.staging import Written

TAGS = 10


@click.command()
@path_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("site"),
    show_default=True,
    metavar="FOLDER",
    help="Where the site goes: a folder of its own.",
)
@click.option(
    "--tags",
    type=click.IntRange(0, 1000),
    default=TAGS,
    show_default=True,
    metavar="N",
    help="How many git tags the history goes back, of those in which the system differs; each costs an analysis.",
)
def command(path: Path | None, output: Path, tags: int) -> None:
    """Write a catalogue of a system: a page for each service, event, type, view, process and owner.

    The site needs no server and no network: open its `index.html`. Only files that changed are written, and only what
    an earlier run wrote is replaced or removed. Of several systems each has a folder in the site.

    A system with errors is told of as far as it is understood. Exit code 0: done. 1: a system has errors, or something
    that cncb did not make is in the way; then nothing is written. 2: wrong usage.
    """
    from cncb_compiler.catalogue.writing import ForeignFolderError, write
    from cncb_compiler.source.sources import Sources

    sources = found_systems(path)
    facts = [_facts(source, tags) for source in sources]
    try:
        written = write(output, facts)
    except ForeignFolderError as error:
        fail(str(error))
    if written.refused:
        click.echo(rendered(written.refused, Sources((), str(output.parent)), "text"), err=True, nl=False)
        raise SystemExit(FINDINGS)
    click.echo(_said(output, written))
    wrong = [one.system.name for one in facts if one.side.wrong]
    for name in wrong:
        click.echo(f"cncb: `{name}` has errors: it is told of as far as it is understood. See `cncb check`.", err=True)
    if wrong:
        raise SystemExit(FINDINGS)


def _said(output: Path, written: Written) -> str:
    changed = len(written.created) + len(written.changed)
    removed = f", {len(written.removed)} removed" if written.removed else ""
    return f"{output / 'index.html'}: {changed + written.unchanged} files, {changed} written{removed}"


def _facts(source: SystemSource, tags: int) -> Facts:
    from cncb_compiler.catalogue.examples import gathered
    from cncb_compiler.catalogue.facts import Facts
    from cncb_compiler.catalogue.history import history
    from cncb_compiler.compare.side import side_of
    from cncb_compiler.scenarios.read import scenarios

    side = side_of("", source)
    examples = gathered(side.system, scenarios(source.root))
    return Facts(side, examples, history(source, side, tags))
