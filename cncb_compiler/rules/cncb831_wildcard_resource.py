"""A raw policy allows actions on every resource.

## What it does
Looks, in the IAM policies of raw `resources` and `overrides`, for statements with `Effect: Allow` whose
`Resource` is `*` or every resource of a type (`arn:aws:dynamodb:us-east-1:111111111111:table/*`), and for
`NotResource`. Actions for which AWS knows no resource, such as `xray:PutTraceSegments`, are left out.

## Why is this bad?
The statement reaches the data of every other service in the account. Services are autonomous only as long
as nobody else can write their data.

## Example
```yaml
resources:
  ReportPolicy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Action: "dynamodb:Query", Resource: "*"}
```

## Mend
Name the resource: `!GetAtt OrdersTable.Arn`, or its ARN.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cncb_compiler.aws.places import place, type_of, written_by_hand
from cncb_compiler.aws.policies import IDENTITY_KINDS, allowed, texts
from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.plan.service import ServicePlan

RULE = Rule("CNCB831", "wildcard-resource", Severity.WARNING)

WITHOUT_RESOURCE = (
    "cloudwatch:GetMetric",
    "cloudwatch:PutMetricData",
    "ec2:Describe",
    "ecr:GetAuthorizationToken",
    "logs:DescribeLogGroups",
    "sts:GetCallerIdentity",
    "xray:",
)
"""Beginnings of actions that know no resource (AWS: Service Authorization Reference)."""

_EVERY_OF_A_TYPE = re.compile(r"arn:[^:]*:(?!s3:)[^:]*:[^:]*:[^:]*:(?:[a-z-]+[/:])?\*|arn:[^:]*:s3:::\*(?:/\*)?")


def check_template(plan: ServicePlan, template: dict[str, Any]) -> Iterator[Diagnostic]:
    """Statements written by hand that allow something everywhere."""
    for logical_id, resource in written_by_hand(plan, template):
        if type_of(resource) not in IDENTITY_KINDS:
            continue
        for path, statement in allowed(resource):
            if "NotResource" in statement:
                yield RULE(
                    place(plan, logical_id, (*path, "NotResource")),
                    f"`{logical_id}` allows its actions on every resource but some",
                    mend="Name the resources under `Resource`.",
                )
            actions = [action for _, action in texts(statement, "Action")]
            if actions and all(action.startswith(WITHOUT_RESOURCE) for action in actions):
                continue
            for inside, name in texts(statement, "Resource"):
                if name == "*" or _EVERY_OF_A_TYPE.fullmatch(name.replace("${AWS::", "${")):
                    shown = ", ".join(f"`{action}`" for action in actions[:3]) or "actions"
                    yield RULE(
                        place(plan, logical_id, (*path, *inside)),
                        f"`{logical_id}` allows {shown} on `{name}`",
                        mend="Name the resource by its ARN, such as `Fn::GetAtt: [OrdersTable, Arn]`.",
                    )
