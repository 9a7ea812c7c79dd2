"""Everything that what is said of a system depends on, as one digest."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from cncb_compiler.cache.identity import compiler
from cncb_compiler.digests import digest
from cncb_compiler.hooks.source import HOOKS_FOLDER
from cncb_compiler.source.discover import SystemSource
from cncb_compiler.source.read import entries


def digest_of(source: SystemSource, *options: str) -> str:
    """The digest of a system's sources, hooks and settings, of the compiler itself, and of the options."""
    return digest(_inputs(source, options))


def _inputs(source: SystemSource, options: tuple[str, ...]) -> Iterator[bytes | str]:
    yield from options
    yield str(source.root)
    yield repr(source.only_file)
    for file in source.files:
        yield file.name
        yield file.text
    yield repr(source.diagnostics)
    for service in entries(os.fspath(source.root / HOOKS_FOLDER)):
        yield from _texts(Path(service.path), "*.py")
    for folder in _around(source.root):
        yield from _texts(folder, "cncb.toml")
        yield from _texts(folder, "pyproject.toml")
        yield str((folder / ".git").exists())
    yield compiler()


def _around(root: Path) -> Iterable[Path]:
    """The folders in which settings may lie, whether a link leads to the system or not."""
    paths = (root.absolute(), root.resolve())
    return dict.fromkeys(folder for path in paths for folder in (path, *path.parents))


def _texts(folder: Path, pattern: str) -> Iterator[bytes | str]:
    if not folder.is_dir():
        return
    for file in sorted(folder.glob(pattern)):
        yield str(file.resolve())
        try:
            yield file.read_bytes()
        except OSError as error:
            yield repr(error)
