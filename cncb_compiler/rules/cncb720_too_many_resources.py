"""A service needs more resources than one stack can hold.

## What it does
Counts the resources of the service's template; the limit of CloudFormation is 500.

## Why is this bad?
CloudFormation refuses the template, so the service cannot be deployed at all.

## Example
```yaml
service: everything-bff
commands:
  create-a: {route: POST /a, write: a, set: {name: input.name}}
  # ... and a hundred more, each with its function, role, log group, route, integration and permission
```

## Mend
Split the service: along the entities that it keeps, or its queries from its commands. Services share
nothing but events, so a split costs no more than that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.plan.service import ServicePlan

RULE = Rule("CNCB720", "too-many-resources", Severity.ERROR)

LIMIT = 500
"""The most resources of one template (AWS CloudFormation: Understand CloudFormation quotas)."""


def check_template(plan: ServicePlan, template: dict[str, Any]) -> Iterator[Diagnostic]:
    """More than `LIMIT` resources."""
    count = len(template["Resources"])
    if count > LIMIT:
        functions = len(plan.functions)
        yield RULE(
            plan.at,
            f"`{plan.service}` needs {count} resources for {functions} functions and its assets; a stack holds {LIMIT}",
            mend="Split the service, along its entities or its commands from its queries.",
        )
