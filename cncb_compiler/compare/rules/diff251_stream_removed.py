"""An event stream is gone.

## What it does
Finds streams that are declared no more: `breaking` where events travelled on it, with who listens to them; else
`risky`.

## Example
```yaml
# before
streams: {main: {}, telemetry: {}}
# after
streams: {main: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.parties import consumers

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF251", "stream-removed", (Level.BREAKING, Level.RISKY))


def changes(compared: Compared) -> Iterator[Change]:
    """Each stream on the side before only."""
    before, after = compared.before.system, compared.after.system
    for name, stream in before.streams.items():
        if name not in after.streams:
            events = [event.name for event in before.events.values() if event.stream == name]
            hit = tuple(
                one for event in events for one in consumers(compared.before, event, "before", f"reads {event}")
            )
            yield RULE(
                Level.BREAKING if hit else Level.RISKY,
                f"stream:{name}",
                f"stream {name} is gone",
                before=stream.at,
                affected=hit,
            )
