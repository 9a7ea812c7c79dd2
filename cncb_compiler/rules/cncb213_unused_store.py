"""A store that nothing uses, or that nothing writes.

## What it does
Reports a store of a service that none of its commands, reactions, queries, changes and functions names; and one
that is read, or whose changes are captured, but that no command, reaction or function writes.

## Why is this bad?
A table that is always empty costs attention and answers every query with nothing.

## Example
```yaml
stores:
  orders: {of: Order}
queries:
  order: {route: "GET /orders/{id}", from: orders}      # and no command or reaction writes it
```

## Mend
Write it (a command, a reaction, a function with `writes`), or remove it. What is kept from events is a view.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.mend import Remove, chosen
from cncb_compiler.diagnostics.rule import Rule

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedService, LinkedSystem
    from cncb_compiler.model.service import Service

RULE = Rule("CNCB213", "unused-store", Severity.WARNING, mendable=True)


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Each store that nobody of its service writes."""
    if not service.stores:
        return
    written = _written(service.decl)
    for name, store in service.stores.items():
        if name in written:
            continue
        if name in _read(service.decl):
            yield RULE(
                store.construct.at.key(),
                f"`{name}` is read, but nothing writes it",
                mend="Write it by a command, a reaction or a function; what is kept from events is a view.",
            )
        else:
            yield RULE(
                store.construct.at.key(),
                f"nothing uses the store `{name}`",
                mend=chosen("Use it, or remove it.", Remove(store.construct.at)),
            )


def _written(service: Service) -> set[str | None]:
    found: set[str | None] = set()
    for command in service.commands.values():
        found.update((command.write, command.update, command.delete))
    for reaction in service.reactions.values():
        found.update((reaction.write, reaction.update, reaction.delete))
    for function in service.functions.values():
        found.add(function.writes)
    return found


def _read(service: Service) -> set[str]:
    found = {query.from_ for query in service.queries.values()}
    found.update(service.changes)
    for function in service.functions.values():
        found.update(function.reads)
    return found
