"""A raw resource names something as its role that is not an IAM role.

## What it does
Looks, in raw `resources` and `overrides`, at the properties that take a role (`Role`, `Roles`, `RoleArn`,
...) and the type of the resource that they refer to.

## Why is this bad?
AWS refuses the role, and the deployment is rolled back. cfn-lint does not see it: the attribute `Arn`
exists.

## Example
```yaml
resources:
  AuditFunction:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt AuditTable.Arn
```

## Mend
Refer to the resource of type `AWS::IAM::Role`.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from cncb_compiler.aws.places import kind_of, nodes, place, properties_of, target, written_by_hand
from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.plan.service import ServicePlan

RULE = Rule("CNCB916", "role-is-not-a-role", Severity.ERROR)

ROLE_PROPERTIES = frozenset({"ExecutionRoleArn", "Role", "RoleARN", "RoleArn", "Roles", "ServiceRole", "TaskRoleArn"})
"""The properties that take a role, by name or by ARN."""


def check_template(plan: ServicePlan, template: dict[str, Any]) -> Iterator[Diagnostic]:
    """References written by hand that take another resource for a role."""
    roles = sorted(key for key, made in template["Resources"].items() if made.get("Type") == "AWS::IAM::Role")
    for logical_id, resource in written_by_hand(plan, template):
        for path, value in nodes(properties_of(resource), ("Properties",)):
            found = target(value)
            name = next((step for step in reversed(path) if isinstance(step, str)), "")
            if found is None or name not in ROLE_PROPERTIES:
                continue
            kind = kind_of(template, found[0])
            if kind is None or kind == "AWS::IAM::Role":
                continue
            near = get_close_matches(found[0], roles, n=1)
            yield RULE(
                place(plan, logical_id, path),
                f"`{name}` of `{logical_id}` names `{found[0]}`, which is of type {kind}",
                mend=f"Did you mean `{near[0]}`?" if near else "Refer to a resource of type AWS::IAM::Role.",
            )
