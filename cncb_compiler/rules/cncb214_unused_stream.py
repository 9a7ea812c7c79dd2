"""A stream on which no event travels.

## What it does
Reports a declared stream that is the stream of no event.

## Why is this bad?
It costs money by the hour and carries nothing.

## Example
```yaml
streams: {main: {}, audit: {}}
events:
  order-submitted: {stream: main, entity: order, with: {order: Order}}
```

## Mend
Remove it, or say `stream:` on the events that belong to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.mend import Remove, chosen
from cncb_compiler.diagnostics.rule import Rule

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedSystem

RULE = Rule("CNCB214", "unused-stream", Severity.WARNING, mendable=True)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """Each declared stream without events."""
    if not system.streams:
        return
    used = {event.stream for event in system.events.values()}
    for stream in system.streams.values():
        if stream.declared and stream.name not in used:
            yield RULE(
                stream.at.key(),
                f"no event travels on the stream `{stream.name}`",
                mend=chosen("Remove it, or say `stream:` on the events that belong to it.", Remove(stream.at)),
            )
