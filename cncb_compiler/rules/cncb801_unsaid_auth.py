"""A route that does not say who may call it.

## What it does
Reports a command, query or function with a `route` where neither it nor the service's `api` says `auth`.

## Why is this bad?
A route that is open to anybody must be open on purpose. There is no default, so that a reviewer sees it.

## Example
```yaml
service: order-bff
commands:
  submit: {route: POST /orders, input: Order, write: orders}      # and no `api: {auth: ...}`
```

## Mend
Say `auth: iam`, or `auth: none` where everybody may call it; on the route, or once for the service under `api`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.mend import Add, chosen
from cncb_compiler.diagnostics.rule import Rule

if TYPE_CHECKING:
    from cncb_compiler.graph.system import Construct, LinkedService, LinkedSystem
    from cncb_compiler.model.command import Command
    from cncb_compiler.model.function import Function
    from cncb_compiler.model.query import Query

RULE = Rule("CNCB801", "unsaid-auth", Severity.ERROR, mendable=True)


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Each route of each service that has no `auth` for all."""
    if service.decl.api.auth is not None:
        return
    routed: list[tuple[Construct, Command | Query | Function]] = [
        *((command.construct, command.decl) for command in service.commands),
        *((query.construct, query.decl) for query in service.queries),
        *((function.construct, function.decl) for function in service.functions),
    ]
    for construct, decl in routed:
        if decl.route is not None and decl.auth is None:
            yield RULE(
                construct.at / "route",
                f"nothing says who may call `{decl.route}`",
                mend=chosen(
                    "Say `auth: iam` or `auth: none`, here or once for the service under `api`.",
                    Add(construct.at / "auth", "iam"),
                ),
            )
