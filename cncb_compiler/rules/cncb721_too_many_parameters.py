"""A template has more parameters than CloudFormation accepts.

## What it does
Counts the parameters of the service's template; the limit of CloudFormation is 200.

## Why is this bad?
CloudFormation refuses the template.

## Example
```yaml
service: order-bff      # cncb itself makes two parameters: Stage and ArtifactBucket
```

## Mend
Split the service, or read settings from SSM parameters by dynamic reference.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.plan.service import ServicePlan

RULE = Rule("CNCB721", "too-many-parameters", Severity.ERROR)

LIMIT = 200
"""The most parameters of one template (AWS CloudFormation: Understand CloudFormation quotas)."""


def check_template(plan: ServicePlan, template: dict[str, Any]) -> Iterator[Diagnostic]:
    """More than `LIMIT` parameters."""
    count = len(template.get("Parameters", ()))
    if count > LIMIT:
        yield RULE(
            plan.at,
            f"the template of `{plan.service}` has {count} parameters; CloudFormation accepts {LIMIT}",
            mend="Split the service, or read settings from SSM parameters by `{{resolve:ssm:...}}`.",
        )
