"""What commands share: the PATH argument, reading systems, showing findings, exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
from msgspec.structs import replace

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.source.discover import NoSystemError, SystemSource, systems
from cncb_compiler.source.files import SourceFile
from cncb_compiler.source.sources import Sources

if TYPE_CHECKING:
    from cncb_compiler.passes import Analysis

FINDINGS = 1
"""Exit code: there are findings, or differences."""
USAGE = 2
"""Exit code: the command was called wrongly, or cncb itself failed."""

path_argument = click.argument("path", required=False, type=click.Path(path_type=Path))


def found_systems(path: Path | None) -> list[SystemSource]:
    """The systems that PATH means; ends the command where there is none."""
    try:
        return systems(path)
    except NoSystemError as error:
        fail(str(error))


def fail(message: str) -> NoReturn:
    """End the command with exit code 2 and a message."""
    click.echo(f"cncb: {message}", err=True)
    raise SystemExit(USAGE)


def internal_error(error: Exception) -> None:
    """Tell of a mistake of cncb's own in two lines; with CNCB_TRACEBACK in the environment it is raised instead."""
    if "CNCB_TRACEBACK" in os.environ:
        raise error
    click.echo(
        f"cncb: internal error: {type(error).__name__}: {error}\n"
        "This is a bug in cncb. Set CNCB_TRACEBACK=1 to see where it happened, and please report it.",
        err=True,
    )


def refuse_unknown_services(analysis: Analysis, services: Iterable[str]) -> None:
    """End the command where a service is named that the system has not."""
    from difflib import get_close_matches

    known = list(analysis.linked.services)
    for service in services:
        if service not in known:
            close = get_close_matches(service, known, 1, 0.6)
            hint = f"Did you mean `{close[0]}`?" if close else f"Its services: {', '.join(known)}."
            fail(f"`{service}` is not a service of `{analysis.linked.name}`. {hint}")


def prefix_of(source: SystemSource, top: Path | None = None) -> str:
    """How the system's folder is named in messages: from the folder `top`, or as the user would from where they are."""
    root = source.root.resolve()
    here = (top or Path.cwd()).resolve()
    if root == here:
        return ""
    return root.relative_to(here).as_posix() if root.is_relative_to(here) else str(source.root)


output_option = click.option(
    "--output-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How findings are shown.",
)


def report(shown: Iterable[tuple[SystemSource, list[Diagnostic]]], output_format: str) -> str:
    """The findings of one or several systems as one text; files are named as the user would name them."""
    return rendered(*gathered(shown), output_format)


def gathered(
    shown: Iterable[tuple[SystemSource, list[Diagnostic]]], top: Path | None = None
) -> tuple[list[Diagnostic], Sources]:
    """The findings of several systems together, files named from the folder `top` (None: the working folder)."""
    files: list[SourceFile] = []
    found: list[Diagnostic] = []
    for source, diagnostics in shown:
        prefix = prefix_of(source, top)
        files += [SourceFile(_below(prefix, file.name), file.text) for file in source.files]
        found += [_moved(diagnostic, prefix) for diagnostic in diagnostics]
    return found, Sources(files)


def rendered(found: Sequence[Diagnostic], sources: Sources, output_format: str) -> str:
    """Findings in an output format; text has colours on a terminal."""
    from cncb_compiler.diagnostics.render import renderer

    if output_format == "text":
        from cncb_compiler.diagnostics.render.text import render

        return render(found, sources, color=sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    return renderer(output_format)(found, sources)


def write_text(file: Path, text: str) -> None:
    """Write a file that the user named; ends the command where it cannot be written."""
    try:
        file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        fail(f"`{file}` cannot be written: {error.strerror}.")


def _below(prefix: str, file: str) -> str:
    return f"{prefix}/{file}" if prefix and not file.startswith("/") else file


def _moved(diagnostic: Diagnostic, prefix: str) -> Diagnostic:
    related = tuple(replace(one, at=replace(one.at, file=_below(prefix, one.at.file))) for one in diagnostic.related)
    return replace(diagnostic, at=replace(diagnostic.at, file=_below(prefix, diagnostic.at.file)), related=related)
