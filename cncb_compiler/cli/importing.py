"""What `cncb import` does once it is called: read, understand, check, write, tell."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

import click

from cncb_compiler.cli.common import FINDINGS, fail, rendered, report
from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.importing.draft import Draft
from cncb_compiler.importing.mend import WrongDraftError, checked
from cncb_compiler.importing.read import UnfitError, UnreadableError, load
from cncb_compiler.importing.values import Notes
from cncb_compiler.scaffold.change import ScaffoldError, create
from cncb_compiler.scaffold.names import checked_name
from cncb_compiler.source.discover import DEFAULT_FOLDER, is_system_folder
from cncb_compiler.source.files import SourceFile
from cncb_compiler.source.read import read_file
from cncb_compiler.source.sources import Sources

Understand: TypeAlias = Callable[[Sequence[tuple[str, Any]], Notes], Draft]


def imported(files: Sequence[Path], output: Path | None, name: str | None, understand: Understand) -> None:
    """Import files as one system, and tell what was made and what was not understood."""
    notes = Notes()
    try:
        draft = understand([(str(file), _read(file, notes)) for file in files], notes)
    except UnfitError as error:
        fail(str(error))
    except RecursionError:
        fail(f"{files[0]}: more maps, lists or references inside each other than can be followed.")
    try:
        draft.system = checked_name(name) if name is not None else draft.system
        folder = output or _default(draft.system)
        texts, warnings = checked(draft, folder, notes)
        _write(folder, texts)
    except WrongDraftError as error:
        click.echo(report([(error.source, error.errors)], "text"), err=True, nl=False)
        fail("nothing is written, for the topology would not be right. This is a bug in cncb; please report it.")
    except ScaffoldError as error:
        fail(str(error))
    except OSError as error:
        fail(f"`{error.filename or output}` cannot be written: {error.strerror or error}.")
    for note in notes:
        click.echo(f"note: {note}")
    click.echo(_summary(draft, folder, len(list(notes)), warnings))


def _read(file: Path, notes: Notes) -> Any:
    read = read_file(str(file), str(file))
    if not isinstance(read, SourceFile):
        _refuse(read, None)
    try:
        return load(read.text, str(file), notes)
    except UnreadableError as error:
        _refuse(error.found, read)


def _refuse(found: Diagnostic, file: SourceFile | None) -> NoReturn:
    click.echo(rendered([found], Sources((file,) if file else ()), "text"), err=True, nl=False)
    raise SystemExit(FINDINGS)


def _default(system: str) -> Path:
    parent = Path(DEFAULT_FOLDER) if Path(DEFAULT_FOLDER).is_dir() else Path()
    return parent / system


def _write(folder: Path, texts: dict[str, str]) -> None:
    """Write a new system: all of it, or nothing. Raises ScaffoldError, OSError."""
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise ScaffoldError(f"`{folder}` exists already; nothing is written over it. Name another folder with `-o`.")
    parents = folder.absolute().parents
    around = next((one for one in parents if is_system_folder(one)), None)
    if around is not None:
        raise ScaffoldError(f"`{around}` is a system already, and systems do not nest. Name another folder with `-o`.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    waiting = Path(tempfile.mkdtemp(prefix=".cncb-", dir=folder.parent))
    try:
        for name, text in texts.items():
            create(waiting / name, text)
        waiting.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        waiting.rename(folder)
    except BaseException:
        shutil.rmtree(waiting, ignore_errors=True)
        raise


def _summary(draft: Draft, folder: Path, notes: int, warnings: int) -> str:
    functions = sum(len(service.functions) for service in draft.services.values())
    counted = [(len(draft.services), "service"), (functions, "function"), (len(draft.events), "event")]
    counted += [(sum(len(service.stores) for service in draft.services.values()), "store")]
    made = ", ".join(f"{number} {noun}{'' if number == 1 else 's'}" for number, noun in counted if number)
    more = f"; {notes} note{'' if notes == 1 else 's'}" if notes else ""
    findings = f", which shows {warnings} warning{'' if warnings == 1 else 's'}" if warnings else ""
    return f"wrote {folder}: {made or 'nothing yet'}{more}\nnext: cncb check {folder}{findings}"
