"""Two functions of a service answer the same route.

## What it does
Compares the routes of a service's commands, queries and functions: method and path, without regard to what the path
parameters are called.

## Why is this bad?
API Gateway gives a request to one function. It refuses the second route when the stack is deployed, and
`/orders/{id}` and `/orders/{number}` are one route to it.

## Example
```yaml
api: {auth: iam}
queries:
  order: {route: "GET /orders/{id}", from: orders}
  newest: {route: "GET /orders/{number}", from: orders, key: path.number}
```

## Mend
Give one of the two another path or method, or remove it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.source.location import Location

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedService, LinkedSystem

RULE = Rule("CNCB221", "duplicate-route", Severity.ERROR)

_PARAMETER = re.compile(r"\{[^}]*\}")


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Each route that an earlier construct of the service has already."""
    first: dict[str, tuple[str, Location]] = {}
    for route, at in _routes(service):
        other, other_at = first.setdefault(_PARAMETER.sub("{}", route), (route, at))
        if other_at == at:
            continue
        same = "" if other == route else f": it differs from `{other}` in nothing but the names of parameters"
        yield RULE(
            at,
            f"`{route}` is answered already{same}",
            mend="Give one of the two another path or method.",
            related=(Related(other_at, f"`{other}` is declared here"),),
        )


def _routes(service: LinkedService) -> Iterator[tuple[str, Location]]:
    routes = [(command.decl.route, command.construct) for command in service.commands]
    routes += [(query.decl.route, query.construct) for query in service.queries]
    routes += [(function.decl.route, function.construct) for function in service.functions]
    for route, construct in routes:
        if route is not None:
            yield route, construct.at / "route"
