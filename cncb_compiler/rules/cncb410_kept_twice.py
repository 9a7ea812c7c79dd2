"""A stream whose events two data lakes keep, or whose faults two monitors keep.

## What it does
Reports a data lake that keeps a stream that another one keeps already, and likewise a monitor.

## Why is this bad?
Everything is read, stored and paid for twice, and nobody knows from which of the two to replay. Two monitors tell of
each fault twice: their alarms watch one metric, which then counts double.

## Example
```yaml
services:
  lake: {kind: data-lake}
  archive: {kind: data-lake}
```

## Mend
Keep one. Where two teams each have their own, say `streams` of both.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.rule import Rule

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedLake, LinkedMonitor, LinkedSystem

RULE = Rule("CNCB410", "kept-twice", Severity.ERROR)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """Each lake or monitor, but the first, that keeps what another one keeps."""
    services = system.services.values()
    yield from _twice("data lake", "events", [(one.name, one.lake) for one in services if one.lake])
    yield from _twice("monitor", "faults", [(one.name, one.monitor) for one in services if one.monitor])


def _twice(noun: str, what: str, keepers: list[tuple[str, LinkedLake | LinkedMonitor]]) -> Iterator[Diagnostic]:
    first: dict[str, tuple[str, LinkedLake | LinkedMonitor]] = {}
    for name, keeper in keepers:
        again = [stream for stream in keeper.streams if stream in first]
        if again:
            other, there = first[again[0]]
            streams = ", ".join(f"`{stream}`" for stream in again)
            yield RULE(
                keeper.at.key(),
                f"`{name}` keeps the {what} of {streams}, as `{other}` does",
                mend=f"Keep one {noun}, or say which `streams` each has.",
                related=(Related(there.at.key(), f"`{other}` is declared here"),),
            )
        for stream in keeper.streams:
            first.setdefault(stream, (name, keeper))
