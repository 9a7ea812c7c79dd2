"""An override that takes the encryption from a table, bucket, stream or queue.

## What it does
Looks at the derived resources that `overrides` patch: each that held data encrypted must still do so.

## Why is this bad?
Fields that are declared `sensitive` flow into stores and streams because these are encrypted by construction; what the
lineage of the system proves would no longer be true.

## Example
```yaml
overrides:
  OrdersTable: {Properties: {SSESpecification: null}}
```

## Mend
Leave the encryption as it is, or name another key.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cncb_compiler.aws.places import place, properties_of, type_of, written_by_hand
from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.plan.service import ServicePlan

RULE = Rule("CNCB832", "unencrypted-store", Severity.ERROR)

_ENCRYPTION: dict[str, tuple[tuple[str, ...], ...]] = {
    "AWS::DynamoDB::Table": (("SSESpecification", "SSEEnabled"),),
    "AWS::S3::Bucket": (("BucketEncryption", "ServerSideEncryptionConfiguration"),),
    "AWS::Kinesis::Stream": (("StreamEncryption", "KeyId"),),
    "AWS::SQS::Queue": (("SqsManagedSseEnabled",), ("KmsMasterKeyId",)),
}
"""Where each type of resource says that it is encrypted; one of the places is enough."""


def check_template(plan: ServicePlan, template: dict[str, Any]) -> Iterator[Diagnostic]:
    """Derived resources that an override left without encryption."""
    for logical_id, resource in written_by_hand(plan, template):
        places = _ENCRYPTION.get(type_of(resource), ())
        if logical_id in plan.resources or not places:
            continue
        if not any(_said(properties_of(resource), steps) for steps in places):
            yield RULE(
                place(plan, logical_id, ("Properties", places[0][0])),
                f"without `{places[0][0]}`, `{logical_id}` holds its data unencrypted",
                mend="Leave the encryption as it is, or name another key.",
            )


def _said(value: Any, steps: tuple[str, ...]) -> bool:
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value not in (None, False, "false", [], {})
