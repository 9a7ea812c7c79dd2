"""Everything that a compile's result depends on, as one digest: the key of the short cut where nothing changed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import cncb_compiler
from cncb_compiler.hooks.source import HOOKS_FOLDER
from cncb_compiler.source.discover import SystemSource
from cncb_compiler.write.fingerprint import digest


def digest_of(source: SystemSource, *options: str) -> str:
    """The digest of a system's sources, hooks and settings, of the compiler itself, and of the options."""
    return digest(_inputs(source, options))


def _inputs(source: SystemSource, options: tuple[str, ...]) -> Iterator[bytes | str]:
    yield cncb_compiler.__version__
    yield from options
    yield str(source.root)
    yield str(Path.cwd())
    yield str(sys.stdout.isatty())
    yield os.environ.get("NO_COLOR", "")
    for file in source.files:
        yield file.name
        yield file.text
    yield repr(source.diagnostics)
    yield from _texts(source.root / HOOKS_FOLDER, "**/*.py")
    for folder in (source.root.resolve(), *source.root.resolve().parents):
        yield from _texts(folder, "cncb.toml")
        yield from _texts(folder, "pyproject.toml")
    yield from _compiler()


def _texts(folder: Path, pattern: str) -> Iterator[bytes | str]:
    if not folder.is_dir():
        return
    for file in sorted(folder.glob(pattern)):
        yield str(file)
        try:
            yield file.read_bytes()
        except OSError as error:
            yield repr(error)


def _compiler() -> Iterator[str]:
    """The compiler's own files by size and time: one that is being worked on is a new compiler."""
    package = Path(cncb_compiler.__file__).parent
    for folder in (package, package.parent / "templates"):
        for parent, folders, names in os.walk(folder):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            for name in sorted(names):
                found = (Path(parent) / name).stat()
                yield f"{parent}/{name}:{found.st_size}:{found.st_mtime_ns}"
