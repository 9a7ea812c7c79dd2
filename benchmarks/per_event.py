"""What the pipeline costs beside a plain loop: for 1 event, for 10, and for 100,000.

One invocation gets 1 event, or 10; 100,000 come in batches of 10,000, the most that Lambda delivers at once (AWS:
EventSourceMapping, BatchSize). All that an invocation costs is shared by its events. Subjects take turns, each time in
a fresh process; the time is that which the process had of a processor, the best of its passes.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.packages import CNCB, LOOP, LOOP_BY_HAND, LOOP_COUNTED, STUBS, python
from benchmarks.targets import Verdict

SIZES = (1, 10, 100_000)
"""Events that are measured."""
LARGEST_BATCH = 10_000
TARGET = 1.5
"""The most that the pipeline may cost, as a multiple of a plain loop."""
FEW = 2_000
"""Events of a pass where an invocation has few, so that a pass is long enough to be timed."""

_PROGRAM = """
found = {}
for size, passes in SIZES.items():
    batch = [record(number) for number in range(min(size, LARGEST_BATCH))]
    batches = [{"Records": batch}] * max(size // len(batch), FEW // len(batch))
    timed(batches[:1])
    found[size] = min(timed(batches) for _ in range(passes))
print(json.dumps(found), file=told)
"""


@dataclass(frozen=True)
class PerEvent:
    """The cost of one event, by how many there are."""

    subject: str
    microseconds: Mapping[int, tuple[float, ...]]
    """The best of each process."""

    def median(self, events: int) -> float:
        """Of the processes, in microseconds."""
        return statistics.median(self.microseconds[events])


def measured(packages: Mapping[str, Path], rounds: int, sizes: Sequence[int] = SIZES) -> list[PerEvent]:
    """Measure each package `rounds` times, by turns. Raises FailedError where one does not do its work."""
    found: dict[str, dict[int, list[float]]] = {name: {size: [] for size in sizes} for name in packages}
    passes = {size: 2 if size > FEW else 10 for size in sizes}
    given = f"SIZES, LARGEST_BATCH, FEW = {passes!r}, {LARGEST_BATCH}, {FEW}\n"
    for _ in range(rounds):
        for name, package in packages.items():
            for size, micros in json.loads(python(name, package, STUBS + given + _PROGRAM)).items():
                found[name][int(size)].append(float(micros))
    return [PerEvent(name, {size: tuple(each) for size, each in sizes.items()}) for name, sizes in found.items()]


def verdicts(found: Sequence[PerEvent]) -> list[Verdict]:
    """Whether the pipeline is as cheap as it is to be, against each way to write the plain loop."""
    by_name = {each.subject: each for each in found}
    if CNCB not in by_name:
        return []
    own = by_name[CNCB]
    return [
        Verdict(
            f"cost per event against a {floor}, {_said(size)}", TARGET, own.median(size) / by_name[floor].median(size)
        )
        for floor in (LOOP, LOOP_COUNTED, LOOP_BY_HAND)
        if floor in by_name
        for size in own.microseconds
    ]


def rows(found: Sequence[PerEvent]) -> list[tuple[str, ...]]:
    """The rows of the table, the heading first: microseconds per event, and as a multiple of the floor."""
    if not found:
        return [("us/event",)]
    sizes = tuple(found[0].microseconds)
    floor = next((each for each in found if each.subject == LOOP_BY_HAND), None)
    rows: list[tuple[str, ...]] = [("us/event", *(text for size in sizes for text in (_said(size), "x floor")))]
    for each in found:
        row = [each.subject]
        for size in sizes:
            row += [f"{each.median(size):.1f}", f"{each.median(size) / floor.median(size):.2f}" if floor else ""]
        rows.append(tuple(row))
    return rows


def _said(events: int) -> str:
    return "1 event" if events == 1 else f"{events:,} events"
