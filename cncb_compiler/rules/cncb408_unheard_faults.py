"""Faults that nobody keeps.

## What it does
Reports a system that goes from stage to stage (it declares several `stages`), has functions that listen to events or
changes, and has no monitor; and a monitor that leaves out a stream on which functions publish their faults.

## Why is this bad?
What a function cannot handle becomes a `fault` event, so that the rest of its stream flows on. If nobody keeps it,
it is gone when the stream forgets it, and nobody was told: the event is lost without a trace.

## Example
```yaml
stages:
  dev: {account: "111111111111", regions: [us-east-1]}
  prd: {account: "222222222222", regions: [us-east-1]}
services:
  storefront:
    views: {products: {on: product-created}}      # what becomes of an event that it cannot handle?
```

## Mend
Add `services: {monitor: {kind: monitor}}`. A system with one stage, or none, is still being tried out, and
nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.mend import Add, Remove, chosen
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.graph.faulting import faulting_streams
from cncb_compiler.rules.places import related
from cncb_compiler.source.location import Location

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedSystem

RULE = Rule("CNCB408", "unheard-faults", Severity.WARNING, mendable=True)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """The system without a monitor, and each stream that its monitors leave out."""
    monitors = [service.monitor for service in system.services.values() if service.monitor is not None]
    faulting = faulting_streams(system)
    if not monitors:
        if len(system.declared.stages) > 1 and faulting:
            listeners = [(one, one.at.key()) for constructs in faulting.values() for one in constructs]
            yield RULE(
                system.declared.at,
                f"nobody keeps the faults of `{system.name}`: what cannot be handled is lost",
                mend=chosen(
                    "Add a service of `kind: monitor`.",
                    Add(Location(system.declared.at.file, ("services", "monitor")), "{kind: monitor}"),
                ),
                related=related(listeners, "faults of"),
            )
        return
    heard = {stream for monitor in monitors for stream in monitor.streams}
    for stream in sorted(faulting.keys() - heard):
        yield RULE(
            monitors[0].at / "streams",
            f"no monitor listens to `{stream}`, where faults are published too",
            mend=chosen(
                f"Add `{stream}`, or leave `streams` out: it then means all.", Remove(monitors[0].at / "streams")
            ),
            related=related([(one, one.at.key()) for one in faulting[stream]], "faults of"),
        )
