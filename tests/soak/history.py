"""What is published: the book's simulation, with everything that goes wrong on the way to a stream.

The book simulates 4,500 events of the types blue, green, purple and orange with the partition keys 1 to 10. Here one
event in ten comes twice, one in ten comes late, and one in a hundred is poison: half of it cannot even be parsed, the
other half is a good event (of a dark shade) that a hook does not know yet.
"""

from __future__ import annotations

import json
import random
import uuid
from dataclasses import dataclass
from typing import Any, Literal

TYPES = ("blue", "green", "purple", "orange")
KEYS = 10
BEGIN = 1_700_000_000_000
WINDOW = 100
"""Consecutive events whose sums are kept together."""
LATEST = 40
"""The most places that an event comes late by."""

Poison = Literal["unparseable", "dark"]


@dataclass(frozen=True)
class Published:
    """One record that is put on the stream. `event` is what it holds, if that can be parsed."""

    key: str
    data: bytes
    event: dict[str, Any] | None
    poison: Poison | None = None


def simulate(seed: int, events: int) -> list[Published]:
    """The records of a run, in the order in which they are put. The same seed gives the same ones."""
    chance = random.Random(seed)
    poisoned = chance.sample(range(events), max(2, events // 100))
    kinds: dict[int, Poison] = {at: ("unparseable", "dark")[turn % 2] for turn, at in enumerate(poisoned)}
    placed: list[tuple[float, Published]] = []
    for number in range(events):
        one = _published(chance, seed, number, kinds.get(number))
        late = chance.randint(1, LATEST) if chance.random() < 0.1 else 0
        placed.append((number + late, one))
        if one.poison is None and chance.random() < 0.1:
            placed.append((number + chance.uniform(0, 2 * LATEST), one))
    return [one for _, one in sorted(placed, key=lambda pair: pair[0])]


def good(published: list[Published]) -> list[dict[str, Any]]:
    """The events that nothing is wrong with, each once, oldest first."""
    return parsed([one for one in published if one.poison is None])


def parsed(published: list[Published]) -> list[dict[str, Any]]:
    """The events that can be parsed, each once, oldest first."""
    found = {one.event["id"]: one.event for one in published if one.event is not None}
    return sorted(found.values(), key=lambda event: event["timestamp"])


def _published(chance: random.Random, seed: int, number: int, poison: Poison | None) -> Published:
    key = str(chance.randint(1, KEYS))
    kind = chance.choice(TYPES)
    if poison == "unparseable":
        return Published(key, f"no event, but number {number} of {seed}".encode(), None, poison)
    shade = "dark" if poison else chance.choice(("light", "plain"))
    window = f"{key}-{number // WINDOW:03d}"
    thing = {"id": key, "number": number, "amount": chance.randint(1, 100), "window": window, "shade": shade}
    event = {
        "id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{seed}/{number}")),
        "type": kind,
        "timestamp": BEGIN + number * 10,
        "partitionKey": key,
        "tags": {"source": "simulator"},
        "thing": thing,
    }
    return Published(key, json.dumps(event).encode(), event, poison)
