"""What may not be: each check says in words what it finds. Pure functions over what was read back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Rows = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Fault:
    """A fault event as it stands on the stream: of which function, about which record."""

    id: str
    pipeline: str
    record: str
    """The id of the record: shard and sequence number."""


def rows(view: str, wanted: Rows, found: Rows) -> Iterator[str]:
    """A view holds what it must, and nothing else."""
    for key in sorted(wanted.keys() | found.keys()):
        if wanted.get(key) != found.get(key):
            yield f"{view} {key}: expected {wanted.get(key)}, found {found.get(key)}"


def faults(
    wanted: Iterable[tuple[str, str]], found: Sequence[Fault], deliveries: Mapping[tuple[str, str], int]
) -> Iterator[str]:
    """Every poison (pipeline, record) is exactly one fault, and nothing else is.

    A function may die after it has published, so a fault can come again: under its own id, and no more often than its
    record was delivered.
    """
    ids: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in found:
        ids[(one.pipeline, one.record)].add(one.id)
    for place in sorted({*wanted} - ids.keys()):
        yield f"poison {place} is no fault"
    for place in sorted(ids.keys() - {*wanted}):
        yield f"fault of {place}, which is no poison"
    for place, several in sorted(ids.items()):
        if len(several) > 1:
            yield f"poison {place} is {len(several)} faults"
    for place, copies in sorted(Counter((one.pipeline, one.record) for one in found).items()):
        if copies > deliveries.get(place, 0):
            yield f"the fault of {place} came {copies} times, its record {deliveries.get(place, 0)} times"


def kept(where: str, wanted: Iterable[tuple[str, str]], found: Iterable[Fault]) -> Iterator[str]:
    """The monitor keeps each fault (pipeline, record) that it must, once, and no other."""
    copies = Counter((one.pipeline, one.record) for one in found)
    due = Counter(wanted)
    for place in sorted(copies.keys() | due.keys()):
        if copies[place] != due[place]:
            yield f"monitor, {where}: expected {due[place]} of {place}, found {copies[place]}"


def lake(put: Iterable[bytes], streamed: Iterable[bytes], found: Iterable[bytes]) -> Iterator[str]:
    """The lake holds the records of the stream, byte by byte and as often as they came; so all that were put."""
    there, stream = Counter(found), Counter(streamed)
    for data in (Counter(put) - there).elements():
        yield f"put, and not in the lake: {data!r}"
    for data in (stream - there).elements():
        yield f"on the stream, and not in the lake: {data!r}"
    for data in (there - stream).elements():
        yield f"in the lake, and not on the stream: {data!r}"


def order(causes: Sequence[Mapping[str, Any]], effects: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Of each partition key, effects come for the first time in the order in which their causes first came.

    An effect's `tags.trigger` is the id of its cause; both lists are in the order of their stream.
    """
    by_key: dict[str, list[str]] = defaultdict(list)
    for cause in causes:
        if cause["id"] not in by_key[cause["partitionKey"]]:
            by_key[cause["partitionKey"]].append(cause["id"])
    caused: dict[str, list[str]] = defaultdict(list)
    ids: dict[str, set[str]] = defaultdict(set)
    for effect in effects:
        trigger = effect["tags"]["trigger"]
        ids[trigger].add(effect["id"])
        if trigger not in caused[effect["partitionKey"]]:
            caused[effect["partitionKey"]].append(trigger)
    for key in sorted(by_key.keys() | caused.keys()):
        if by_key[key] != caused[key]:
            yield f"key {key}: effects are not in the order of their causes, or not all there"
    for trigger, several in sorted(ids.items()):
        if len(several) > 1:
            yield f"event {trigger} has caused {len(several)} events"
