"""Two routes of a REST API give one position in the path different parameter names.

## What it does
Compares, in services whose API is of kind `rest`, the names of the path parameters that follow the same
path.

## Why is this bad?
API Gateway allows one path parameter below each path of a REST API and refuses the second. (An HTTP API
allows both.)

## Example
```yaml
api: {kind: rest, auth: iam}
queries:
  order: {route: "GET /orders/{id}", from: orders, key: path.id}
  lines: {route: "GET /orders/{orderId}/lines", from: lines, key: path.orderId}
```

## Mend
Use one name for the parameter in both routes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cncb_compiler.aws.naming import prefixes
from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.plan.function import RouteTrigger
from cncb_compiler.plan.service import ServicePlan

RULE = Rule("CNCB727", "sibling-path-parameters", Severity.ERROR)


def check_template(plan: ServicePlan, template: dict[str, Any]) -> Iterator[Diagnostic]:
    """Path parameters of a REST API that stand beside one of another name."""
    if plan.api is None or plan.api.kind != "rest":
        return
    first: dict[str, tuple[str, RouteTrigger]] = {}
    routes = (trigger for function in plan.functions for trigger in function.triggers)
    for route in sorted(
        (route for route in routes if isinstance(route, RouteTrigger)),
        key=lambda route: (route.path, route.method),
    ):
        for path in prefixes(route.path):
            above, _, segment = path.rpartition("/")
            if not segment.startswith("{"):
                continue
            name, other = first.setdefault(above, (segment, route))
            if name != segment:
                yield RULE(
                    route.at,
                    f"`{segment}` of `{route.method} {route.path}` stands where another route has `{name}`; "
                    "a REST API allows one parameter there",
                    mend=f"Call it `{name}` here too.",
                    related=(Related(other.at, f"`{other.method} {other.path}` is declared here"),),
                )
                break
