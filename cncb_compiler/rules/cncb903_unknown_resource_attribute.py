"""A raw resource or an override has a key that no CloudFormation resource has, or lacks its `Type`.

## What it does
Compares the top keys of each entry of `resources` and `overrides` with the attributes that CloudFormation
gives to resources: `Type`, `Properties`, `DependsOn`, `DeletionPolicy` and a few others.

## Why is this bad?
CloudFormation refuses the template when it is deployed. Most often a property is written beside
`Properties` instead of inside it.

## Example
```yaml
overrides:
  OrdersTable:
    DeletionProtectionEnabled: true       # belongs under Properties
```

## Mend
Move properties under `Properties`; correct the name of an attribute; give a raw resource its `Type`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.mend import did_you_mean
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.source.location import Location

RULE = Rule("CNCB903", "unknown-resource-attribute", Severity.ERROR, mendable=True)

ATTRIBUTES = (
    "Condition",
    "CreationPolicy",
    "DeletionPolicy",
    "DependsOn",
    "Metadata",
    "Properties",
    "Type",
    "UpdatePolicy",
    "UpdateReplacePolicy",
)
"""What a resource may say beside its properties (AWS CloudFormation: Resource attribute reference)."""

MAPS = ("Metadata", "Properties")


def check_attributes(entry: dict[str, Any], at: Location, required: tuple[str, ...] = ()) -> Iterator[Diagnostic]:
    """What is wrong with the top keys of one entry of `resources` or `overrides`."""
    for key in entry:
        if key not in ATTRIBUTES:
            place = (at / key).key()
            mend = did_you_mean(key, ATTRIBUTES, place, cutoff=0.75) or (
                f"If it is a property, write it as `Properties: {{{key}: ...}}`."
            )
            yield RULE(place, f"`{key}` is not an attribute of a CloudFormation resource", mend=mend)
    for key in MAPS:
        if key in entry and not isinstance(entry[key], dict) and not (entry[key] is None and not required):
            yield RULE(at / key, f"`{key}` of `{at.path[-1]}` has to be a map")
    for key in required:
        if not isinstance(entry.get(key), str):
            yield RULE(at.key(), f"`{at.path[-1]}` has no `{key}`", mend=f"Add it, such as `{key}: AWS::SNS::Topic`.")
