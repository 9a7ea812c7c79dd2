"""Progress of stacks, on stderr: bars on a terminal; elsewhere a line at a stack's beginning and end."""

from __future__ import annotations

import sys
import threading
import time
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
    """A line when a stack begins to change (unless `ends_only`), and one when it ends."""

    def __init__(self, ends_only: bool = False) -> None:
        self._ends_only = ends_only
        self._begun: dict[str, float] = {}
        self._totals: dict[str, int] = {}
        self._lock = threading.Lock()

    @property
    def total(self) -> str:
        """How many stacks there were, and how many resources have changed in them."""
        stacks = "1 stack" if len(self._begun) == 1 else f"{len(self._begun)} stacks"
        return f"{stacks}, {sum(self._totals.values())} resources changed"

    def report(self, progress: Progress) -> None:
        """Show it, if it is a beginning or an end."""
        name = progress.stack
        with self._lock:
            begun = self._begun.setdefault(name, time.monotonic())
            changes = progress.state == "running" and name not in self._totals
            if progress.state == "running":
                self._totals[name] = progress.total
            if progress.state in _ENDS:
                click.echo(end_line(progress, self._totals.get(name, 0), time.monotonic() - begun), err=True)
            elif changes and not self._ends_only:
                told = progress.message or f"{progress.total} resources"
                click.echo(f"{name}: running, {told}", err=True)


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


def end_line(progress: Progress, resources: int, seconds: float) -> str:
    """What has become of a stack, as one line; why one failed is said once, at the end of the command."""
    if progress.state == "failed":
        return f"{progress.stack}: failed, {seconds:.1f} s"
    counted = f", {resources} resources" if resources else ""
    said = f": {progress.message}" if progress.message else ""
    return f"{progress.stack}: {progress.state}{counted}, {seconds:.1f} s{said}"
