"""The stream of a table is used, but the table has none.

## What it does
Looks for references to `StreamArn` of a table of the template whose `StreamSpecification` is missing.

## Why is this bad?
CloudFormation finds out in the middle of the deployment and rolls it back. cfn-lint does not see it.

## Example
```yaml
resources:
  AuditTable:
    Type: AWS::DynamoDB::Table
    Properties: {BillingMode: PAY_PER_REQUEST}       # ... without StreamSpecification
  AuditMapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !GetAtt AuditTable.StreamArn
```

## Mend
Give the table `StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cncb_compiler.aws.places import nodes, place, properties_of, target, type_of
from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.mend import Add, Mend
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.plan.service import ServicePlan

RULE = Rule("CNCB910", "table-without-stream", Severity.ERROR, mendable=True)

VIEW = "{StreamViewType: NEW_AND_OLD_IMAGES}"


def check_template(plan: ServicePlan, template: dict[str, Any]) -> Iterator[Diagnostic]:
    """References to the stream of a table that has none; an override may have removed it."""
    if not plan.resources and not plan.overrides:
        return
    resources = template["Resources"]
    streamless = {
        logical_id
        for logical_id, resource in resources.items()
        if type_of(resource) == "AWS::DynamoDB::Table" and not properties_of(resource).get("StreamSpecification")
    }
    for logical_id, resource in sorted(resources.items()) if streamless else ():
        for path, value in nodes(properties_of(resource), ("Properties",)):
            found = target(value)
            if found is None or found[1] != "StreamArn" or found[0] not in streamless:
                continue
            table = found[0]
            own = place(plan, table, ("Properties",))
            edits = (Add(own / "StreamSpecification", VIEW),) if own.path[-1:] == ("Properties",) else ()
            by_hand = logical_id in plan.resources or logical_id in plan.overrides
            yield RULE(
                place(plan, logical_id, path) if by_hand else own,
                f"`{logical_id}` uses the stream of `{table}`, which has none",
                mend=Mend(f"Give `{table}` `StreamSpecification: {VIEW}`.", edits),
            )
