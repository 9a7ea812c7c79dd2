"""An index that no query reads.

## What it does
Reports an index of a store or view that no query names, unless a function of the team's own reads the store.

## Why is this bad?
Each write of a row is paid for once more for each index.

## Example
```yaml
stores:
  orders: {of: Order, indexes: {by-customer: {key: customerId}}}
queries:
  orders: {from: orders, key: path.customerId, route: "GET /customers/{customerId}/orders"}   # no `index: by-customer`
```

## Mend
Read it with `index:`, or remove it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.mend import Remove, chosen
from cncb_compiler.diagnostics.rule import Rule

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedService, LinkedSystem

RULE = Rule("CNCB215", "unused-index", Severity.WARNING, mendable=True)


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Each index of each table, against the queries of its service."""
    for table in service.tables:
        if not table.indexes:
            continue
        queried = {query.index for query in service.decl.queries.values() if query.from_ == table.name}
        queried.update(table.indexes if any(table.name in one.reads for one in service.decl.functions.values()) else ())
        for name in table.indexes:
            if name not in queried:
                at = table.construct.at / "indexes" / name
                yield RULE(
                    at.key(),
                    f"no query reads the index `{name}` of `{table.name}`",
                    mend=chosen(f"Read it with `index: {name}`, or remove it.", Remove(at)),
                )
