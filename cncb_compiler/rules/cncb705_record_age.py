"""A maximum record age that AWS refuses, or that is never reached.

## What it does
Reports `processing.maxAge` under 60s or over 7d, which an event source mapping does not accept, and one that is
longer than the stream keeps its events (of `changes`: than the table's stream keeps changes, 24h).

## Why is this bad?
The first cannot be deployed. Of the second, the stream forgets the records before they are old enough to go to the
failure queue: they are lost without a trace.

## Example
```yaml
streams: {main: {retention: 24h}}
views:
  products: {on: product-created, key: product.id, processing: {maxAge: 2d}}
```

## Mend
Say less than the stream's retention, or let the stream keep its events longer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.model.arithmetic import RECORD_AGE_LIMITS, TABLE_STREAM_RETENTION, duration_shown
from cncb_compiler.model.base import seconds
from cncb_compiler.rules.functions import readers

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedService, LinkedSystem
    from cncb_compiler.rules.functions import Reader

RULE = Rule("CNCB705", "record-age", Severity.ERROR)


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Each reader that says a maximum age."""
    shortest, longest = RECORD_AGE_LIMITS
    for reader in readers(service):
        said = reader.processing.max_age
        if said is None:
            continue
        age, kept = seconds(said), _kept(system, reader)
        at = reader.at / "processing" / "maxAge"
        if not shortest <= age <= longest:
            limits = f"{duration_shown(shortest)} to {duration_shown(longest)}"
            yield RULE(at, f"`{said}` is not within what Lambda accepts: {limits}", mend=f"Say {limits}.")
        elif age > kept:
            yield RULE(
                at,
                f"no record gets `{said}` old: the stream keeps it for {duration_shown(kept)}",
                mend="Say less than the stream's retention.",
            )


def _kept(system: LinkedSystem, reader: Reader) -> int:
    """How long the longest of the streams that it reads keeps a record."""
    if not reader.events:
        return TABLE_STREAM_RETENTION
    streams = {system.events[event].stream for event in reader.events} & system.streams.keys()
    return max((seconds(system.streams[name].decl.retention) for name in streams), default=RECORD_AGE_LIMITS[1])
