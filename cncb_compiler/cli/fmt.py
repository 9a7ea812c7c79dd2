"""`cncb fmt`: the canonical layout of topology YAML, comments kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from cncb_compiler.cli.common import FINDINGS, fail, found_systems, prefix_of, report
from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.source.discover import SystemSource
from cncb_compiler.source.files import SourceFile
from cncb_compiler.source.read import is_source_file, read_file


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option("--check", "check_only", is_flag=True, help="Write nothing; show how files differ, exit 1 if any does.")
def command(paths: tuple[Path, ...], check_only: bool) -> None:
    """Lay out topology YAML canonically: systems, files, or all systems below a folder.

    Only the layout changes: what a file says stays, and so does every comment. Exit code 0: done. 1: files that are
    not YAML, or differences (--check). 2: wrong usage.
    """
    from cncb_compiler.fmt.layout import format_text

    changed = seen = 0
    shown: list[tuple[SystemSource, list[Diagnostic]]] = []
    for source in (source for path in paths or (None,) for source in _sources(path)):
        broken = list(source.diagnostics)
        for file in source.files:
            seen += 1
            text, found = format_text(file.text, file.name)
            broken += found
            if text == file.text:
                continue
            changed += 1
            name = _shown(source, file.name)
            click.echo("".join(_diff(name, file.text, text)) if check_only else f"laid out {name}\n", nl=False)
            if not check_only:
                _write(source.root / file.name, text)
        if broken:
            shown.append((source, broken))
    if shown:
        click.echo(report(shown, "text"), nl=False)
    verb = "would change" if check_only else "changed"
    click.echo(f"{changed} of {seen} {'file' if seen == 1 else 'files'} {verb}")
    if shown or (check_only and changed):
        raise SystemExit(FINDINGS)


def _sources(path: Path | None) -> list[SystemSource]:
    """The files to lay out: one file alone needs no system around it."""
    if path is None or not path.is_file():
        return found_systems(path)
    if not is_source_file(path.name):
        fail(f"`{path}` is not a YAML file of a system (*.yaml or *.yml, not hidden).")
    read = read_file(str(path), path.name)
    if isinstance(read, SourceFile):
        return [SystemSource(path.parent, (read,))]
    return [SystemSource(path.parent, (), (read,))]


def _shown(source: SystemSource, name: str) -> str:
    prefix = prefix_of(source)
    return f"{prefix}/{name}" if prefix else name


def _diff(name: str, before: str, after: str) -> Iterator[str]:
    from difflib import unified_diff

    lines = (before.splitlines(keepends=True), after.splitlines(keepends=True))
    for line in unified_diff(*lines, name, f"{name} (laid out)"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _write(path: Path, text: str) -> None:
    from cncb_compiler.source.replace import replace_text

    try:
        replace_text(path, text)
    except OSError as error:
        fail(f"`{path}` cannot be written: {error.strerror}.")
