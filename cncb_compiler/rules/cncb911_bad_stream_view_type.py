"""The stream of a raw table has a view type that DynamoDB does not know.

## What it does
Compares `StreamSpecification.StreamViewType` of tables in raw `resources` and `overrides` with DynamoDB's
four.

## Why is this bad?
CloudFormation finds out in the middle of the deployment and rolls it back. cfn-lint does not see it.

## Example
```yaml
resources:
  AuditTable:
    Type: AWS::DynamoDB::Table
    Properties:
      StreamSpecification: {StreamViewType: NEW_AND_OLD}
```

## Mend
Use `NEW_AND_OLD_IMAGES`, which is what handlers of changes need; or `NEW_IMAGE`, `OLD_IMAGE`, `KEYS_ONLY`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cncb_compiler.aws.places import place, properties_of, type_of, written_by_hand
from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.mend import did_you_mean
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.plan.service import ServicePlan

RULE = Rule("CNCB911", "bad-stream-view-type", Severity.ERROR, mendable=True)

VIEW_TYPES = ("KEYS_ONLY", "NEW_AND_OLD_IMAGES", "NEW_IMAGE", "OLD_IMAGE")
"""What a stream may hold of each change (Amazon DynamoDB: StreamSpecification)."""


def check_template(plan: ServicePlan, template: dict[str, Any]) -> Iterator[Diagnostic]:
    """Tables written by hand whose stream has another view type."""
    for logical_id, resource in written_by_hand(plan, template):
        stream = properties_of(resource).get("StreamSpecification")
        if type_of(resource) != "AWS::DynamoDB::Table" or not isinstance(stream, dict):
            continue
        view_type = stream.get("StreamViewType")
        if isinstance(view_type, dict) or view_type in VIEW_TYPES:
            continue
        at = place(plan, logical_id, ("Properties", "StreamSpecification", "StreamViewType"))
        yield RULE(
            at,
            f"`{view_type}` is not a view type of a DynamoDB stream",
            mend=did_you_mean(str(view_type), VIEW_TYPES, at) or "Did you mean `NEW_AND_OLD_IMAGES`?",
        )
