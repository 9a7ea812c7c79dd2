"""Progress of stacks, on stderr: bars on a terminal, a line for each step elsewhere."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from cncb_compiler.deploy.progress import Progress, Report

_ENDS = ("done", "unchanged", "failed", "waiting")


@contextmanager
def display() -> Iterator[Report]:
    """A report that shows what it is told, for as long as the block lasts."""
    if sys.stderr.isatty():
        try:
            from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
            from rich.progress import Progress as Bars
        except ImportError:
            yield Lines().report
            return
        columns = (
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),
            TextColumn("{task.fields[counted]:>7}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[said]}", markup=False),
        )
        from rich.console import Console

        with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
            yield _Bars(bars).report
    else:
        yield Lines().report


class Lines:
    """A line whenever a stack comes to another state, or tells something new."""

    def __init__(self) -> None:
        self._shown: dict[str, tuple[str, str]] = {}
        self._lock = threading.Lock()

    def report(self, progress: Progress) -> None:
        """Show it, if it is new."""
        with self._lock:
            if self._shown.get(progress.stack) == (progress.state, progress.message):
                return
            self._shown[progress.stack] = (progress.state, progress.message)
            click.echo(line(progress), err=True)


class _Bars:
    """A bar for each stack."""

    def __init__(self, bars: Any) -> None:
        self._bars = bars
        self._tasks: dict[str, Any] = {}
        self._lock = threading.Lock()

    def report(self, progress: Progress) -> None:
        """Move the stack's bar."""
        with self._lock:
            if progress.stack not in self._tasks:
                self._tasks[progress.stack] = self._bars.add_task(progress.stack, total=None, counted="", said="")
            ended = progress.state in _ENDS
            total = (progress.total or 1) if ended else (progress.total or None)
            counted = f"{progress.done}/{progress.total}" if progress.total else ""
            said = " ".join(part for part in (progress.state, progress.message) if part)
            self._bars.update(
                self._tasks[progress.stack],
                total=total,
                completed=total if ended else progress.done,
                counted=counted,
                said=said,
            )


def line(progress: Progress) -> str:
    """A progress as one line."""
    total = f", {progress.total} resources" if progress.state == "running" and progress.total else ""
    said = f": {progress.message}" if progress.message else ""
    return f"{progress.stack}: {progress.state}{total}{said}"
