"""The inline policies of a role take more than 10,240 characters.

## What it does
Adds up the inline policies of each role, without white space. ARNs that are known only at deployment are
estimated.

## Why is this bad?
IAM refuses the role, and the deployment is rolled back.

## Example
```yaml
functions:
  report:
    handler: report.run
    reads: [a, b, c]        # ... and a hundred more stores
```

## Mend
Split the function, so that each part needs a part of the permissions. A role of your own can also hold
managed policies.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from cncb_compiler.aws.naming import role_id
from cncb_compiler.aws.places import place, properties_of, type_of
from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.plan.service import ServicePlan

RULE = Rule("CNCB725", "role-policy-too-large", Severity.ERROR)

LIMIT = 10_240
"""The most characters of a role's inline policies together (AWS IAM: IAM and STS quotas)."""

_ARN = 70
"""By how many characters an ARN is longer than the reference that stands for it: an estimate."""


def check_template(plan: ServicePlan, template: dict[str, Any]) -> Iterator[Diagnostic]:
    """Roles whose inline policies have more than `LIMIT` characters."""
    declared = {role_id(function.name): function.at for function in plan.functions}
    for logical_id, resource in template["Resources"].items():
        if type_of(resource) != "AWS::IAM::Role":
            continue
        policies = properties_of(resource).get("Policies")
        if not policies:
            continue
        text = orjson.dumps(policies)
        size = len(text) + _ARN * (text.count(b'"Fn::GetAtt"') + text.count(b'"Fn::Sub"'))
        if size > LIMIT:
            yield RULE(
                declared.get(logical_id) or place(plan, logical_id, ("Properties", "Policies")),
                f"the policies of `{logical_id}` take about {size:,} characters; IAM accepts {LIMIT:,}",
                mend="Split the function, so that each part needs a part of the permissions.",
            )
