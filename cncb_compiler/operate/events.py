"""Events that are published from outside: completed as the runtime completes them, and checked as it checks input."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from cncb_compiler.emit.shapes import shape_constants
from cncb_compiler.graph.system import LinkedEvent, LinkedSystem
from cncb_compiler.model.event import ENVELOPE
from cncb_compiler.operate.functions import UnknownNameError
from cncb_compiler.runtime import shape
from cncb_compiler.runtime.envelope import now, random_id
from cncb_compiler.scenarios.envelope import partition_key
from cncb_compiler.schema.types import Record, TypeTable
from cncb_compiler.target.target import Target

SOURCE = "cncb publish"
"""What stands in the tags of events that are published by hand."""


class UnfitError(Exception):
    """An event does not fit its type: `violations` are the places where, each with what is wrong there."""

    def __init__(self, event: str, violations: list[tuple[str, str]]) -> None:
        self.event = event
        self.violations = violations
        super().__init__(f"{event}: {'; '.join(f'{path} {what}'.strip() for path, what in violations)}")


def find_event(system: LinkedSystem, name: str) -> LinkedEvent:
    """An event type by its name. Raises UnknownNameError."""
    event = system.events.get(name)
    if event is not None:
        return event
    known = list(system.events)
    close = get_close_matches(name, known, 1, 0.6)
    hint = f"Did you mean `{close[0]}`?" if close else f"Its events: {', '.join(known) or 'none'}."
    raise UnknownNameError(f"{system.name} has no event `{name}`. {hint}")


def completed(
    system: LinkedSystem,
    event: LinkedEvent,
    data: Any,
    target: Target,
    key: str | None = None,
    event_id: str | None = None,
) -> dict[str, Any]:
    """The whole event, from its own fields and context. Raises UnfitError where it does not fit its type."""
    if not isinstance(data, Mapping):
        raise UnfitError(event.name, [("", "the data is not an object")])
    given = [(name, "is part of the envelope, which is completed here") for name in ENVELOPE if name in data]
    whole: dict[str, Any] = {
        **{name: value for name, value in data.items() if name not in ENVELOPE},
        "id": random_id() if event_id is None else event_id,
        "type": event.name,
        "timestamp": now(),
        "tags": {"system": system.name, "stage": target.stage, "region": target.region, "source": SOURCE},
    }
    fields = {name: field for name, field in event.record.fields.items() if name != "partitionKey"}
    found = given + violations(whole, Record(fields, event.own.open), system.types)
    if found:
        raise UnfitError(event.name, found)
    try:
        return {**whole, "partitionKey": partition_key(system, event, whole) if key is None else key}
    except ValueError as error:
        raise UnfitError(event.name, [("partitionKey", f"{error}; say it with --key")]) from None


def violations(value: Any, record: Record, types: TypeTable) -> list[tuple[str, str]]:
    """The paths where a value does not fit a record, each with what is wrong: by the checks of generated handlers."""
    names: dict[str, Any] = {"shape": shape}
    exec("\n".join(shape_constants(record, types)), names)
    found: list[tuple[str, str]] = []
    names["INPUT"](value, "", found)
    return found
