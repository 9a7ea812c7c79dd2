"""Linking what a service does: commands, queries, changes, reactions, transitions, functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from cncb_compiler.diagnostics.diagnostic import Related
from cncb_compiler.graph.collecting import link_collect
from cncb_compiler.graph.emissions import by_name, link_emission, path
from cncb_compiler.graph.linking import Linking, identifier
from cncb_compiler.graph.scopes import (
    change_scope,
    event_scope,
    joined_scope,
    path_parameters,
    request_scope,
    row_scope,
)
from cncb_compiler.graph.system import (
    Construct,
    Emission,
    LinkedChange,
    LinkedCommand,
    LinkedFunction,
    LinkedMapping,
    LinkedQuery,
    LinkedReaction,
    LinkedStore,
    LinkedTransition,
    Write,
)
from cncb_compiler.graph.writes import key_type, link_key, link_write, verb_of
from cncb_compiler.mapping.tree import Expression, HookCall, Nested, Tree
from cncb_compiler.model.base import seconds
from cncb_compiler.model.change import Change, Publication
from cncb_compiler.model.command import Command
from cncb_compiler.model.function import Function
from cncb_compiler.model.query import Query
from cncb_compiler.model.reaction import Reaction
from cncb_compiler.model.transition import Transition
from cncb_compiler.rules.cncb106_one_effect import RULE as ONE_EFFECT
from cncb_compiler.rules.cncb107_incomplete_declaration import RULE as INCOMPLETE
from cncb_compiler.rules.cncb206_unknown_index import RULE as UNKNOWN_INDEX
from cncb_compiler.schema.types import UUID, Field, Record
from cncb_compiler.source.location import Location

Stores = Mapping[str, LinkedStore]


def _one_effect(linking: Linking, said: list[str], allowed: str, at: Location) -> bool:
    if len(said) == 1:
        return True
    problem = f"says {' and '.join(f'`{key}`' for key in said)}" if said else "says nothing that it does"
    linking.diagnostics.append(ONE_EFFECT(at.key(), f"it {problem}", mend=f"Say exactly one of {allowed}."))
    return False


def link_command(
    linking: Linking, service: str, name: str, decl: Command, at: Location, stores: Stores
) -> LinkedCommand:
    """A command with its input and its one effect."""
    construct = Construct(service, "commands", name, at)
    body = linking.record(decl.input, at / "input", "a command's `input`") if decl.input is not None else None
    said = [key for key in ("write", "update", "delete", "publish") if getattr(decl, key)]
    effect: Write | Emission | None = None
    if _one_effect(linking, said, "`write`, `update`, `delete`, `publish`", at):
        written = verb_of(decl)
        keyed = [stores[written[1]]] if written and written[1] in stores else []
        scope = request_scope(decl.route, body, keyed, linking.table, "command", f"command:{service}.{name}")
        given = _given(decl.route, body)
        if decl.publish:
            event = linking.event(decl.publish, at / "publish")
            if event is not None:
                derived = {field: given[field] for field in event.own.fields if field in given}
                effect = link_emission(linking, construct, event, at, decl.with_, derived, [scope])
        else:
            fields = _row_from(linking, given, keyed[0]) if keyed else {}
            effect = link_write(linking, construct, decl, stores, [scope], fields, given)
    return LinkedCommand(construct, decl, body, effect)


def _given(route: str | None, body: Record | None) -> dict[str, Tree]:
    """What a caller gives, by name: path parameters before fields of the body."""
    given: dict[str, Tree] = {name: path("input", name) for name in body.fields} if body else {}
    given.update({name: path("path", name) for name in path_parameters(route)})
    return given


def _row_from(linking: Linking, given: dict[str, Tree], store: LinkedStore) -> dict[str, Tree]:
    """A row from what the caller gives by the same names; a new uuid for a key that is not given."""
    fields: dict[str, Tree] = {}
    for name, field in store.record.fields.items():
        if name in given:
            fields[name] = given[name]
        elif name in store.key_names and linking.table.resolve(field.type) == UUID:
            fields[name] = Expression("uuid()")
    return fields


def link_query(
    linking: Linking, service: str, name: str, decl: Query, at: Location, stores: Stores
) -> LinkedQuery | None:
    """A query with what it reads and by which key."""
    construct = Construct(service, "queries", name, at)
    store = linking.store(service, stores, decl.from_, at / "from")
    if store is None:
        return None
    related = (Related(store.construct.at.key(), f"`{store.name}` is declared here"),)
    key_names = store.key_names
    if decl.index is not None:
        index = store.indexes.get(decl.index)
        if index is None:
            known = ", ".join(f"`{index}`" for index in store.indexes) or "none"
            linking.diagnostics.append(
                UNKNOWN_INDEX(
                    at / "index",
                    f"`{decl.index}` is not an index of `{store.name}`",
                    mend=f"Its indexes: {known}.",
                    related=related,
                )
            )
            return None
        key_names = (index.key, index.sort_key) if index.sort_key else (index.key,)
    asked = Record({key: Field(key_type(linking, store.record, key)) for key in key_names}) if not decl.route else None
    scope = request_scope(decl.route, asked, [store], linking.table, "request", f"query:{service}.{name}")
    given: dict[str, Tree] = {parameter: path("path", parameter) for parameter in path_parameters(decl.route)}
    key = None
    mode: Literal["one", "page", "all"] = "all"
    if decl.key is not None or key_names[0] in given:
        partial = store.kind == "dynamodb"
        key = link_key(linking, construct, decl.key, at, store, key_names, [scope], given, related, partial=partial)
        if key is None:
            return None
        whole = isinstance(key.tree, Nested) and len(key.tree.fields) == len(key_names)
        mode = "one" if whole and decl.index is None else "page"
    elif decl.index is not None or store.kind == "s3":
        linking.diagnostics.append(
            INCOMPLETE(at.key(), f"nothing says which row of `{store.name}`", mend="Add `key:`.")
        )
        return None
    fields = _response(linking, construct, decl, at, store, related)
    return LinkedQuery(construct, decl, store, mode, key, fields)


def _response(
    linking: Linking, construct: Construct, decl: Query, at: Location, store: LinkedStore, related: tuple[Related, ...]
) -> LinkedMapping | None:
    origin = f"response:{construct.service}.{construct.name}"
    target = (
        linking.record(decl.response, at / "response", "a query's `response`") if decl.response is not None else None
    )
    doc = "The response for a row."
    if decl.fields is not None:
        raw = (dict(decl.fields), at / "fields")
        return linking.mapping(construct, "response", doc, raw, [row_scope(store)], target, origin, related=related)
    if target is None:
        return None
    tree = Nested({name: path(name) for name in target.fields if name in store.record.fields})
    return linking.tree(
        construct, "response", doc, tree, at / "response", [row_scope(store)], target, origin, related=related
    )


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
            related = (Related(store.construct.at.key(), f"`{store.name}` is declared here"),)
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
                related=related,
            )
            captured.append((operation, emission))
    return LinkedChange(construct, decl, store, tuple(captured)) if captured else None


def link_reaction(
    linking: Linking, service: str, name: str, decl: Reaction, at: Location, stores: Stores
) -> LinkedReaction | None:
    """A reaction: one write, or one hook."""
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
    said = [key for key in ("write", "update", "delete") if getattr(decl, key)]
    said += ["call"] if decl.call is not None else []
    effect: Write | LinkedMapping | None = None
    if _one_effect(linking, said, "`write`, `update`, `delete`, `call`", at):
        if decl.call is not None:
            effect = linking.mapping(
                construct,
                "call",
                "What is done about the event.",
                (decl.call, at / "call"),
                scopes,
                None,
                f"call:{construct}",
            )
            if not isinstance(effect.tree, HookCall):
                linking.diagnostics.append(
                    INCOMPLETE(at / "call", "`call` calls a hook", mend="Write `call: {hook: module.function}`.")
                )
                effect = None
        else:
            fields: dict[str, Tree] = {}
            entity = linked[0].decl.entity
            if entity is not None and all(entity in event.own.fields for event in linked):
                record = linking.table.resolve(linked[0].own.fields[entity].type)
                if isinstance(record, Record):
                    fields = {field: path(entity, field) for field in record.fields}
            written = verb_of(decl)
            store = stores.get(written[1]) if written else None
            kept = {name: tree for name, tree in fields.items() if store is None or name in store.record.fields}
            effect = link_write(linking, construct, decl, stores, scopes, kept, fields)
    return LinkedReaction(construct, decl, events, when, effect)


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
    key = "join" if decl.join else "on"
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
    place = Related((at / key).key(), f"triggered by {', '.join(f'`{trigger}`' for trigger in events)}")
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
        related=(place,),
    )
    return LinkedTransition(construct, decl, events, collect, emission)


def _joined_context(root: Record, events: tuple[str, ...], linking: Linking) -> Tree:
    if "context" in root.fields:
        return Expression("context")
    own = {field: path(name, field) for name in events for field in linking.events[name].own.fields}
    return Nested(own)


def link_function(
    linking: Linking, service: str, name: str, decl: Function, at: Location, stores: Stores
) -> LinkedFunction:
    """A function of the team's own."""
    construct = Construct(service, "functions", name, at)
    if decl.writes and decl.publishes:
        linking.diagnostics.append(
            ONE_EFFECT(
                at.key(), "it says `writes` and `publishes`", mend="One function writes one thing: split it in two."
            )
        )
    events = linking.known_events(decl.on, at / "on") if decl.on else ()
    publishes = linking.known_events(decl.publishes, at / "publishes") if decl.publishes else ()
    found = [linking.store(service, stores, store, at / "reads" / number) for number, store in enumerate(decl.reads)]
    writes = linking.store(service, stores, decl.writes, at / "writes") if decl.writes else None
    return LinkedFunction(construct, decl, events, publishes, tuple(store for store in found if store), writes)
