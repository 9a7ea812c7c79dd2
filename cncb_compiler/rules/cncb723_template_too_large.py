"""A template is larger than CloudFormation accepts.

## What it does
Measures the service's template without indentation; the limit of CloudFormation is 1 MB.

## Why is this bad?
CloudFormation refuses the template.

## Example
```yaml
resources:
  Dashboard:
    Type: AWS::CloudWatch::Dashboard
    Properties: {DashboardBody: "a megabyte of JSON"}
```

## Mend
Split the service. Where raw `resources` take the room, move what is large (dashboards, API definitions) to
a file in S3.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.plan.service import ServicePlan

RULE = Rule("CNCB723", "template-too-large", Severity.ERROR)

LIMIT = 1_000_000
"""The largest template, in bytes (AWS CloudFormation: Understand CloudFormation quotas)."""


def check_template(plan: ServicePlan, template: dict[str, Any]) -> Iterator[Diagnostic]:
    """More than `LIMIT` bytes."""
    size = len(orjson.dumps(template))
    if size > LIMIT:
        by_hand = len(orjson.dumps(plan.resources))
        yield RULE(
            plan.at,
            f"the template of `{plan.service}` has {size:,} bytes, {by_hand:,} of them raw `resources`; "
            f"CloudFormation accepts {LIMIT:,}",
            mend="Split the service, or move large raw properties to a file in S3.",
        )
