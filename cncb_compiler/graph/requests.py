"""Linking what answers a request: commands, queries, and functions of the team's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from cncb_compiler.diagnostics.diagnostic import Related
from cncb_compiler.diagnostics.mend import did_you_mean
from cncb_compiler.graph.emissions import link_emission, path
from cncb_compiler.graph.linking import Linking
from cncb_compiler.graph.scopes import (
    path_parameters,
    request_scope,
    row_scope,
)
from cncb_compiler.graph.searching import link_search
from cncb_compiler.graph.system import (
    Construct,
    Emission,
    LinkedCommand,
    LinkedFunction,
    LinkedMapping,
    LinkedQuery,
    LinkedStore,
    Write,
)
from cncb_compiler.graph.writes import key_type, link_key, link_write, one_effect, verb_of
from cncb_compiler.mapping.tree import Expression, Nested, Tree
from cncb_compiler.model.command import Command
from cncb_compiler.model.function import Function
from cncb_compiler.model.query import Query
from cncb_compiler.rules.cncb106_one_effect import RULE as ONE_EFFECT
from cncb_compiler.rules.cncb107_incomplete_declaration import RULE as INCOMPLETE
from cncb_compiler.rules.cncb206_unknown_index import RULE as UNKNOWN_INDEX
from cncb_compiler.schema.types import UUID, Field, Record
from cncb_compiler.source.location import Location

Stores = Mapping[str, LinkedStore]


def link_command(
    linking: Linking, service: str, name: str, decl: Command, at: Location, stores: Stores
) -> LinkedCommand:
    """A command with its input and its one effect."""
    construct = Construct(service, "commands", name, at)
    body = linking.record(decl.input, at / "input", "a command's `input`") if decl.input is not None else None
    said = [key for key in ("write", "update", "delete", "publish") if getattr(decl, key)]
    effect: Write | Emission | None = None
    if one_effect(linking, said, "`write`, `update`, `delete`, `publish`", at):
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
    given: dict[str, Tree] = {parameter: path("path", parameter) for parameter in path_parameters(decl.route)}
    if decl.search is not None or (store.kind == "opensearch" and decl.key is None and key_names[0] not in given):
        index = link_search(linking, decl, at, store, given)
        if index is None:
            return None
        source, search = index
        return LinkedQuery(
            construct, decl, store, "search", None, _response(linking, construct, decl, at, source, related), search
        )
    if decl.index is not None:
        by = store.indexes.get(decl.index)
        if by is None:
            known = ", ".join(f"`{one}`" for one in store.indexes) or "none"
            linking.diagnostics.append(
                UNKNOWN_INDEX(
                    at / "index",
                    f"`{decl.index}` is not an index of `{store.name}`",
                    mend=did_you_mean(decl.index, store.indexes, at / "index") or f"Its indexes: {known}.",
                    related=related,
                )
            )
            return None
        key_names = (by.key, by.sort_key) if by.sort_key else (by.key,)
    asked = Record({key: Field(key_type(linking, store.record, key)) for key in key_names}) if not decl.route else None
    scope = request_scope(decl.route, asked, [store], linking.table, "request", f"query:{service}.{name}")
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
