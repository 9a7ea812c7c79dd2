"""What else may be written as a value: fields of rows in keys and searches, indexes, owners, aggregates."""

from __future__ import annotations

from collections.abc import Iterator

from cncb_compiler.graph.system import LinkedService, LinkedStore, LinkedSystem
from cncb_compiler.lsp.names import Path, Spot
from cncb_compiler.mapping.aggregate import FUNCTIONS as AGGREGATES
from cncb_compiler.schema.walk import render_type

KEYS = frozenset({"key", "sortKey", "ttl"})
SEARCHES = frozenset({"text", "filters", "sort"})


def values(path: Path, here: Spot, system: LinkedSystem) -> Iterator[tuple[str, str]]:
    """What fits at a path of a system as it was last read: each text, and what it is."""
    keys = [str(segment) for segment in path if not isinstance(segment, int)]
    if here.service is not None and keys[:1] == ["services"]:
        keys = keys[2:]
    if keys[-1:] == ["owner"]:
        for owner in sorted({system.declared.owner, *(one.owner for one in system.services.values())} - {""}):
            yield owner, "owner"
    service = system.services.get(here.service or "")
    if service is None or len(keys) < 3:
        return
    section, name, *rest = keys
    table = _table(service, name)
    if section in ("stores", "views") and table and rest[-1] in KEYS and (section == "stores" or rest[0] == "indexes"):
        yield from _fields(table)
    elif (
        section == "views"
        and rest[0] == "fields"
        and any(one.construct.name == name and one.collect for one in service.views)
    ):
        yield from ((f"{function}()", "aggregate") for function in AGGREGATES)
    elif section == "queries":
        read = service.decl.queries.get(name)
        source = _table(service, read.from_) if read else None
        if source and rest == ["index"]:
            yield from ((index, "index") for index in source.indexes)
        elif source and rest[0] == "search" and rest[-1] in SEARCHES:
            yield from _fields(source)


def _table(service: LinkedService, name: str) -> LinkedStore | None:
    return next((table for table in service.tables if table.name == name), None)


def _fields(table: LinkedStore) -> Iterator[tuple[str, str]]:
    yield from ((name, render_type(field.type)) for name, field in table.record.fields.items())
