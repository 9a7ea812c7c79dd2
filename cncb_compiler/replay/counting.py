"""What a replay would send: the dry run reads, counts, and sends nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from cncb_compiler.replay.batches import Batch
from cncb_compiler.replay.lake import hour_of
from cncb_compiler.replay.replaying import SHOWN

OBJECTS = 20
"""How many objects are counted by name; of a lake with more, the rest is one number."""


@dataclass(slots=True)
class Count:
    """What batches would send. `objects` are the first ones that have something; `others` counts in all others.

    `size` is in bytes; `hours` are those of the objects' keys. `sample` is the data of the first event.
    """

    events: int = 0
    batches: int = 0
    size: int = 0
    types: Counter[str] = field(default_factory=Counter)
    hours: Counter[str] = field(default_factory=Counter)
    objects: Counter[str] = field(default_factory=Counter)
    others: int = 0
    passed: Counter[str] = field(default_factory=Counter)
    unreadable: int = 0
    unreadable_at: list[str] = field(default_factory=list)
    sample: bytes | None = None

    def add(self, batch: Batch) -> None:
        """Count a batch in."""
        self.passed += batch.passed
        self.unreadable += len(batch.unreadable)
        self.unreadable_at += batch.unreadable[: SHOWN - len(self.unreadable_at)]
        self.batches += 1 if batch.chosen else 0
        for one in batch.chosen:
            hour = hour_of(one.key)
            self.events += 1
            self.size += len(one.line.data)
            self.types[str(one.line.type)] += 1
            self.hours[hour.strftime("%Y-%m-%dT%H") if hour else "no hour"] += 1
            if one.key in self.objects or len(self.objects) < OBJECTS:
                self.objects[one.key] += 1
            else:
                self.others += 1
            if self.sample is None:
                self.sample = one.line.data


def counted(batches: Iterable[Batch]) -> Count:
    """The count of all batches."""
    count = Count()
    for batch in batches:
        count.add(batch)
    return count
