"""The scopes of the language: what each kind of mapping may refer to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cncb_compiler.graph.system import LinkedEvent, LinkedStore
from cncb_compiler.mapping.scope import Scope
from cncb_compiler.schema.merge import merged_record
from cncb_compiler.schema.types import STRING, TIMESTAMP, Field, ListOf, Record, Scalar, Type, TypeTable

_PARAMETER = re.compile(r"\{([^}]*)\}")

ANY_QUERY = Field(Record(open=True), description="The query parameters, as text.")


def event_scope(event: LinkedEvent) -> Scope:
    """A consumed event. `uuid()` derives from its id, so that a retry gives the same."""
    return Scope(event.record, "event", f"event:{event.name}", 'event["id"]')


def emitted_scope(event: LinkedEvent) -> Scope:
    """The new event, for its partition key."""
    return Scope(event.record, "event", f"event:{event.name}")


def joined_scope(events: Sequence[LinkedEvent]) -> Scope:
    """The collected events of a join, by type; `context` is what all of their contexts hold together."""
    fields = {event.name: Field(event.record) for event in events}
    contexts = [event.record.fields["context"].type for event in events if event.decl.context]
    records = [context for context in contexts if isinstance(context, Record)]
    if contexts:
        whole = merged_record(records) if len(records) == len(contexts) else Record(open=True)
        fields["context"] = Field(whole)
    return Scope(Record(fields), "events", "events", 'events["id"]')


def collected_scope(events: Sequence[LinkedEvent]) -> Scope:
    """The list of collected events of one row, oldest first, for an `evaluate` hook."""
    item = merged_record([event.record for event in events])
    return Scope(Record({"events": Field(ListOf(item))}), "events", "events")


def request_scope(
    route: str | None, body: Record | None, keyed: Iterable[LinkedStore], table: TypeTable, variable: str, origin: str
) -> Scope:
    """A command or query: `path`, `query`, `input`.

    A path parameter is text; where a store of `keyed` has a text field of that name, it has that field's format.
    """
    fields: dict[str, Field] = {}
    stores = tuple(keyed)
    parameters = _PARAMETER.findall(route or "")
    if parameters:
        fields["path"] = Field(Record({name: Field(_parameter(name, stores, table)) for name in parameters}))
    if route is not None:
        fields["query"] = ANY_QUERY
    if body is not None:
        fields["input"] = Field(body)
    return Scope(Record(fields), variable, origin)


def path_parameters(route: str | None) -> list[str]:
    """The names of the `{parameters}` of a route."""
    return _PARAMETER.findall(route or "")


def _parameter(name: str, stores: tuple[LinkedStore, ...], table: TypeTable) -> Type:
    for store in stores:
        field = store.record.fields.get(name)
        if field is not None:
            type_ = table.resolve(field.type)
            if isinstance(type_, Scalar) and type_.base == "string":
                return type_
    return STRING


def change_scope(store: LinkedStore, operation: str) -> Scope:
    """A change of a row: `old` and `new`, as far as the operation has them, and when it happened."""
    fields: dict[str, Field] = {}
    if operation != "INSERT":
        fields["old"] = Field(store.record)
    if operation != "REMOVE":
        fields["new"] = Field(store.record)
    fields["timestamp"] = Field(TIMESTAMP)
    fields["id"] = Field(STRING)
    return Scope(Record(fields), "change", store.origin, 'change["id"]')


def row_scope(store: LinkedStore) -> Scope:
    """A row that a query has read."""
    return Scope(store.record, "row", store.origin)
