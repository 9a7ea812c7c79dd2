"""Two declarations of a service ask for one logical id.

## What it does
Compares the logical ids of everything that is derived for a service: event source mappings, routes, paths of a REST
API. (Stores, streams and functions that differ only in case or dashes are `CNCB211`; raw resources `CNCB901`.)

## Why is this bad?
A template holds one resource per logical id. One of the two would silently win, and what was declared would not be
what runs.

## Example
```yaml
api: {kind: rest, auth: iam}
queries:
  one: {route: "GET /order-lines/{id}", from: lines}
  two: {route: "GET /order/lines/{id}", from: lines}        # both paths are OrderLinesByIdPath
```

## Mend
Rename one of the two, or change its path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cncb_compiler.aws.naming import collisions
from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.plan.service import ServicePlan

RULE = Rule("CNCB904", "logical-id-collision", Severity.ERROR)

_NAMED_ALIKE = re.compile(r"(table|bucket|stream|queue|bus|function) `[^`]+`").fullmatch


def check_template(plan: ServicePlan, template: dict[str, Any]) -> Iterator[Diagnostic]:
    """Logical ids with several claims, other than by names that CNCB211 reports."""
    for collision in collisions(plan):
        if all(_NAMED_ALIKE(what) for _, what in collision.claims):
            continue
        (first_at, first), *others = collision.claims
        for at, what in others:
            yield RULE(
                at,
                f"{what} gets the logical id `{collision.logical_id}`, which {first} has already",
                mend="Rename one of the two, or change its path.",
                related=(Related(first_at, f"{first} is declared here"),),
            )
