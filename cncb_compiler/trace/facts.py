"""What is known of a running system's past: events on its streams, and what they left in stores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from cncb_compiler.plan.assets import Asset

FunctionKey: TypeAlias = tuple[str, str]
"""A function: its service, and its planned name."""

State: TypeAlias = Literal["written", "deleted", "collected", "overwritten", "absent", "unseen"]
"""How a place stands: as the event left it (the first three), as something else left it, empty, or not to be seen."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """An event on a stream. `arrived` is Kinesis' ApproximateArrivalTimestamp, in seconds since the epoch.

    `times` is how often the stream holds it: a retry publishes an event again, with the same id.
    """

    event: Mapping[str, Any]
    stream: str
    shard: str
    sequence: str
    arrived: float
    times: int = 1

    @property
    def id(self) -> str:
        """The event's id."""
        return str(self.event["id"])

    @property
    def type(self) -> str:
        """The event's type."""
        return str(self.event.get("type"))

    @property
    def tags(self) -> Mapping[str, Any]:
        """Where it comes from."""
        tags = self.event.get("tags")
        return tags if isinstance(tags, dict) else {}

    @property
    def trace_id(self) -> str | None:
        """The trace that it belongs to, as X-Ray and OpenTelemetry know it (W3C Trace Context)."""
        context = self.tags.get("traceparent")
        return context.split("-")[1] if isinstance(context, str) and context.count("-") == 3 else None

    @property
    def trigger(self) -> str | None:
        """The id of what caused it; None where nothing did."""
        trigger = self.tags.get("trigger")
        return trigger if isinstance(trigger, str) and trigger != self.id else None

    @property
    def by(self) -> FunctionKey | None:
        """The function that published it; None where it came from outside."""
        service, function = self.tags.get("service"), self.tags.get("function")
        return (str(service), str(function)) if service and function else None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a function left, or was to leave, of an event. `asset` None: it leaves nothing that could be seen.

    `key` is the row's key, or the object's name. `last` is the id of the event that wrote there last, where that is
    another one; None where it was no event. `note` says what cannot be seen.
    """

    function: FunctionKey
    asset: Asset | None
    key: Mapping[str, Any] | str | None
    state: State
    last: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a tree is made of.

    `events` by id; `effects` by the id of the event that caused them; `sources` are the tables of those functions that
    read a table's changes; `ended` is when a function had handled an event (seconds since the epoch), where known.
    """

    events: Mapping[str, Arrived]
    effects: Mapping[str, tuple[Effect, ...]] = field(default_factory=dict)
    sources: Mapping[FunctionKey, Asset] = field(default_factory=dict)
    ended: Mapping[tuple[FunctionKey, str], float] = field(default_factory=dict)

    def caused(self) -> dict[str, tuple[Arrived, ...]]:
        """The events that each one caused, in order of arrival."""
        found: dict[str, list[Arrived]] = {}
        for arrived in sorted(self.events.values(), key=lambda one: (one.arrived, one.id)):
            if arrived.trigger is not None:
                found.setdefault(arrived.trigger, []).append(arrived)
        return {trigger: tuple(events) for trigger, events in found.items()}
