"""A raw resource gives a name where an ARN is needed.

## What it does
Looks, in raw `resources` and `overrides`, for `Ref` where the property's name ends in `Arn`, where a Lambda
function has its `Role`, and in the `Resource` of a policy, and the resource that is referred to is of a
type whose `Ref` is a name, an id or a URL.

## Why is this bad?
AWS refuses the value, or, in a policy, accepts it and allows nothing. cfn-lint does not see it.

## Example
```yaml
resources:
  AuditMapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !Ref AuditStream          # the stream's name
      StartingPosition: TRIM_HORIZON
```

## Mend
Use `Fn::GetAtt` with `Arn` (of a table's stream, `StreamArn`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cncb_compiler.aws.places import (
    Path,
    kind_of,
    nodes,
    place,
    properties_of,
    target,
    type_of,
    written_by_hand,
)
from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.mend import Mend, Put
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.plan.service import ServicePlan

RULE = Rule("CNCB915", "reference-instead-of-arn", Severity.ERROR, mendable=True)

REF_IS_NO_ARN = {
    "AWS::CloudWatch::Alarm": "name",
    "AWS::Cognito::UserPool": "id",
    "AWS::DynamoDB::GlobalTable": "name",
    "AWS::DynamoDB::Table": "name",
    "AWS::Events::EventBus": "name",
    "AWS::Events::Rule": "name",
    "AWS::IAM::Role": "name",
    "AWS::IAM::User": "name",
    "AWS::KMS::Key": "id",
    "AWS::Kinesis::Stream": "name",
    "AWS::KinesisFirehose::DeliveryStream": "name",
    "AWS::Lambda::Function": "name",
    "AWS::Logs::LogGroup": "name",
    "AWS::S3::Bucket": "name",
    "AWS::SQS::Queue": "URL",
}
"""What `Ref` gives for these types, all of which have an attribute `Arn` (AWS CloudFormation: Ref)."""


def check_template(plan: ServicePlan, template: dict[str, Any]) -> Iterator[Diagnostic]:
    """References written by hand that give something else where an ARN is needed."""
    for logical_id, resource in written_by_hand(plan, template):
        kind = type_of(resource)
        for path, value in nodes(properties_of(resource), ("Properties",)):
            found = target(value)
            if found is None or found[1] is not None or not _needs_arn(kind, path):
                continue
            given = REF_IS_NO_ARN.get(kind_of(template, found[0]) or "")
            if given:
                where = next(step for step in reversed(path) if isinstance(step, str))
                at = place(plan, logical_id, path)
                arn = f"[{found[0]}, {_attribute(template, kind, found[0])}]"
                yield RULE(
                    at,
                    f"`{where}` of `{logical_id}` needs an ARN; `Ref: {found[0]}` gives its {given}",
                    mend=Mend(f"Use `Fn::GetAtt: {arn}`.", (Put(at, f'{{"Fn::GetAtt": {arn}}}'),)),
                )


def _needs_arn(kind: Any, path: Path) -> bool:
    names = [step for step in path if isinstance(step, str)]
    last = names[-1]
    if last == "Resource":
        return "Statement" in names
    if last == "Role":
        return bool(kind == "AWS::Lambda::Function")
    return last.endswith(("Arn", "ARN", "Arns"))


def _attribute(template: dict[str, Any], kind: Any, logical_id: str) -> str:
    reads = kind == "AWS::Lambda::EventSourceMapping"
    return "StreamArn" if reads and kind_of(template, logical_id) == "AWS::DynamoDB::Table" else "Arn"
