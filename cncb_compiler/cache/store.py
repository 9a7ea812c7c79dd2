"""A remembered value on disk: whole, the user's own, and of this very compiler; else it is as if there were none.

It lies in the user's cache folder, not in the system's: what came with a repository is not to be believed. It is JSON,
so that reading it runs nothing.
"""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from cncb_compiler.digests import digest

_MONTH = 30 * 24 * 3600
"""Seconds after which what nobody used is removed."""


class Store:
    """The value that is remembered of one folder by compilers with the same `identity`."""

    def __init__(self, root: Path, identity: str) -> None:
        self._identity = identity
        folder = _folder()
        self._file = folder / f"{digest([str(root.resolve())])[:32]}.json" if folder is not None else None

    def load(self) -> dict[str, Any]:
        """What was saved last; empty where that was nothing, or cannot be believed."""
        if self._file is None:
            return {}
        try:
            with self._file.open("rb") as opened:
                if os.fstat(opened.fileno()).st_uid != os.geteuid():
                    return {}
                seal, _, content = opened.read().partition(b"\n")
            loaded = orjson.loads(content) if seal == self._seal(content) else {}
        except (OSError, ValueError):
            return {}
        return loaded if isinstance(loaded, dict) else {}

    def save(self, value: dict[str, Any]) -> None:
        """Remember a value of JSON in place of the last; nothing is said where that cannot be."""
        if self._file is None:
            return
        folder = self._file.parent
        try:
            content = orjson.dumps(value)
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self._file.exists():
                _tidy(folder)
            _replace(self._file, self._seal(content) + b"\n" + content)
        except (OSError, TypeError, ValueError):
            return

    def _seal(self, content: bytes) -> bytes:
        """What only a whole file of this compiler begins with."""
        return digest([self._identity, content]).encode()


def _replace(file: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as opened:
        unfinished = Path(opened.name)
        try:
            opened.write(content)
            opened.flush()
            unfinished.replace(file)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise


def _folder() -> Path | None:
    """The folder of all that is remembered: `CNCB_CACHE` (empty: none), else in the user's cache folder."""
    said = os.environ.get("CNCB_CACHE")
    if said is not None:
        return Path(said).absolute() if said else None
    caches = Path(os.environ.get("XDG_CACHE_HOME", ""))
    try:
        return (caches if caches.is_absolute() else Path.home() / ".cache") / "cncb"
    except RuntimeError:
        # Nobody is at home.
        return None


def _tidy(folder: Path) -> None:
    """Remove what was not written for a month: of systems that are gone, and of writers that were stopped."""
    for file in folder.iterdir():
        with suppress(OSError):
            if time.time() - file.stat().st_mtime > _MONTH:
                file.unlink()
