"""A service reads or writes the store of another service.

## What it does
Reports a command, reaction, change, query or function that names a store or view which its service does not have,
but another one does.

## Why is this bad?
Services that share a table share its failures, its load and each change of its layout: none of them is autonomous
any more. Each service owns its data alone; others learn of it by events.

## Example
```yaml
service: order-bff
queries:
  product: {route: "GET /products/{id}", from: products}      # the store of `catalogue`
```

## Mend
To read: keep a view of the events that the other service publishes. To write: publish an event that the other
service reacts to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.source.location import Location

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedStore, LinkedSystem
    from cncb_compiler.model.service import Service

RULE = Rule("CNCB501", "foreign-store", Severity.ERROR)

Reference = tuple[bool, str, tuple[str | int, ...]]
"""Whether it reads, the name of the store, and the path to that word inside the service."""


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """Each reference to a table that the service does not have, but another."""
    elsewhere: dict[str, list[LinkedStore]] = {}
    for service in system.services.values():
        decl = service.decl
        for reads, name, path in _references(decl):
            if name in decl.stores or name in decl.views or name in system.declared.broken:
                continue
            if not elsewhere:
                for other in system.services.values():
                    for table in other.tables:
                        elsewhere.setdefault(table.name, []).append(table)
            if name in elsewhere:
                at = Location(service.at.file, (*service.at.path, *path), path[0] == "changes")
                yield _finding(at, reads, elsewhere[name])


def _finding(at: Location, reads: bool, tables: list[LinkedStore]) -> Diagnostic:
    owners = " and ".join(f"`{table.construct.service}`" for table in tables)
    name = tables[0].name
    return RULE(
        at,
        f"`{name}` belongs to {owners}: a service {'reads' if reads else 'writes'} only what it owns",
        mend="Keep a view of the events that its owner publishes."
        if reads
        else "Publish an event that its owner reacts to.",
        related=tuple(Related(table.construct.at.key(), f"`{name}` is declared here") for table in tables),
    )


def _references(decl: Service) -> Iterator[Reference]:
    for section, writers in (("commands", decl.commands), ("reactions", decl.reactions)):
        for name, writer in writers.items():
            for verb, store in (("write", writer.write), ("update", writer.update), ("delete", writer.delete)):
                if store is not None:
                    yield False, store, (section, name, verb)
    for name, query in decl.queries.items():
        yield True, query.from_, ("queries", name, "from")
    for name in decl.changes:
        yield True, name, ("changes", name)
    for name, function in decl.functions.items():
        for number, store in enumerate(function.reads):
            yield True, store, ("functions", name, "reads", number)
        if function.writes is not None:
            yield False, function.writes, ("functions", name, "writes")
