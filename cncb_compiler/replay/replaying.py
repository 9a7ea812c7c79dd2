"""The replay itself: batch after batch, each acknowledged before the next one is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from .batches import Batch
from .lake import START, Position
from .lines import Source
from .sending import Failed, Sender

SHOWN = 20
"""How many of a kind (unreadable lines, ...) are remembered by name."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a replay has come, in all its runs.

    `handled` records were taken, of which `faulted` became faults; `failed` were refused whenever they were tried.
    `stored` counts the bytes of the objects that are done, as stored.
    """

    position: Position = START
    handled: int = 0
    faulted: int = 0
    failed: int = 0
    passed: int = 0
    unreadable: int = 0
    stored: int = 0
    done: bool = False

    def behind(self, batch: Batch) -> Progress:
        """With a batch read, before what became of its records."""
        return replace(
            self,
            position=batch.position,
            passed=self.passed + batch.passed.total(),
            unreadable=self.unreadable + len(batch.unreadable),
            stored=self.stored + batch.stored,
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended. `stopped` says why before the end; `unreadable` names the first lines that were."""

    progress: Progress
    stopped: str = ""
    unreadable: tuple[str, ...] = ()


def replay(
    batches: Iterable[Batch],
    sender: Sender,
    source: Callable[[str], Source],
    progress: Progress,
    *,
    keep: Callable[[Progress, Sequence[Failed]], None],
    most_failed: int,
    go_on: Callable[[Progress], bool] = lambda progress: True,
) -> Outcome:
    """Send batches. `keep` is called after each with how far it has come and what has failed: it has to be lasting.

    It stops before its end where more than `most_failed` records failed, or where `go_on` says no.
    """
    unreadable: list[str] = []
    failed = 0
    for batch in batches:
        sent = sender.send(batch.records(source))
        progress = replace(
            progress.behind(batch),
            handled=progress.handled + sent.handled,
            faulted=progress.faulted + len(sent.faults),
            failed=progress.failed + len(sent.failed),
        )
        unreadable += batch.unreadable[: SHOWN - len(unreadable)]
        keep(progress, sent.failed)
        failed += len(sent.failed)
        if failed > most_failed:
            return Outcome(progress, f"more than {most_failed} records failed", tuple(unreadable))
        if not go_on(progress):
            return Outcome(progress, "its time is over", tuple(unreadable))
    progress = replace(progress, done=True)
    keep(progress, ())
    return Outcome(progress, "", tuple(unreadable))
