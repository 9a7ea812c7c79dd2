"""What a function publishes: events made from a trigger, by a mapping."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .envelope import derived_id, enveloped
from .stream import Outgoing, outgoing
from .unit import Trigger, UnitOfWork


@dataclass(frozen=True, slots=True)
class Emission:
    """One type of event that a function publishes, to the stream that the environment names by `stream`.

    `fields` is over the trigger, `partition_key` over the new event (None: the trigger's), `when` over the
    trigger. The id is derived from the trigger and `step`; without a step it is the trigger's own. The
    timestamp is derived from the trigger's. `pack` is how the stream wants it.
    """

    event: str
    stream: str
    fields: Callable[[Any], Any]
    partition_key: Callable[[Any], Any] | None = None
    step: str | None = None
    when: Callable[[Any], Any] | None = None
    pack: Callable[[dict[str, Any]], dict[str, Any]] | None = None

    def __call__(self, unit: UnitOfWork) -> Iterator[UnitOfWork]:
        """The work of a pipeline: hand the event that the unit's event causes to the step that publishes."""
        if self.when is None or self.when(unit.event):
            yield unit.having(self.caused_by(unit.cause, unit.event))

    def caused_by(self, trigger: Trigger, source: Any) -> Outgoing:
        """The event that `trigger` causes. `source` is what the mappings are over."""
        event_id = trigger.id
        if self.step is not None:
            event_id = derived_id(os.environ.get("SERVICE", ""), self.step, trigger.seed)
        cause = trigger.origin or trigger.id
        return self.made(source, event_id, trigger.effect_timestamp, trigger.partition_key, cause, trigger.traceparent)

    def made(
        self, source: Any, event_id: str, timestamp: int, key: str, cause: str | None, traceparent: str | None
    ) -> Outgoing:
        """The event with its envelope complete."""
        fields = self.fields(source)
        event = enveloped(
            self.event, fields, event_id=event_id, timestamp=timestamp, trigger=cause, traceparent=traceparent
        )
        if self.partition_key is not None:
            own = self.partition_key(event)
            if own is None:
                raise ValueError(f"{self.event} has no partition key")
            key = str(own)
        whole = {**event, "partitionKey": key}
        return outgoing(self.stream, whole if self.pack is None else self.pack(whole))
