"""Linking views: what each event does to them, and what their rows hold because of it."""

from __future__ import annotations

import re
from typing import Any

from msgspec.structs import replace

from cncb_compiler.graph.collecting import link_aggregates, link_collect, per_event
from cncb_compiler.graph.emissions import path
from cncb_compiler.graph.linking import Linking
from cncb_compiler.graph.processing import link_processing
from cncb_compiler.graph.scopes import collected_scope, event_scope
from cncb_compiler.graph.searching import check_whole_documents, object_index
from cncb_compiler.graph.stores import check_indexes, refuse_reserved, refuse_table_keys
from cncb_compiler.graph.system import (
    Construct,
    LinkedEvent,
    LinkedMapping,
    LinkedProjection,
    LinkedStore,
    LinkedView,
)
from cncb_compiler.mapping.parse import parse_mapping
from cncb_compiler.mapping.tree import Expression, Nested, Tree
from cncb_compiler.model.base import FIELD_PATTERN, matches, seconds
from cncb_compiler.model.view import Projection, View
from cncb_compiler.rules.cncb103_bad_value import RULE as BAD_VALUE
from cncb_compiler.rules.cncb107_incomplete_declaration import RULE as INCOMPLETE
from cncb_compiler.rules.cncb207_unknown_key_field import RULE as UNKNOWN_KEY_FIELD
from cncb_compiler.schema.merge import merged_record
from cncb_compiler.schema.types import Field, Record
from cncb_compiler.source.location import Location

KEY_NAME_LIMIT = 255
"""The longest name of a key attribute, in characters (Amazon DynamoDB: Naming rules)."""

_LAST_SEGMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def link_view(linking: Linking, service: str, name: str, decl: View, at: Location) -> LinkedView | None:
    """A view of a service; None where its declaration makes no whole."""
    construct = Construct(service, "views", name, at)
    if bool(decl.on) == bool(decl.collect):
        problem = "says both `on` and `collect`" if decl.on else "does not say from which events it is kept"
        mend = "Keep one of the two." if decl.on else "Add `on:`, or `collect:`."
        linking.diagnostics.append(INCOMPLETE(at.key(), f"view `{name}` {problem}", mend=mend))
        return None
    view = _collected(linking, construct, decl) if decl.collect else _projected(linking, construct, decl)
    if view is not None:
        _refuse_long_key(linking, view.store, at)
        refuse_reserved(linking, view.store.record, at / "fields")
        refuse_table_keys(linking, decl, at)
        check_indexes(linking, view.store.record, decl.indexes, at)
        if decl.kind == "opensearch":
            check_whole_documents(linking, construct, view.projections)
    return view


def _refuse_long_key(linking: Linking, store: LinkedStore, at: Location) -> None:
    if store.kind == "dynamodb" and len(store.key_names) > 2:
        names = ", ".join(f"`{name}`" for name in store.key_names)
        linking.diagnostics.append(
            UNKNOWN_KEY_FIELD(
                (at / "key").key(),
                f"the key of a table has one or two fields, not {len(store.key_names)}: {names}",
                mend="Join several in one of them: `join('/', [a, b])`.",
            )
        )


def _projected(linking: Linking, construct: Construct, decl: View) -> LinkedView | None:
    projections: list[LinkedProjection] = []
    key_names: tuple[str, ...] = ()
    for number, (event_name, projection) in enumerate(decl.on.items()):
        place = construct.at / "on" / event_name
        event = linking.event(event_name, place.key() if projection.model_fields_set else _listed(place, number))
        if event is None:
            continue
        linked = _projection(linking, construct, decl, projection, event, place)
        if linked is None:
            continue
        names = tuple(linked.key.tree.fields) if isinstance(linked.key.tree, Nested) else ()
        key_names = key_names or names
        if names != key_names:
            linking.diagnostics.append(
                INCOMPLETE(
                    place.key(),
                    f"`{event_name}` gives the key {' and '.join(names)}, the others {' and '.join(key_names)}",
                    mend="Write `key:` as a map with the same names for each event.",
                )
            )
            continue
        projections.append(linked)
    if not projections:
        return None
    record = _row(projections, key_names)
    store = _store(linking, construct, decl, record, key_names)
    processing = link_processing(linking, construct, decl.processing, tuple(one.event for one in projections))
    return LinkedView(construct, decl, store, tuple(projections), None, {}, {}, None, processing)


def _listed(at: Location, number: int) -> Location:
    """The place of a name in a list (`on: [a, b]`) or alone (`on: a`)."""
    return Location(at.file, (*at.path[:-1], number))


def _projection(
    linking: Linking, construct: Construct, decl: View, projection: Projection, event: LinkedEvent, place: Location
) -> LinkedProjection | None:
    scope = [event_scope(event)]
    own = projection.fields is not None
    fields = projection.fields if projection.fields is not None else decl.fields
    said_at = place / "fields" if own else construct.at / "fields"
    key_raw, key_at = (
        (projection.key, place / "key") if projection.key is not None else (decl.key, construct.at / "key")
    )
    trees = _trees(linking, dict(fields), said_at) if fields else _entity(linking, event)
    key_trees = _key_trees(linking, key_raw, key_at, decl, trees, event)
    if key_trees is None:
        linking.diagnostics.append(
            INCOMPLETE(construct.at.key(), f"nothing says which row `{event.name}` is about", mend="Add `key:`.")
        )
        return None
    origin = f"view:{construct.service}.{construct.name}"
    doc = f"The row of {construct.name} that {event.name} is about."
    key = linking.tree(construct, "key", doc, Nested(key_trees), key_at, scope, None, origin)
    when = None
    if projection.when is not None:
        raw = (projection.when, place / "when")
        when = linking.mapping(
            construct, "when", f"Whether {event.name} counts.", raw, scope, None, f"guard:{construct}"
        )
    if projection.delete:
        return LinkedProjection(event.name, place, key, None, when)
    if not trees:
        linking.diagnostics.append(
            INCOMPLETE(construct.at.key(), f"nothing says what `{event.name}` puts into the row", mend="Add `fields:`.")
        )
        return None
    doc = f"The fields of {construct.name} that {event.name} sets."
    mapping = linking.tree(construct, "fields", doc, Nested(trees), said_at, scope, None, origin)
    return LinkedProjection(event.name, place, key, mapping, when)


def _trees(linking: Linking, raw: dict[str, Any], at: Location) -> dict[str, Tree]:
    parsed, diagnostics = parse_mapping(raw, at)
    linking.diagnostics.extend(diagnostics)
    return dict(parsed.fields) if isinstance(parsed, Nested) else {}


def _key_fields(linking: Linking, raw: dict[str, Any], at: Location) -> dict[str, Tree]:
    """The mappings of a key that is written as a map; its names become attributes of a table."""
    named: dict[str, Any] = {}
    for name, notation in raw.items():
        if len(name) <= KEY_NAME_LIMIT and matches(FIELD_PATTERN, name):
            named[name] = notation
            continue
        linking.diagnostics.append(
            BAD_VALUE((at / name).key(), f"`{name}` is no name of a field", mend="Use letters, digits and underscores.")
        )
    return _trees(linking, named, at)


def _entity(linking: Linking, event: LinkedEvent) -> dict[str, Tree]:
    """All fields of the entity that the event carries: what a view holds unless it says `fields`."""
    entity = event.decl.entity
    if entity is None or entity not in event.own.fields:
        return {}
    record = linking.table.resolve(event.own.fields[entity].type)
    return {name: path(entity, name) for name in record.fields} if isinstance(record, Record) else {}


def _key_trees(
    linking: Linking, raw: Any, at: Location, decl: View, fields: dict[str, Tree], event: LinkedEvent
) -> dict[str, Tree] | None:
    if isinstance(raw, dict) and not set(raw) & {"const", "hook"}:
        return _key_fields(linking, raw, at) or None
    if raw is None:
        entity = event.decl.entity
        if entity is None or entity not in event.own.fields:
            return None
        tree: Tree = path(entity, "id")
    else:
        tree, diagnostics = parse_mapping(raw, at)
        linking.diagnostics.extend(diagnostics)
    return {key_name(tree, {**dict(_expressions(decl)), **fields}): tree}


def _expressions(decl: View) -> list[tuple[str, Tree]]:
    return [(name, Expression(raw)) for name, raw in decl.fields.items() if isinstance(raw, str)]


def key_name(tree: Tree, fields: dict[str, Tree]) -> str:
    """The name of a key attribute: of the field with the same mapping, else the last word of the expression."""
    for name, field in fields.items():
        if field == tree and len(name) <= KEY_NAME_LIMIT:
            return name
    last = _LAST_SEGMENT.search(tree.text) if isinstance(tree, Expression) else None
    return last.group() if last and len(last.group()) <= KEY_NAME_LIMIT else "id"


def _row(projections: list[LinkedProjection], key_names: tuple[str, ...]) -> Record:
    written = [projection for projection in projections if projection.fields is not None]
    records = [
        projection.fields.type
        for projection in written
        if projection.fields and isinstance(projection.fields.type, Record)
    ]
    keys = projections[0].key.type
    fields = dict(keys.fields) if isinstance(keys, Record) else {}
    fields.update(merged_record(records).fields if records else {})
    return Record(
        {
            name: Field(field.type, False, field.sensitive) if name in key_names else field
            for name, field in fields.items()
        }
    )


def _store(
    linking: Linking, construct: Construct, decl: View, record: Record, key_names: tuple[str, ...]
) -> LinkedStore:
    store = LinkedStore(
        construct,
        construct.name,
        "view",
        decl.kind,
        record,
        key_names,
        decl.indexes,
        None,
        decl.capacity,
        generation=decl.generation,
    )
    return replace(store, index=object_index(linking, construct, decl, store))


def _collected(linking: Linking, construct: Construct, decl: View) -> LinkedView | None:
    assert decl.collect is not None
    at = construct.at
    if decl.generation > 1:
        problem = "a collected view has one copy: only views with `on` are rebuilt"
        linking.diagnostics.append(INCOMPLETE((at / "generation").key(), problem, mend="Remove `generation`."))
    collect = link_collect(
        linking,
        construct,
        f"{construct.name}-events",
        decl.collect.on,
        at / "collect" / "on",
        (decl.collect.by, at / "collect" / "by"),
        seconds(decl.collect.keep) if decl.collect.keep else None,
    )
    if collect is None:
        return None
    if bool(decl.fields) == (decl.evaluate is not None):
        linking.diagnostics.append(
            INCOMPLETE(at.key(), "a collected view has either `fields` or `evaluate`", mend="Add or remove one.")
        )
        return None
    keys = _collected_keys(linking, construct, decl, collect.events, collect.by)
    if keys is None:
        return None
    first = next(iter(keys.values()))
    key_names = tuple(first.tree.fields) if isinstance(first.tree, Nested) else ()
    fields = dict(first.type.fields) if isinstance(first.type, Record) else {}
    events = [linking.events[name] for name in collect.events]
    origin = f"view:{construct.service}.{construct.name}"
    aggregates, computed = link_aggregates(linking, construct, decl.fields, at / "fields", collect.events, origin)
    evaluate = None
    if decl.evaluate is not None:
        raw = (decl.evaluate, at / "evaluate")
        doc = f"The row of {construct.name} that the collected events make, oldest first."
        evaluate = linking.mapping(construct, "evaluate", doc, raw, [collected_scope(events)], None, origin)
    for name, field in computed.items():
        fields.setdefault(name, field)
    record = Record(fields, open=evaluate is not None)
    return LinkedView(
        construct, decl, _store(linking, construct, decl, record, key_names), (), collect, keys, aggregates, evaluate
    )


def _collected_keys(
    linking: Linking, construct: Construct, decl: View, events: tuple[str, ...], by: Any
) -> dict[str, LinkedMapping] | None:
    origin = f"view:{construct.service}.{construct.name}"
    keys: dict[str, LinkedMapping] = {}
    for name in events:
        scope = [event_scope(linking.events[name])]
        doc = f"The row of {construct.name} that {name} is about."
        if decl.key is None:
            tree = by[name].tree
            trees: dict[str, Tree] = {key_name(tree, {}): tree}
        elif isinstance(decl.key, dict) and not set(decl.key) & {"const", "hook"}:
            said = {attribute: per_event(raw, events, name) for attribute, raw in decl.key.items()}
            trees = _key_fields(linking, said, construct.at / "key")
        else:
            parsed, diagnostics = parse_mapping(decl.key, construct.at / "key")
            linking.diagnostics.extend(diagnostics)
            trees = {key_name(parsed, {}): parsed}
        if not trees:
            linking.diagnostics.append(
                INCOMPLETE(
                    (construct.at / "key").key(), "the key has no fields", mend="Say which row: `key: entity.id`."
                )
            )
            return None
        keys[name] = linking.tree(construct, "key", doc, Nested(trees), construct.at / "key", scope, None, origin)
    return keys
