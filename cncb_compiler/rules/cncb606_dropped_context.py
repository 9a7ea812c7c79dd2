"""The context of a process gets lost on the way.

## What it does
Follows what a service makes of an event with `context: true`: by a transition, or by a reaction that writes a store
whose changes publish. Where the event that it publishes is declared with `context: true` as well, the context has
to come along. Reported is

- a transition whose `with: {context: ...}` leaves it out, or one of whose triggers has a context while another has
  none;
- a change that publishes such an event, while the rows of the store have no field `context`;
- a reaction that does not `set` the field `context` of the store.

## Why is this bad?
Later steps map fields out of the context (`context.order.id`): the compensation cannot find the order that it
should cancel.

## Example
```yaml
stores:
  reservations: {of: {id: uuid}}                   # no `context: context`
reactions:
  hold: {on: make-reservation, write: reservations, set: {id: reservation.id}}
changes:
  reservations: {insert: reservation-confirmed}    # declared with `context: true`
```

## Mend
Give the rows a field `context: context` and let the reaction set it: `set: {context: context}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.graph.captured import OPERATIONS
from cncb_compiler.graph.system import Write
from cncb_compiler.mapping.tree import Nested
from cncb_compiler.rules.places import construct_place, publication, shown

if TYPE_CHECKING:
    from cncb_compiler.graph.system import (
        LinkedChange,
        LinkedMapping,
        LinkedReaction,
        LinkedService,
        LinkedSystem,
        LinkedTransition,
    )

RULE = Rule("CNCB606", "dropped-context", Severity.ERROR)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """Transitions and captured reactions of each service that consumes an event with context."""
    carrying = {name for name, event in system.events.items() if event.decl.context}
    if not carrying:
        return
    for service in system.services.values():
        for transition in service.transitions:
            if transition.emission.event in carrying:
                yield from _transition(transition, carrying)
        for change in service.changes:
            if any(emission.event in carrying for _, emission in change.captured):
                yield from _change(service, change, carrying)


def _transition(transition: LinkedTransition, carrying: set[str]) -> Iterator[Diagnostic]:
    emission = transition.emission
    triggers = [event for event in transition.events if event in carrying]
    if not triggers:
        return
    target = f"event:{emission.event}#context"
    sources = {source for filled, source in emission.fields.lineage if filled.startswith(target)}
    for event in triggers:
        own = (f"event:{event}#context", f"event:{event}#*", "events#context", "events#*", f"events#{event}.context")
        if not any(source.startswith(own) for source in sources):
            yield RULE(
                publication(emission),
                f"`{emission.event}` does not carry on the context of `{event}`",
                mend="Map it: `with: {context: context}`. A transition for each trigger keeps them apart.",
            )


def _change(service: LinkedService, change: LinkedChange, carrying: set[str]) -> Iterator[Diagnostic]:
    reactions = [
        reaction
        for reaction in service.reactions
        if isinstance(reaction.effect, Write)
        and reaction.effect.store is change.store
        and any(event in carrying for event in reaction.events)
    ]
    for operation, emission in change.captured:
        if emission.event not in carrying or _fills(emission.fields):
            continue
        causes = [
            one for one in reactions if isinstance(one.effect, Write) and operation in OPERATIONS[one.effect.verb]
        ]
        if causes:
            yield RULE(
                publication(emission),
                f"`{emission.event}` loses the context: the rows of `{change.store.name}` do not keep it",
                mend="Add the field `context: context` to the rows, and `set: {context: context}` to the reaction.",
                related=tuple(
                    Related(construct_place(one.construct), f"{shown(one.construct)} gets the context")
                    for one in causes
                ),
            )
    field = change.store.record.fields.get("context")
    if field is not None and field.optional:
        filled = any(_fills(one.effect.fields) for one in reactions if isinstance(one.effect, Write))
        for reaction in reactions:
            yield from _reaction(reaction, filled)


def _reaction(reaction: LinkedReaction, filled: bool) -> Iterator[Diagnostic]:
    """A reaction that leaves an optional `context` out (required: CNCB301); an update may, if another fills it."""
    effect = reaction.effect
    if not isinstance(effect, Write) or effect.verb == "delete" or _fills(effect.fields):
        return
    if effect.verb == "write" or not filled:
        yield RULE(
            construct_place(reaction.construct),
            f"{shown(reaction.construct)} does not keep the context in `{effect.store.name}`",
            mend="Add `context: context` to its `set`.",
        )


def _fills(fields: LinkedMapping | None) -> bool:
    return fields is not None and (not isinstance(fields.tree, Nested) or "context" in fields.tree.fields)
