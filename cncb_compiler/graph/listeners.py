"""Linking what listens: changes of a store, reactions and transitions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from cncb_compiler.graph.collecting import link_collect
from cncb_compiler.graph.emissions import by_name, link_emission, path
from cncb_compiler.graph.linking import Linking, identifier
from cncb_compiler.graph.outlets import link_send
from cncb_compiler.graph.processing import called_scopes, link_processing
from cncb_compiler.graph.scopes import (
    change_scope,
    event_scope,
    joined_scope,
)
from cncb_compiler.graph.system import (
    Construct,
    Emission,
    LinkedChange,
    LinkedMapping,
    LinkedOutlet,
    LinkedReaction,
    LinkedStore,
    LinkedTransition,
    Send,
    Write,
)
from cncb_compiler.graph.writes import link_write, one_effect, verb_of
from cncb_compiler.mapping.tree import Expression, HookCall, Nested, Tree
from cncb_compiler.model.base import seconds
from cncb_compiler.model.change import Change, Publication
from cncb_compiler.model.reaction import Reaction
from cncb_compiler.model.transition import Transition
from cncb_compiler.rules.cncb107_incomplete_declaration import RULE as INCOMPLETE
from cncb_compiler.schema.types import Record
from cncb_compiler.source.location import Location

Stores = Mapping[str, LinkedStore]


def link_change(
    linking: Linking, service: str, name: str, decl: Change, at: Location, stores: Stores
) -> LinkedChange | None:
    """Change data capture of one store."""
    construct = Construct(service, "changes", name, at)
    store = linking.store(service, stores, name, at.key())
    if store is None:
        return None
    if store.kind != "dynamodb":
        linking.diagnostics.append(
            INCOMPLETE(
                at.key(), f"`{name}` is an s3 store; only a table's changes are captured", mend="Use a dynamodb store."
            )
        )
        return None
    captured: list[tuple[Literal["INSERT", "MODIFY", "REMOVE"], Emission]] = []
    operations: tuple[tuple[Literal["INSERT", "MODIFY", "REMOVE"], str, tuple[Publication, ...]], ...] = (
        ("INSERT", "insert", decl.insert),
        ("MODIFY", "modify", decl.modify),
        ("REMOVE", "remove", decl.remove),
    )
    if not any(publications for _, _, publications in operations):
        linking.diagnostics.append(
            INCOMPLETE(at.key(), "it says no change that publishes", mend="Add `insert:`, `modify:` or `remove:`.")
        )
    for operation, key, publications in operations:
        for number, publication in enumerate(publications):
            place = at / key / number if len(publications) > 1 else at / key
            event = linking.event(publication.event, place / "event")
            if event is None:
                continue
            scope = change_scope(store, operation)
            image = "old" if operation == "REMOVE" else "new"
            derived = by_name(event, store.record, image)
            if event.decl.entity in event.own.fields and event.decl.entity is not None:
                derived[event.decl.entity] = Expression(image)
            for side in ("old", "new"):
                if side in event.own.fields and side in scope.root.fields and side not in store.record.fields:
                    derived[side] = Expression(side)
            if event.decl.context and "context" in store.record.fields:
                derived["context"] = Expression(f"{image}.context")
            identity = f"{key}_{identifier(publication.event)}"
            when = (publication.when, place / "when") if publication.when is not None else None
            emission = link_emission(
                linking,
                construct,
                event,
                place,
                publication.with_,
                derived,
                [scope],
                name=identity,
                when=when,
            )
            captured.append((operation, emission))
    return LinkedChange(construct, decl, store, tuple(captured)) if captured else None


def link_reaction(
    linking: Linking,
    service: str,
    name: str,
    decl: Reaction,
    at: Location,
    stores: Stores,
    outlets: Mapping[str, LinkedOutlet],
) -> LinkedReaction | None:
    """A reaction: one write, one hook, or one message."""
    construct = Construct(service, "reactions", name, at)
    events = linking.known_events(decl.on, at / "on")
    if not events:
        return None
    linked = [linking.events[event] for event in events]
    scopes = [event_scope(event) for event in linked]
    when = None
    if decl.when is not None:
        when = linking.mapping(
            construct, "when", "Whether the event counts.", (decl.when, at / "when"), scopes, None, f"guard:{construct}"
        )
    processing = link_processing(linking, construct, decl.processing, events)
    said = [key for key in ("write", "update", "delete") if getattr(decl, key)]
    said += [key for key in ("call", "send") if getattr(decl, key) is not None]
    effect: Write | LinkedMapping | Send | None = None
    if one_effect(linking, said, "`write`, `update`, `delete`, `call`, `send`", at):
        fields: dict[str, Tree] = {}
        entity = linked[0].decl.entity
        if entity is not None and all(entity in event.own.fields for event in linked):
            record = linking.table.resolve(linked[0].own.fields[entity].type)
            if isinstance(record, Record):
                fields = {field: path(entity, field) for field in record.fields}
        if decl.send is not None:
            own = {field: path(field) for field in linked[0].own.fields}
            effect = link_send(linking, construct, decl, outlets, scopes, {**own, **fields})
        elif decl.call is not None:
            effect = linking.mapping(
                construct,
                "call",
                "What is done about the event.",
                (decl.call, at / "call"),
                called_scopes(linking, decl.processing, processing, events),
                None,
                f"call:{construct}",
            )
            if not isinstance(effect.tree, HookCall):
                linking.diagnostics.append(
                    INCOMPLETE(at / "call", "`call` calls a hook", mend="Write `call: {hook: module.function}`.")
                )
                effect = None
        else:
            written = verb_of(decl)
            store = stores.get(written[1]) if written else None
            kept = {name: tree for name, tree in fields.items() if store is None or name in store.record.fields}
            effect = link_write(linking, construct, decl, stores, scopes, kept, fields)
    return LinkedReaction(construct, decl, events, when, effect, processing)


def link_transition(
    linking: Linking, service: str, name: str, decl: Transition, at: Location
) -> LinkedTransition | None:
    """A step of a process, of one event or of several that must all have come."""
    construct = Construct(service, "transitions", name, at)
    if bool(decl.on) == bool(decl.join):
        problem = "says both `on` and `join`" if decl.on else "does not say what triggers it"
        linking.diagnostics.append(
            INCOMPLETE(at, f"the transition {problem}", mend="Say `on:`, or `join:` with `by:`.")
        )
        return None
    event = linking.event(decl.emit, at / "emit")
    names = decl.join or decl.on
    collect = None
    if decl.join:
        if decl.by is None:
            linking.diagnostics.append(
                INCOMPLETE((at / "join").key(), "a join needs to know which events belong together", mend="Add `by:`.")
            )
            return None
        collect = link_collect(
            linking, construct, f"{name}-events", names, at / "join", (decl.by, at / "by"), seconds(decl.keep)
        )
        events = collect.events if collect else ()
    else:
        events = linking.known_events(names, at / "on")
    if event is None or not events or len(events) < len(names):
        return None
    triggers = [linking.events[trigger] for trigger in events]
    if (
        not decl.join
        and event.decl.context
        and "context" not in (decl.with_ or {})
        and len({trigger.decl.context for trigger in triggers}) > 1
    ):
        linking.diagnostics.append(
            INCOMPLETE(
                at / "on",
                "some of these events carry a context and some begin one",
                mend="Write one transition for each kind.",
            )
        )
        return None
    scopes = [joined_scope(triggers)] if decl.join else [event_scope(trigger) for trigger in triggers]
    derived: dict[str, Tree] = {}
    if not decl.join:
        derived = by_name(event, scopes[0].root)
    if event.decl.context:
        if decl.join:
            derived["context"] = _joined_context(scopes[0].root, events, linking)
        elif all(trigger.decl.context for trigger in triggers):
            derived["context"] = Expression("context")
        else:
            derived["context"] = Nested({field: path(field) for field in triggers[0].own.fields})
    when = (decl.when, at / "when") if decl.when is not None else None
    emission = link_emission(
        linking,
        construct,
        event,
        at,
        decl.with_,
        derived,
        scopes,
        name=identifier(name),
        triggers=events,
        when=when,
    )
    return LinkedTransition(construct, decl, events, collect, emission)


def _joined_context(root: Record, events: tuple[str, ...], linking: Linking) -> Tree:
    if "context" in root.fields:
        return Expression("context")
    own = {field: path(name, field) for name in events for field in linking.events[name].own.fields}
    return Nested(own)
