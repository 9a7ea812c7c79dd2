"""A stream that no data lake keeps.

## What it does
Reports an event stream that the data lakes of a system leave out, because each names its `streams`.

## Why is this bad?
Its events are gone when the stream forgets them. A view of them can then never be built anew, and nobody can say what
happened.

## Example
```yaml
streams: {main: {}, audit: {}}
services:
  lake: {kind: data-lake, lake: {streams: [main]}}      # and audit?
```

## Mend
Leave `streams` out: the lake then keeps all, also those to come. Or ignore this with the reason why these events may be
forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.mend import Remove, chosen
from cncb_compiler.diagnostics.rule import Rule

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedSystem

RULE = Rule("CNCB409", "stream-not-in-lake", Severity.WARNING, mendable=True)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """Each stream that is in none of the lakes."""
    lakes = [service.lake for service in system.services.values() if service.lake is not None]
    kept = {stream for lake in lakes for stream in lake.streams}
    for name, stream in system.streams.items() if lakes else ():
        if name not in kept:
            yield RULE(
                lakes[0].at / "streams",
                f"no data lake keeps the stream `{name}`",
                mend=chosen(
                    f"Add `{name}`, or leave `streams` out: it then means all.", Remove(lakes[0].at / "streams")
                ),
                related=(Related(stream.at.key(), f"`{name}` is declared here"),),
            )
