"""An event type travels on another stream.

## What it does
Finds events whose `stream` is another. `breaking` where somebody listens: until they are deployed they listen to the
old stream, on which it comes no more; and the order between events of the two streams is lost.

## Example
```yaml
# before
events: {page-viewed: {entity: page, external: true}}
# after
events: {page-viewed: {entity: page, external: true, stream: telemetry}}
```

## Mend
Deploy the consumers first: they listen to the new stream already when the producer turns to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.parties import consumers

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF204", "event-moved", (Level.BREAKING, Level.RISKY))


def changes(compared: Compared) -> Iterator[Change]:
    """Each event on both sides whose stream differs."""
    for was, now in compared.events.both():
        if was.stream != now.stream:
            hit = consumers(compared.before, was.name, "before", f"listens to {was.stream}")
            yield RULE(
                Level.BREAKING if hit else Level.RISKY,
                f"event:{now.name}",
                f"event {now.name} travels on {now.stream} instead of {was.stream}",
                before=was.at / "stream",
                after=now.at / "stream",
                affected=hit,
                mend="Deploy the consumers before the producer.",
            )
