"""Several requests of a batch at a time."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence

from . import deadline
from .bulk import Do, Entry, Errors, Request, Runner
from .parallel import in_order


def several(most: int) -> Runner:
    """Send at most `most` requests at a time."""

    def run(entries: Sequence[Entry], made: Iterable[Request], do: Do) -> Iterator[Errors]:
        def keys(job: tuple[Request, Exception | None]) -> frozenset[Hashable]:
            held = (entries[index] for index in job[0])
            return frozenset((entry.place, entry.key) for entry in held if entry.key is not None)

        jobs = ((request, deadline.over() if number else None) for number, request in enumerate(made))
        return in_order(jobs, lambda job, reason: do(job[0], job[1] or reason), keys, most)

    return run
