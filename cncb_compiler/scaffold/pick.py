"""Which existing event a scaffold builds on, and what of it."""

from __future__ import annotations

from typing import Any

from cncb_compiler.graph.stores import RESERVED
from cncb_compiler.graph.system import LinkedEvent, LinkedService, LinkedSystem
from cncb_compiler.scaffold.change import ScaffoldError, refuse_unknown
from cncb_compiler.schema.types import Enum, Record, Scalar

_MOST_FIELDS = 8


def picked(
    system: LinkedSystem, service: LinkedService | None, wanted: str | None, *, without: str = ""
) -> LinkedEvent:
    """The event by the name `wanted`, else a plausible one to listen to. Raises ScaffoldError where there is none.

    Plausible is what somebody publishes, somebody else if possible, about an entity with an id, and what the service
    does not listen to yet. `without` is left out, so that nothing answers itself.
    """
    if wanted is not None:
        if wanted not in system.events:
            refuse_unknown("an event", wanted, sorted(system.events))
        return system.events[wanted]
    published = [name for name in sorted(system.events) if name != without and is_published(system, name)]
    if not published:
        raise ScaffoldError(
            "The system has no event that anybody publishes. Name one with `--on EVENT`, or begin with "
            "`cncb new event NAME` and `external: true`."
        )
    name = service.name if service else ""
    word = without.split("-")[0]
    return min(
        (system.events[event] for event in published),
        key=lambda event: (
            event.decl.stability == "deprecated",
            any(emission.construct.service == name for emission in system.emissions.get(event.name, ())),
            entity_record(system, event) is None,
            any(consumer.service == name for consumer in system.consumers.get(event.name, ())),
            bool(word) and event.name.split("-")[0] != word,
            event.name,
        ),
    )


def is_published(system: LinkedSystem, event: str) -> bool:
    """Whether an event comes from somewhere."""
    from_here = system.emissions.get(event) or system.publishing_functions.get(event)
    return bool(from_here) or system.events[event].decl.external


def entity_record(system: LinkedSystem, event: LinkedEvent) -> Record | None:
    """The record of the event's entity, if it has an id that is always there."""
    field = event.own.fields.get(event.decl.entity or "")
    record = system.types.resolve(field.type) if field and not field.optional else None
    if not isinstance(record, Record) or "id" not in record.fields or record.fields["id"].optional:
        return None
    return record


def view_of(system: LinkedSystem, event: LinkedEvent) -> tuple[str, dict[str, Any]]:
    """The key and fields of a view of an event: of its entity; where it carries none, a row for each event."""
    record = entity_record(system, event)
    if record is None:
        return "id", {"id": "id", "at": "timestamp", **_plain(system, event.own, "")}
    fields = _plain(system, record, f"{event.decl.entity}.")
    return f"{event.decl.entity}.id", {"id": f"{event.decl.entity}.id", **fields}


def _plain(system: LinkedSystem, record: Record, prefix: str) -> dict[str, Any]:
    """The first few plain fields of a record; what is sensitive is left where it is."""
    names = [
        name
        for name, field in record.fields.items()
        if not field.sensitive
        and name not in (*RESERVED, "id", "at")
        and isinstance(system.types.resolve(field.type), (Scalar, Enum))
    ]
    return {name: f"{prefix}{name}" for name in names[:_MOST_FIELDS]}
