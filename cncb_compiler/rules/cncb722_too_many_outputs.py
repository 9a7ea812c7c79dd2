"""A template has more outputs than CloudFormation accepts.

## What it does
Counts the outputs of the service's template: one for each table, bucket and stream, and two more. The limit
of CloudFormation is 200.

## Why is this bad?
CloudFormation refuses the template.

## Example
```yaml
service: everything-bff
stores:
  a: {of: A}
  # ... and two hundred more
```

## Mend
Split the service along the entities that it keeps.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.plan.service import ServicePlan

RULE = Rule("CNCB722", "too-many-outputs", Severity.ERROR)

LIMIT = 200
"""The most outputs of one template (AWS CloudFormation: Understand CloudFormation quotas)."""


def check_template(plan: ServicePlan, template: dict[str, Any]) -> Iterator[Diagnostic]:
    """More than `LIMIT` outputs."""
    count = len(template.get("Outputs", ()))
    if count > LIMIT:
        yield RULE(
            plan.at,
            f"`{plan.service}` has {count} outputs, one per table, bucket and stream; CloudFormation accepts {LIMIT}",
            mend="Split the service along the entities that it keeps.",
        )
