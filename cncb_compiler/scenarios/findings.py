"""What a scenario expects, held against what there is: the first thing that is not as it should be."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cncb_compiler.scenarios.match import Difference, match, shown
from cncb_compiler.scenarios.pairing import Candidate, Pairing, pair
from cncb_compiler.scenarios.words import Bindings
from cncb_compiler.scenarios.world import StreamRecord
from cncb_compiler.schema.types import TypeTable

FAULT = "fault"


class FailedError(Exception):
    """A scenario does not hold. `where` is the part of it, `message` what is wrong, in lines."""

    def __init__(self, where: str, message: str, difference: Difference | None = None) -> None:
        super().__init__(f"{where}: {message}")
        self.where = where
        self.message = message
        self.difference = difference


@dataclass(frozen=True, slots=True)
class Seen:
    """An event on a stream."""

    stream: str
    key: str
    event: Mapping[str, Any]
    published: bool
    """Whether the scenario published it itself."""

    @property
    def type(self) -> str:
        """Its type."""
        return str(self.event["type"])


def events_of(records: Iterable[StreamRecord], published: frozenset[str], raw: frozenset[bytes]) -> list[Seen]:
    """The events among records, each once: an event that is published again with its id is the same event.

    `published` are the ids of the scenario's own events. Its raw records, and what is no event, are left out.
    """
    found: list[Seen] = []
    known: set[tuple[str, str]] = set()
    for record in records:
        event = None if record.data in raw else _event(record.data)
        if event is None:
            continue
        content = {name: value for name, value in event.items() if name not in ("tags", "timestamp")}
        same = (record.stream, json.dumps(content, sort_keys=True)) if event["type"] != FAULT else ("", event["id"])
        if same not in known:
            known.add(same)
            found.append(Seen(record.stream, record.key, event, event["id"] in published))
    return found


def _event(data: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(data)
    except ValueError:
        return None
    whole = isinstance(event, dict) and isinstance(event.get("type"), str) and isinstance(event.get("id"), str)
    return event if whole else None


def check_events(
    expected: Sequence[Mapping[str, Any]], whole: bool, seen: Sequence[Seen], bindings: Bindings, types: TypeTable
) -> Bindings:
    """The events apart from faults: exactly the expected ones (`whole`) or at least, in the order that is promised.

    That is the order in which one function publishes events of one partition key, and each effect after its cause.
    """
    patterns = [{"type": name, "event": data} for one in expected for name, data in one.items()]
    lanes: dict[tuple[str, ...], list[Candidate]] = {}
    for one in seen:
        if one.type != FAULT:
            label = f"{one.type} {shown(_own(one.event))}"
            value = {"type": one.type, "event": dict(one.event)}
            tags = one.event.get("tags") or {}
            lane = (one.stream, one.key, str(tags.get("service", "")), str(tags.get("function", "")))
            after = str(tags.get("trigger", ""))
            candidate = Candidate(value, label, one.published or not whole, id=str(one.event["id"]), after=after)
            lanes.setdefault(lane, []).append(candidate)
    pairing = pair(patterns, list(lanes.values()), bindings, types)
    there = [one.type for one in seen if one.type != FAULT]
    return _paired("then.events", pairing, [pattern["type"] for pattern in patterns], "event", there)


def _own(event: Mapping[str, Any]) -> dict[str, Any]:
    envelope = ("id", "type", "timestamp", "partitionKey", "tags", "context")
    return {name: value for name, value in event.items() if name not in envelope}


def check_each(
    where: str, noun: str, expected: Sequence[Any], found: Sequence[Candidate], bindings: Bindings, types: TypeTable
) -> Bindings:
    """Things without order: each expectation one of its own, and nothing left that is not known."""
    pairing = pair(list(expected), [[one] for one in found], bindings, types)
    return _paired(where, pairing, [shown(one) for one in expected], noun, [one.label for one in found])


def _paired(where: str, pairing: Pairing, expected: Sequence[str], noun: str, there: Sequence[str]) -> Bindings:
    if pairing.left:
        lines = [f"unexpected {noun}: {one.label}" for one in pairing.left]
        raise FailedError(where, "\n".join(lines))
    if pairing.missing is None:
        return pairing.bindings
    wanted = expected[pairing.missing]
    there_is = f"There is: {', '.join(there)}." if there else f"There is no {noun} at all."
    number = f" ({noun} {pairing.missing + 1})" if len(expected) > 1 else ""
    if pairing.nearest is None or pairing.difference is None or pairing.difference.path == ("type",):
        raise FailedError(where, f"missing {noun}: {wanted}{number}\n{there_is}")
    difference = pairing.difference
    if difference.path[:1] == ("event",):
        difference = replace(difference, path=difference.path[1:])
    message = f"{noun} {wanted}{number} is not as expected\n{difference}\nnearest: {pairing.nearest.label}"
    raise FailedError(where, message, difference)


def check_value(where: str, pattern: Any, actual: Any, bindings: Bindings, types: TypeTable) -> Bindings:
    """One value against its pattern."""
    outcome = match(pattern, actual, bindings, types)
    if outcome.difference is not None:
        raise FailedError(where, f"{outcome.difference}\ngot: {shown(actual)}", outcome.difference)
    return outcome.bindings
