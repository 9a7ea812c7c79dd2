"""A raw queue has a name that SQS does not accept.

## What it does
Looks at `QueueName` of queues in raw `resources` and `overrides`: letters, digits, `-` and `_`, 80
characters at most; it ends in `.fifo` if, and only if, the queue is FIFO.

## Why is this bad?
SQS refuses the queue, and the deployment is rolled back. cfn-lint does not see it.

## Example
```yaml
resources:
  AuditQueue:
    Type: AWS::SQS::Queue
    Properties: {QueueName: audit queue}
```

## Mend
Correct the name. Better, leave it out: CloudFormation makes one that is unique.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cncb_compiler.aws.places import place, properties_of, type_of, written_by_hand
from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.plan.service import ServicePlan

RULE = Rule("CNCB914", "bad-queue-name", Severity.ERROR)

LIMIT = 80
"""The most characters of a queue's name, `.fifo` included (Amazon SQS: Amazon SQS message quotas)."""

_ALLOWED = re.compile(r"[A-Za-z0-9_-]*")
_REFERENCE = re.compile(r"\$\{[^}]*\}")


def check_template(plan: ServicePlan, template: dict[str, Any]) -> Iterator[Diagnostic]:
    """Queues written by hand with a name that is not accepted."""
    for logical_id, resource in written_by_hand(plan, template):
        if type_of(resource) != "AWS::SQS::Queue":
            continue
        properties = properties_of(resource)
        name = properties.get("QueueName")
        shown = name.get("Fn::Sub") if isinstance(name, dict) else name
        if not isinstance(shown, str):
            continue
        known = shown if isinstance(name, str) else _REFERENCE.sub("", shown)
        fifo = properties.get("FifoQueue") in (True, "true")
        problem = _problem(known, fifo)
        if problem:
            path = ("Properties", "QueueName") if shown is name else ("Properties", "QueueName", "Fn::Sub")
            mend = "Correct the name, or leave it out: CloudFormation makes one that is unique."
            yield RULE(
                place(plan, logical_id, path),
                f"SQS does not accept the queue name `{shown}`: {problem}",
                mend=mend,
            )


def _problem(name: str, fifo: bool) -> str | None:
    if name.endswith(".fifo") != fifo:
        return "the name of a FIFO queue has to end in `.fifo`" if fifo else "only a FIFO queue may end in `.fifo`"
    if len(name) > LIMIT:
        return f"it has {len(name)} characters; {LIMIT} are allowed"
    if not _ALLOWED.fullmatch(name.removesuffix(".fifo")):
        return "letters, digits, `-` and `_` are allowed"
    return None
