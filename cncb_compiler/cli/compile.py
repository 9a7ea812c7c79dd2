"""`cncb compile`: a system to templates and handlers, all of it or nothing."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from cncb_compiler.cli.common import FINDINGS, fail, found_systems, output_option, path_argument
from cncb_compiler.cli.selecting import likeliest, select_options
from cncb_compiler.select.grammar import NothingNamedError
from cncb_compiler.source.discover import SystemSource

CACHE = ".cncb"
"""The folder beside the output that remembers what an unchanged compile would say; may be deleted at any time."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked of a compile."""

    out: Path
    selected: tuple[str, ...]
    excluded: tuple[str, ...]
    check_only: bool
    format: str
    validate: bool
    output_format: str


@click.command()
@path_argument
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("generated"),
    show_default=True,
    help="Where the output goes.",
)
@select_options
@click.option(
    "--check", "check_only", is_flag=True, help="Write nothing; show how the output differs, exit 1 if it does."
)
@click.option(
    "--format", "format_", type=click.Choice(["json", "yaml"]), default="json", show_default=True, help="Of templates."
)
@click.option("--validate", is_flag=True, help="Also run AWS's own CloudFormation validator over the templates.")
@output_option
def command(
    path: Path | None,
    out: Path,
    selected: tuple[str, ...],
    excluded: tuple[str, ...],
    check_only: bool,
    format_: str,
    validate: bool,
    output_format: str,
) -> None:
    """Compile a system to CloudFormation templates and Lambda handlers.

    Only files that changed are written, and only what cncb made itself is replaced or removed. With any error,
    nothing is written. With `--select` the whole system is checked, and those services are written of
    which a part is selected.

    Exit code 0: done. 1: findings that stop it, or differences (--check). 2: wrong usage.
    """
    options = Options(out, selected, excluded, check_only, format_, validate, output_format)
    sources = found_systems(path)
    well = []
    unknown = []
    for source in sources:
        try:
            well.append(_compile(source, options))
        except NothingNamedError as error:
            unknown.append(str(error))
    if not well:
        fail(likeliest(unknown))
    if not all(well):
        raise SystemExit(FINDINGS)


def _compile(source: SystemSource, options: Options) -> bool:
    """Compile one system, or find that it is compiled already; whether all is well.

    Raises NothingNamedError where nothing of it is selected.
    """
    from cncb_compiler.cache.inputs import digest_of
    from cncb_compiler.write.fingerprint import unchanged

    cache = options.out.parent / CACHE
    cacheable = not (options.selected or options.excluded or options.check_only or options.validate)
    inputs = digest_of(source, options.format, options.output_format, *_told_to()) if cacheable else ""
    if cacheable:
        told = unchanged(cache, options.out, _name(source), inputs)
        if told is not None:
            click.echo(told.decode(), nl=False)
            return True
    from cncb_compiler.cli.emitting import emit

    return emit(source, options, cache if cacheable else None, inputs)


def _told_to() -> tuple[str, ...]:
    """What the text that is remembered depends on, besides: where the user stands, and what their terminal shows."""
    return str(Path.cwd()), str(sys.stdout.isatty()), os.environ.get("NO_COLOR", "")


_SYSTEM = re.compile(r"^system:[ \t]*[\"']?([a-z][A-Za-z0-9-]*)", re.MULTILINE)


def _name(source: SystemSource) -> str:
    """The system's name as far as it can be seen without reading YAML; a wrong guess only costs the short cut."""
    for file in source.files:
        found = _SYSTEM.search(file.text)
        if found:
            return found.group(1)
    return source.root.resolve().name
