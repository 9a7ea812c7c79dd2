"""Several things at a time: bounded, pulled, and in order where order matters."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from . import deadline
from .unit import Step, UnitOfWork, Work, attempt

J = TypeVar("J")
R = TypeVar("R")

LOOK_AHEAD = 16
"""How many jobs, for each that runs, may wait for one of their key, so that others pass them by."""


def parallel(most: int, work: Work, *, row: Callable[[UnitOfWork], Hashable] | None = None) -> Step:
    """Do `work` with at most `most` units at a time; those of one partition key, or of one `row`, in their order."""

    def keys(unit: UnitOfWork) -> frozenset[Hashable]:
        if unit.error is not None:
            return frozenset()
        key: frozenset[Hashable] = frozenset([("partition key", unit.cause.partition_key)])
        try:
            return key if row is None else key | {("row", row(unit))}
        except Exception:
            # The work will say what is wrong with it.
            return key

    def do(unit: UnitOfWork, reason: Exception | None) -> tuple[UnitOfWork, ...]:
        return attempt(work, unit) if reason is None or unit.error is not None else (unit.failed(reason),)

    def step(units: Iterator[UnitOfWork]) -> Iterator[UnitOfWork]:
        for made in in_order(units, do, keys, most):
            yield from made

    return step


def in_order(
    jobs: Iterator[J], do: Callable[[J, Exception | None], R], keys: Callable[[J], frozenset[Hashable]], most: int
) -> Iterator[R]:
    """Do jobs at most `most` at a time, those that share a key one after the other; the answers come as they are made.

    `do` gets a job, and why it is not to be begun any more, if that is so of one that had to wait. It raises nothing.
    """
    waiting: deque[tuple[J, frozenset[Hashable]]] = deque()
    running: dict[Future[R], frozenset[Hashable]] = {}
    with ThreadPoolExecutor(most) as pool:
        while True:
            while len(running) < most:
                ready = _ready(waiting, running)
                if ready is not None:
                    waiting.remove(ready)
                    running[pool.submit(do, ready[0], deadline.over())] = ready[1]
                    continue
                if len(waiting) >= LOOK_AHEAD * most:
                    break
                try:
                    job = next(jobs)
                except StopIteration:
                    break
                held = keys(job)
                if any(held & other for _, other in waiting) or any(held & other for other in running.values()):
                    waiting.append((job, held))
                else:
                    running[pool.submit(do, job, None)] = held
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                del running[future]
                yield future.result()


def _ready(
    waiting: deque[tuple[J, frozenset[Hashable]]], running: dict[Future[R], frozenset[Hashable]]
) -> tuple[J, frozenset[Hashable]] | None:
    """The first that waits for none of its keys."""
    held = frozenset().union(*running.values())
    for job in waiting:
        if not job[1] & held:
            return job
        held |= job[1]
    return None
