"""`cncb review`: what a change does, as one comment for its pull request."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from cncb_compiler.cli.common import found_systems, path_argument, write_text
from cncb_compiler.cli.comparing import compare_options, exit_where, whole_of

if TYPE_CHECKING:
    from cncb_compiler.cli.against import Base
    from cncb_compiler.compare.side import Side
    from cncb_compiler.review.comment import Review
    from cncb_compiler.review.findings import Checked


def _link(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str:
    """An address of the web, or a path; nothing that a browser would run."""
    if value is None:
        return ""
    try:
        scheme = urlsplit(value).scheme
    except ValueError:
        scheme = value
    if scheme not in ("", "http", "https"):
        raise click.BadParameter(f"`{value}` is neither an address (https://...) nor a path.")
    return value


@click.command()
@path_argument
@compare_options
@click.option("--html", "link", metavar="LINK", callback=_link, help="Where a page with everything is, to be linked.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write a file.")
def command(
    path: Path | None, against: str | None, fail_on: str | None, today: object, link: str, output: Path | None
) -> None:
    """Write what a change does as a comment for its pull request: Markdown.

    What changed and who is affected, the findings that were not there before, and a picture of what differs with
    what is one step away; within the size of a comment. It begins with a hidden line by which a program finds the
    comment again, to update it.

    Exit code 0: written. 1: with --fail-on, a change is so bad, or errors keep a system from being compared whole.
    2: wrong usage, or nothing to compare with.
    """
    from cncb_compiler.cli.against import base_of, day_of, pairs
    from cncb_compiler.review.comment import render

    sources = found_systems(path)
    base = base_of(against, sources[0].root)
    day = day_of(today, sources[0].root)
    reviews = [_review(base, before, after, day) for before, after in pairs(sources, base, whole_of(path, sources))]
    text = render(reviews, link)
    if output is None:
        click.echo(text, nl=False)
    else:
        write_text(output, text)
    exit_where([one.differences for one in reviews], fail_on)


def _review(base: Base, before: Side, after: Side, day: str) -> Review:
    from cncb_compiler.compare.compare import compare
    from cncb_compiler.review.comment import Review
    from cncb_compiler.review.findings import Checked, checked, compared

    now = checked(after, after.source) if after.source else Checked()
    return Review(compare(before, after, day), compared(_checked_before(base, before, after), now))


def _checked_before(base: Base, before: Side, after: Side) -> Checked:
    """The side before, judged with the hooks and settings of its revision; of a manifest, with those of today."""
    from cncb_compiler.review.findings import Checked, checked
    from cncb_compiler.source.discover import SystemSource
    from cncb_compiler.source.revision import beside, folder_in

    if before.source is None:
        return checked(before, SystemSource(after.source.root, ())) if after.source else Checked()
    if base.repository is None or base.commit is None:
        return checked(before, before.source)
    kept = beside(base.repository, base.commit, folder_in(base.repository, before.source.root))
    return checked(before, replace(before.source, beside=kept))
