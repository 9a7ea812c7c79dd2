"""Work on stacks in the order of their needs, independent ones side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import Generic, TypeVar

from cncb_compiler.deploy.progress import Pace

SIDE_BY_SIDE = 8
"""The most stacks that are worked on at a time: enough to hide AWS's waiting, few enough for its request limits."""

T = TypeVar("T")


@dataclass(slots=True)
class Results(Generic[T]):
    """What became of each name: `made`, or `waiting` with those of its needs that were not made."""

    made: dict[str, T] = field(default_factory=dict)
    waiting: dict[str, tuple[str, ...]] = field(default_factory=dict)


def in_order(
    needs: Mapping[str, tuple[str, ...]], work: Callable[[str], T], good: Callable[[T], bool], pace: Pace
) -> Results[T]:
    """Do the work for each name, once all that it needs (among the names) is done and good.

    What needs something that is not good is left out. Where the work raises, nothing more is begun, the waits of what
    is going on are cut short, and the error is raised.
    """
    among = {name: tuple(need for need in needed if need in needs) for name, needed in needs.items()}
    sorter = TopologicalSorter(among)
    sorter.prepare()
    results: Results[T] = Results()
    bad: set[str] = set()
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        running: dict[Future[T], str] = {}
        try:
            while sorter.is_active():
                for name in sorted(sorter.get_ready()):
                    missing = tuple(need for need in among[name] if need in bad)
                    if missing:
                        bad.add(name)
                        results.waiting[name] = missing
                        sorter.done(name)
                    else:
                        running[pool.submit(work, name)] = name
                for future in wait(running, return_when=FIRST_COMPLETED).done if running else ():
                    name = running.pop(future)
                    results.made[name] = future.result()
                    if not good(results.made[name]):
                        bad.add(name)
                    sorter.done(name)
        except BaseException:
            pace.stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return results


def reversed_needs(needs: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The order of removal: what is needed waits for those that need it."""
    return {name: tuple(sorted(other for other in needs if name in needs[other])) for name in sorted(needs)}
