"""How far something long has come, on stderr: a bar on a terminal, elsewhere a line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

SECONDS = 10.0
"""Between two lines, where there is no terminal."""

Advance = Callable[[int, int], None]
"""Called with how many events have gone, and how many of the total's bytes are done."""


@contextmanager
def advancing(total: int, events: int = 0, done: int = 0) -> Iterator[Advance]:
    """Show how far it has come for as long as the block lasts. `events` and `done` are those of earlier runs."""
    if sys.stderr.isatty():
        try:
            from rich.console import Console
            from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
        except ImportError:
            yield _lines(total, events, done)
            return
        columns = (
            BarColumn(bar_width=30),
            DownloadColumn(),
            TextColumn("{task.fields[events]:,} events, {task.fields[rate]:,.0f}/s"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
            task = bars.add_task("", total=max(total, 1), completed=done, events=events, rate=0.0)
            begun = time.monotonic()

            def advance(now: int, stored: int) -> None:
                rate = (now - events) / max(time.monotonic() - begun, 0.001)
                bars.update(task, completed=stored, events=now, rate=rate)

            yield advance
    else:
        yield _lines(total, events, done)


def _lines(total: int, events: int, done: int) -> Advance:
    begun = said = time.monotonic()

    def advance(now: int, stored: int) -> None:
        nonlocal said
        at = time.monotonic()
        if at - said < SECONDS:
            return
        said = at
        rate = (now - events) / (at - begun)
        speed = (stored - done) / (at - begun)
        left = f", {(total - stored) / speed:,.0f} s left" if speed > 0 else ""
        share = 100 * stored // max(total, 1)
        click.echo(f"{now:,} events, {rate:,.0f}/s, {min(share, 100)}%{left}", err=True)

    return advance
