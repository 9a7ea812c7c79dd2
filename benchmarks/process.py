"""One command in a process of its own: its wall time, exit status, peak memory and output."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_SAMPLE_SECONDS = 0.005


@dataclass(frozen=True)
class Finished:
    """A command that has ended."""

    seconds: float
    """Wall time from before its start until it was waited for."""
    peak_bytes: int
    """The most memory it held: its largest process, or, where the tree was watched, all of them together.

    Linux hands a child the peak of the process that started it, so this never shows less than the caller's
    own peak: whoever measures must be small.
    """
    status: int
    """Its exit status; negative: the signal that ended it."""
    output: str
    """What it printed on standard output."""
    errors: str
    """What it printed on standard error."""


def run(
    argv: Sequence[str | Path], folder: Path, environment: Mapping[str, str], *, watch_tree: bool = False
) -> Finished:
    """Run `argv` in `folder` to its end, with `environment` in place of this process's own.

    `watch_tree` samples the proportional set size of the command's whole process tree (Linux only). Sampling
    takes time from what is measured, so a watched run is good for its memory only.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            argv,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
        )
        watch = _Watch(process.pid) if watch_tree else None
        _, wait_status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(wait_status)
        peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        if watch is not None:
            peak = max(peak, watch.stop())
        return Finished(seconds, peak, process.returncode, _text(output), _text(errors))


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


class _Watch:
    """A thread that samples the memory of a process and its descendants until it is stopped."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peak = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def _sample(self) -> None:
        while not self._ended.wait(_SAMPLE_SECONDS):
            self._peak = max(self._peak, sum(map(_proportional_bytes, _tree(self._pid))))

    def stop(self) -> int:
        """The largest sum that was seen, in bytes."""
        self._ended.set()
        self._thread.join()
        return self._peak


def _tree(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        try:
            tasks = list(Path(f"/proc/{parent}/task").iterdir())
            children = [child for task in tasks for child in (task / "children").read_text().split()]
        except OSError:
            continue
        found.extend(map(int, children))
    return found


def _proportional_bytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
