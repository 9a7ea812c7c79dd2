"""A raw policy allows actions by a pattern.

## What it does
Looks for `*` and `?` in `Action`, and for `NotAction`, in every statement with `Effect: Allow` of raw
`resources` and `overrides`. The policy of a KMS key is left out: AWS asks for `kms:*` there.

## Why is this bad?
A pattern allows what AWS adds tomorrow. Whoever takes over the function gets all of it.

## Example
```yaml
resources:
  ReportPolicy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Action: "dynamodb:*", Resource: !GetAtt OrdersTable.Arn}
```

## Mend
List the actions that are needed, such as `dynamodb:Query`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cncb_compiler.aws.places import place, type_of, written_by_hand
from cncb_compiler.aws.policies import allowed, texts
from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.plan.service import ServicePlan

RULE = Rule("CNCB830", "wildcard-action", Severity.WARNING)


def check_template(plan: ServicePlan, template: dict[str, Any]) -> Iterator[Diagnostic]:
    """Statements written by hand that allow actions by a pattern."""
    for logical_id, resource in written_by_hand(plan, template):
        if type_of(resource) == "AWS::KMS::Key":
            continue
        for path, statement in allowed(resource):
            if "NotAction" in statement:
                yield RULE(
                    place(plan, logical_id, (*path, "NotAction")),
                    f"`{logical_id}` allows every action but some",
                    mend="List the actions that are needed under `Action`.",
                )
            for inside, action in texts(statement, "Action"):
                if "*" in action or "?" in action:
                    yield RULE(
                        place(plan, logical_id, (*path, *inside)),
                        f"`{logical_id}` allows `{action}`",
                        mend="List the actions that are needed.",
                    )
