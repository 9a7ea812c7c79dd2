"""How one event brings about another: by a transition, or by a write whose change is captured."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from cncb_compiler.graph.captured import OPERATIONS
from cncb_compiler.graph.system import Construct, Emission, LinkedChange, LinkedService, Write
from cncb_compiler.rules.places import publication
from cncb_compiler.source.location import Location


class Consequence(Struct, frozen=True):
    """Of `cause` comes `effect`: `by` consumes the one; the other is published `at` that place."""

    cause: str
    effect: str
    by: Construct
    at: Location


class Captured(Struct, frozen=True):
    """A write that an event brings about, together with the publication of the change that it makes."""

    events: tuple[str, ...]
    by: Construct
    removes: bool
    emission: Emission


def captured_writes(service: LinkedService) -> Iterator[Captured]:
    """The writes of reactions and functions that unlatched, unguarded changes publish."""
    changes = {change.store.name: change for change in service.changes if not change.decl.latch}
    if not changes:
        return
    for reaction in service.reactions:
        effect = reaction.effect
        if isinstance(effect, Write) and reaction.when is None and effect.store.name in changes:
            yield from _captured(
                changes[effect.store.name], reaction.events, reaction.construct, OPERATIONS[effect.verb]
            )
    for function in service.functions:
        if function.events and function.writes is not None and function.writes.name in changes:
            operations = ("INSERT", "MODIFY", "REMOVE")
            yield from _captured(changes[function.writes.name], function.events, function.construct, operations)


def _captured(
    change: LinkedChange, events: tuple[str, ...], by: Construct, operations: tuple[str, ...]
) -> Iterator[Captured]:
    for operation, emission in change.captured:
        if operation in operations and emission.when is None:
            yield Captured(events, by, operation == "REMOVE", emission)


def consequences(service: LinkedService) -> Iterator[Consequence]:
    """What a service makes of events again and again, unless something stops it.

    Left out is what ends by itself: what is guarded (`when`) or latched; a join, which fires once for each correlation;
    the removal of a row, which can be removed but once; and the echo of an event by the very change that its reaction
    makes, which CNCB602 reports.
    """
    for transition in service.transitions:
        if transition.collect is None and transition.emission.when is None:
            for event in transition.events:
                at = publication(transition.emission)
                yield Consequence(event, transition.emission.event, transition.construct, at)
    for written in captured_writes(service):
        if not written.removes:
            for event in written.events:
                if event != written.emission.event:
                    yield Consequence(event, written.emission.event, written.by, publication(written.emission))
    for function in service.functions:
        for event in function.events:
            for published in function.publishes:
                yield Consequence(event, published, function.construct, function.construct.at / "publishes" / published)
