"""Events that a scenario publishes: the envelope completed as the runtime completes it."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping
from typing import Any

from cncb_compiler.graph.scopes import emitted_scope
from cncb_compiler.graph.system import LinkedEvent, LinkedSystem
from cncb_compiler.mapping.parse import parse_mapping
from cncb_compiler.mapping.python import compile_mapping
from cncb_compiler.schema.types import Record
from cncb_compiler.source.location import Location

SOURCE = "cncb test"
"""What stands in the tags of events that scenarios publish."""


class Clock:
    """Milliseconds since the epoch, later at each reading, so that events of one scenario have an order in time."""

    def __init__(self) -> None:
        self._last = 0

    def now(self) -> int:
        """A later moment than the last one."""
        self._last = max(time.time_ns() // 1_000_000, self._last + 1)
        return self._last


def enveloped(
    system: LinkedSystem, event: LinkedEvent, data: Mapping[str, Any], clock: Clock, given: Mapping[str, Any]
) -> dict[str, Any]:
    """The whole event. `given` are the fields of the envelope that the scenario says itself; None is not said.

    Raises ValueError where the event has no value for its partition key.
    """
    said = {name: value for name, value in given.items() if value is not None}
    whole = {
        **data,
        "id": said.get("id", str(uuid.uuid4())),
        "type": event.name,
        "timestamp": said.get("timestamp", clock.now()),
        "tags": {"system": system.name, "source": SOURCE},
    }
    return {**whole, "partitionKey": str(said.get("partitionKey") or partition_key(system, event, whole))}


def encoded(value: Any) -> bytes:
    """A value as it travels: JSON; a text as it is."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def partition_key(system: LinkedSystem, event: LinkedEvent, whole: Mapping[str, Any]) -> str:
    """The key that the event declares, or its entity's id, or its own id."""
    from cncb_compiler.runtime import values

    expression = event.decl.partition_key or _entity_id(system, event)
    if expression is None:
        return str(whole["id"])
    tree, _ = parse_mapping(expression, Location(""))
    code = compile_mapping(tree, emitted_scope(event), None, system.types)
    try:
        key = eval(code.expression, {"values": values, "event": whole})
    except (KeyError, TypeError) as error:
        raise ValueError(f"`{event.name}` has no partition key: {error} is missing") from None
    if key is None or key == "":
        raise ValueError(f"`{event.name}` has no value for its partition key `{expression}`")
    return str(key)


def _entity_id(system: LinkedSystem, event: LinkedEvent) -> str | None:
    entity = event.decl.entity
    field = event.own.fields.get(entity) if entity else None
    record = system.types.resolve(field.type) if field else None
    return f'"{entity}".id' if isinstance(record, Record) and "id" in record.fields else None
