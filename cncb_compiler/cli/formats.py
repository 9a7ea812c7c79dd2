"""`--output-format` of `cncb check`: one format on the terminal, any number of others into files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from cncb_compiler.cli.common import fail, gathered, rendered, write_text
from cncb_compiler.diagnostics.render import RENDERERS

if TYPE_CHECKING:
    from cncb_compiler.diagnostics.diagnostic import Diagnostic
    from cncb_compiler.source.discover import SystemSource
    from cncb_compiler.source.sources import Sources

STEP_SUMMARY = "GITHUB_STEP_SUMMARY"
"""The variable by which GitHub Actions names the file of a step's summary."""

AT_REPOSITORY = frozenset({"github", "gitlab", "sarif", "junit"})
"""The formats that are read by platforms, which name files from the top of the repository."""


class Output(Struct, frozen=True):
    """A format, and the file that it goes to (None: the terminal)."""

    format: str
    file: Path | None


def _outputs(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> tuple[Output, ...]:
    """`sarif=out.sarif`, or a format alone."""
    outputs = []
    for value in values:
        name, equals, file = value.partition("=")
        if name not in RENDERERS:
            raise click.BadParameter(f"`{name}` is not one of {', '.join(RENDERERS)}.")
        if equals and not file:
            raise click.BadParameter(f"`{value}` names no file.")
        outputs.append(Output(name, Path(file) if equals else None))
    return tuple(outputs)


formats_option = click.option(
    "--output-format",
    "outputs",
    metavar=f"[{'|'.join(RENDERERS)}][=FILE]",
    multiple=True,
    callback=_outputs,
    help="How findings are shown; repeatable, each but one into a FILE. Default: text.",
)


def tell(shown: Iterable[tuple[SystemSource, list[Diagnostic]]], outputs: Sequence[Output]) -> None:
    """Write and show findings in every format that was asked for; as text, where none was for the terminal."""
    to_terminal = [output.format for output in outputs if output.file is None] or ["text"]
    if len(to_terminal) > 1:
        fail(f"`{to_terminal[0]}` and `{to_terminal[1]}` cannot both be shown: write one into a file, FORMAT=FILE.")
    found = list(shown)
    for output in outputs:
        if output.file is not None:
            write_text(output.file, rendered(*_gathered(found, output.format), output.format))
    click.echo(rendered(*_gathered(found, to_terminal[0]), to_terminal[0]), nl=False)
    if to_terminal[0] == "github" and os.environ.get(STEP_SUMMARY):
        _summarize(found, Path(os.environ[STEP_SUMMARY]))


def _summarize(found: list[tuple[SystemSource, list[Diagnostic]]], file: Path) -> None:
    from cncb_compiler.diagnostics.render.github import summary

    try:
        with file.open("a", encoding="utf-8") as opened:
            opened.write(summary(*_gathered(found, "github"), opened.tell()))
    except OSError as error:
        fail(f"The step's summary `{file}` cannot be written: {error.strerror}.")


def _gathered(found: list[tuple[SystemSource, list[Diagnostic]]], format_: str) -> tuple[list[Diagnostic], Sources]:
    return gathered(found, _repository() if format_ in AT_REPOSITORY else None)


def _repository() -> Path | None:
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), None)
