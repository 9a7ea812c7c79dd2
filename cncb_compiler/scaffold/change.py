"""What a scaffold would write, checked before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.passes import analyse
from cncb_compiler.source.discover import SystemSource
from cncb_compiler.source.files import SourceFile
from cncb_compiler.source.read import is_source_file
from cncb_compiler.source.replace import replace_text


class ScaffoldError(Exception):
    """A scaffold cannot be made; the message tells the user why, and what to do."""


@dataclass(frozen=True, slots=True)
class Change:
    """Whole new texts of a system's files, by name, and what is new in them, in words."""

    texts: Mapping[str, str]
    made: tuple[str, ...]


def refuse_unknown(noun: str, name: str, known: list[str]) -> NoReturn:
    """End the scaffold: a name that it should build on does not exist."""
    close = get_close_matches(name, known, 1, 0.6)
    hint = f"Did you mean `{close[0]}`?" if close else f"There is: {', '.join(known)}." if known else "There is none."
    raise ScaffoldError(f"`{name}` is not {noun} of the system. {hint}")


def refuse_errors(source: SystemSource, change: Change, before: list[Diagnostic]) -> None:
    """Raise ScaffoldError if a change would bring errors; what was wrong `before` does not count.

    One error may give way to another: an event that is missing, once declared, still lacks who publishes it.
    """
    texts = {file.name: file.text for file in source.files} | dict(change.texts)
    files = tuple(SourceFile(name, texts[name]) for name in sorted(texts) if is_source_file(name))
    after = _errors(analyse(replace(source, files=files, only_file=None)).shown())
    known = {(found.code, found.message) for found in before}
    new = [found for found in after if (found.code, found.message) not in known]
    if new and len(after) > len(_errors(before)):
        raise ScaffoldError(f"Nothing is written, for it would not compile: {new[0].code}: {new[0].message}")


def _errors(found: list[Diagnostic]) -> list[Diagnostic]:
    return [one for one in found if one.severity is Severity.ERROR]


def write(source: SystemSource, change: Change) -> list[str]:
    """Write a change to a system; the names of the files that were written. Raises ScaffoldError, OSError."""
    existing = {file.name for file in source.files}
    written = []
    for name, text in change.texts.items():
        path = source.root / name
        if name in existing:
            replace_text(path, text)
        else:
            create(path, text)
        written.append(name)
    return written


def create(path: Path, text: str) -> None:
    """Write a new file, never over another. Raises ScaffoldError, OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="") as opened:
            opened.write(text)
    except FileExistsError:
        raise ScaffoldError(f"`{path}` exists already; nothing is written over it.") from None
