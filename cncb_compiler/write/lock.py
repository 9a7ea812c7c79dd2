"""One compile of a system at a time: an advisory lock that dies with its process."""

# ruff: noqa: PTH103, PTH106, PTH108, PTH116, PTH120
# File descriptors throughout.
from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress

_PAUSE = 0.02


def acquire(path: str, wait: float) -> int | None:
    """Take the lock at `path`, waiting at most `wait` seconds. None if somebody else keeps it.

    The file is removed on release, so after locking it is checked that the path still means the locked file.
    A forked child shares the lock: it is free when the last of them has ended.
    """
    deadline = time.monotonic() + wait
    while True:
        with suppress(FileNotFoundError):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
            if _locked(descriptor, path):
                return descriptor
            os.close(descriptor)
        if time.monotonic() >= deadline:
            return None
        time.sleep(_PAUSE)


def _locked(descriptor: int, path: str) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    mine = os.fstat(descriptor)
    try:
        there = os.stat(path)
    except FileNotFoundError:
        return False
    return (mine.st_dev, mine.st_ino) == (there.st_dev, there.st_ino)


def release(path: str, descriptor: int) -> None:
    """Give the lock back, leaving no file behind."""
    with suppress(OSError):
        os.unlink(path)
    os.close(descriptor)
    with suppress(OSError):
        os.rmdir(os.path.dirname(path))
