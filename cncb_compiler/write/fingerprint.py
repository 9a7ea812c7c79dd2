"""The short cut of a compile where nothing changed: same inputs, output untouched since, so same result.

A cache, in a folder of its own that may be deleted at any time. It must never change a result, so it answers
only if

- the digest of all inputs is the same (the caller reads them; the file system is not trusted for inputs);
- every output file has the size, times and inode that it had when its content was known, and each folder is
  the same folder. No program can set the change time, so an edit shows even if the modification time was put back;
- the clock of the file system had moved on when the times were noted, so that a later edit has a later time;
- no interrupted commit waits to be completed.
"""

# ruff: noqa: PTH100, PTH108, PTH116
# 25,000 files are looked at for each compile; a Path object a file would cost more than the system call.
from __future__ import annotations

import os
import stat
import time
from array import array
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path

import orjson

from cncb_compiler.digests import digest
from cncb_compiler.write.batch import Seen
from cncb_compiler.write.paths import WORK_NAME

FORMAT = 1
_TICK = 0.05
"""Seconds to wait for the file system's clock to move on; one that is coarser is not used for caching."""
_INODE = (1 << 63) - 1


def unchanged(cache: Path, out: Path, system: str, inputs: str) -> bytes | None:
    """What was remembered (such as the rendered warnings), if a compile would give it again; else None.

    `inputs` is the `digest` of everything that the result depends on, the version of the compiler included.
    """
    try:
        header, payload = _file(cache, out, system).read_bytes().split(b"\n", 1)
        kept = orjson.loads(header)
        if (kept["version"], kept["out"], kept["inputs"]) != (FORMAT, os.path.abspath(out), inputs):
            return None
        if kept["payload"] != digest([payload]) or os.path.lexists(f"{out}/{WORK_NAME}/{system}.staging"):
            return None
        found, _ = _signature(f"{out}/{system}", kept["paths"].split("\n"))
        return payload if found == kept["outputs"] else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def remember(cache: Path, out: Path, system: str, inputs: str, payload: bytes, seen: Mapping[str, Seen]) -> bool:
    """Keep `payload` for the next `unchanged`; `seen` is what `Staging.commit` returned for the whole system.

    Returns whether it was kept: not if a file was touched meanwhile, or the cache cannot be written.
    """
    paths = sorted(seen)
    if not paths:
        return False
    file = _file(cache, out, system)
    unfinished = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        cache.mkdir(parents=True, exist_ok=True)
        ignore = cache / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n")
        if os.stat(cache).st_dev != os.stat(f"{out}/{system}").st_dev or (before := _moved_on(cache)) is None:
            return False
        found, latest = _signature(f"{out}/{system}", paths, seen)
        if latest > before:
            return False
        header = {
            "version": FORMAT,
            "out": os.path.abspath(out),
            "inputs": inputs,
            "payload": digest([payload]),
            "outputs": found,
            "paths": "\n".join(paths),
        }
        unfinished.write_bytes(orjson.dumps(header) + b"\n" + payload)
        unfinished.replace(file)
    except (OSError, ValueError):
        return False
    return True


def _file(cache: Path, out: Path, system: str) -> Path:
    return cache / f"{system}-{digest([os.path.abspath(out)])[:8]}.fingerprint"


def _moved_on(folder: Path) -> int | None:
    """A time of the file system that has passed: whatever is written from now on has a later one."""
    first = _now(folder)
    deadline = time.monotonic() + _TICK
    while time.monotonic() < deadline:
        if _now(folder) > first:
            return first
        time.sleep(0.001)
    return None


def _now(folder: Path) -> int:
    """The file system's time: that of a file made in the folder and removed again."""
    path = f"{folder}/clock.{os.getpid()}"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        return os.fstat(descriptor).st_ctime_ns
    finally:
        os.close(descriptor)
        os.unlink(path)


def _signature(root: str, paths: list[str], seen: Mapping[str, Seen] | None = None) -> tuple[str, int]:
    """A digest of how the files and their folders look, and the latest change time among the files.

    Raises OSError if one is gone, ValueError if one is something else now, or does not look as in `seen`.
    """
    numbers = array("q")
    latest = 0
    folders = {""}
    lstat = os.lstat
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
        found = lstat(f"{root}/{path}")
        if not stat.S_ISREG(found.st_mode):
            raise ValueError(path)
        changed = found.st_ctime_ns
        if changed > latest:
            latest = changed
        if seen is not None and seen[path] != (found.st_size, found.st_mtime_ns, found.st_ino):
            raise ValueError(path)
        numbers.extend((found.st_size, found.st_mtime_ns, changed, found.st_ino & _INODE))
    for folder in sorted(folders):
        found = lstat(f"{root}/{folder}" if folder else root)
        if not stat.S_ISDIR(found.st_mode):
            raise ValueError(folder)
        numbers.append(found.st_ino & _INODE)
    return blake2b(numbers.tobytes(), digest_size=32).hexdigest(), latest
