"""A template has more dynamic references than CloudFormation accepts.

## What it does
Counts `{{resolve:...}}` in the service's template. cncb makes two for each function that reads a stream of
another stack, and two for each that publishes to one. The limit of CloudFormation is 60.

## Why is this bad?
CloudFormation refuses the template.

## Example
```yaml
service: everything-bff
views:
  a: {on: a-created, key: a.id, fields: {id: a.id}}
  # ... and thirty more, each with a function that listens to the stream
```

## Mend
Split the service, or let one view or reaction listen to several events.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.plan.service import ServicePlan

RULE = Rule("CNCB726", "too-many-dynamic-references", Severity.ERROR)

LIMIT = 60
"""The most dynamic references of one template (AWS CloudFormation: Get values stored in other services)."""


def check_template(plan: ServicePlan, template: dict[str, Any]) -> Iterator[Diagnostic]:
    """More than `LIMIT` dynamic references."""
    count = orjson.dumps(template["Resources"]).count(b"{{resolve:")
    if count > LIMIT:
        yield RULE(
            plan.at,
            f"the template of `{plan.service}` has {count} dynamic references, two for each function that "
            f"reads a stream and two for each that publishes; CloudFormation accepts {LIMIT}",
            mend="Split the service, or let one view or reaction listen to several events.",
        )
