"""Which compiler this is: what was remembered by another one is forgotten."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click

import cncb_compiler
from cncb_compiler.digests import digest


@cache
def compiler() -> str:
    """A digest of the compiler's own files by size and time, the Python that runs it, and what is installed beside it.

    A compiler that is being worked on is a new one; so is one with another release of a library.
    """
    return digest(_parts())


def _parts() -> Iterator[str]:
    yield cncb_compiler.__version__
    yield sys.version
    yield str(Path(click.__file__).parent.parent.stat().st_mtime_ns)
    package = Path(cncb_compiler.__file__).parent
    for folder in (package, package.parent / "templates"):
        yield from _files(os.fspath(folder))


def _files(folder: str) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _files(entry.path)
        else:
            found = entry.stat()
            yield f"{entry.path}:{found.st_size}:{found.st_mtime_ns}"
