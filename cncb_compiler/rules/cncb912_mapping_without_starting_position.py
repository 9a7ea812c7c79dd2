"""A raw event source mapping does not say where to begin reading its stream.

## What it does
Looks at event source mappings in raw `resources` and `overrides` that read a Kinesis or DynamoDB stream and
have no `StartingPosition`, or one that Lambda does not know.

## Why is this bad?
Lambda refuses the mapping, and the deployment is rolled back. cfn-lint does not see it.

## Example
```yaml
resources:
  AuditMapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref AuditFunction
      EventSourceArn: !GetAtt OrdersTable.StreamArn
```

## Mend
Add `StartingPosition: TRIM_HORIZON`: a new consumer begins with everything that the stream still holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cncb_compiler.aws.places import kind_of, place, properties_of, target, type_of, written_by_hand
from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.mend import Add, Mend, Put
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.plan.service import ServicePlan

RULE = Rule("CNCB912", "mapping-without-starting-position", Severity.ERROR, mendable=True)

POSITIONS = ("AT_TIMESTAMP", "LATEST", "TRIM_HORIZON")
"""Where a mapping may begin (AWS Lambda: CreateEventSourceMapping)."""


def check_template(plan: ServicePlan, template: dict[str, Any]) -> Iterator[Diagnostic]:
    """Mappings written by hand, of a stream, without a starting position."""
    for logical_id, resource in written_by_hand(plan, template):
        properties = properties_of(resource)
        if type_of(resource) != "AWS::Lambda::EventSourceMapping":
            continue
        if not _reads_stream(template, properties.get("EventSourceArn")):
            continue
        position = properties.get("StartingPosition")
        if isinstance(position, dict) or position in POSITIONS:
            continue
        said = f"the starting position `{position}`, which Lambda does not know" if position else "no starting position"
        at = place(plan, logical_id, ("Properties",)) / "StartingPosition"
        edit = Put(at, "TRIM_HORIZON") if position else Add(at, "TRIM_HORIZON")
        yield RULE(
            place(plan, logical_id, ("Properties", "StartingPosition")),
            f"`{logical_id}` reads a stream and has {said}",
            mend=Mend("Add `StartingPosition: TRIM_HORIZON`.", (edit,)),
        )


def _reads_stream(template: dict[str, Any], source: Any) -> bool:
    found = target(source)
    if found is not None:
        return kind_of(template, found[0]) in ("AWS::DynamoDB::Table", "AWS::Kinesis::Stream")
    text = str(source)
    return ":kinesis:" in text or ":dynamodb:" in text or "streams/" in text
