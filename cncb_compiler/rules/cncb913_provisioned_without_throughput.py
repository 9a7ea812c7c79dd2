"""A raw table with provisioned capacity does not say how much.

## What it does
Looks at tables in raw `resources` and `overrides` whose `BillingMode` is not `PAY_PER_REQUEST` and that
have no `ProvisionedThroughput`, on the table or on one of its indexes. Without `BillingMode` a table is
provisioned.

## Why is this bad?
DynamoDB refuses the table, and the deployment is rolled back. cfn-lint does not see it.

## Example
```yaml
resources:
  AuditTable:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
```

## Mend
Add `BillingMode: PAY_PER_REQUEST`, or `ProvisionedThroughput`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cncb_compiler.aws.places import place, properties_of, type_of, written_by_hand
from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.mend import Add, Put, chosen
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.plan.service import ServicePlan

RULE = Rule("CNCB913", "provisioned-without-throughput", Severity.ERROR, mendable=True)


def check_template(plan: ServicePlan, template: dict[str, Any]) -> Iterator[Diagnostic]:
    """Tables written by hand, and their indexes, that lack the capacity they need."""
    for logical_id, resource in written_by_hand(plan, template):
        if type_of(resource) != "AWS::DynamoDB::Table":
            continue
        properties = properties_of(resource)
        if properties.get("BillingMode", "PROVISIONED") != "PROVISIONED":
            continue
        if "ProvisionedThroughput" not in properties:
            at = place(plan, logical_id, ("Properties",)) / "BillingMode"
            said = "BillingMode" in properties
            edit = Put(at, "PAY_PER_REQUEST") if said else Add(at, "PAY_PER_REQUEST")
            yield RULE(
                place(plan, logical_id, ("Properties", "BillingMode")),
                f"the table `{logical_id}` has provisioned capacity, but does not say how much",
                mend=chosen("Add `BillingMode: PAY_PER_REQUEST`, or `ProvisionedThroughput`.", edit),
            )
            continue
        indexes = properties.get("GlobalSecondaryIndexes")
        for number, index in enumerate(indexes if isinstance(indexes, list) else []):
            if isinstance(index, dict) and "ProvisionedThroughput" not in index:
                yield RULE(
                    place(plan, logical_id, ("Properties", "GlobalSecondaryIndexes", number)),
                    f"the table `{logical_id}` has provisioned capacity, but its index "
                    f"`{index.get('IndexName', number)}` does not say how much",
                    mend="Add `ProvisionedThroughput` to the index.",
                )
