"""What rules ask about events: whether anybody publishes one, whether it tells of a failure."""

from __future__ import annotations

from cncb_compiler.graph.system import LinkedEvent, LinkedSystem

FAULT = "fault"
"""The event that every consuming function publishes about what it cannot handle."""

FAILURES = frozenset({"violation", "violated", "refused", "rejected", "failed", "declined"})
"""Last words of the names of events that tell that a step of a process failed."""


def is_produced(system: LinkedSystem, event: LinkedEvent) -> bool:
    """Whether an event is published: by a service, by somebody outside, or by the runtime itself."""
    return (
        event.name in system.emissions
        or event.name in system.publishing_functions
        or event.decl.external
        or event.name == FAULT
    )


def is_violation(event: LinkedEvent) -> bool:
    """Whether an event tells that a step failed of a process that may have earlier steps to undo.

    That is: its name ends in one of `FAILURES`, and it carries the context of a process.
    """
    return event.decl.context and event.name.rpartition("-")[2] in FAILURES


def is_dead_end(system: LinkedSystem, event: LinkedEvent) -> bool:
    """Whether an event is emitted by transitions alone, and then nobody goes on."""
    emissions = system.emissions.get(event.name, ())
    return (
        bool(emissions)
        and event.name not in system.consumers
        and event.name not in system.publishing_functions
        and all(emission.construct.section == "transitions" for emission in emissions)
    )
