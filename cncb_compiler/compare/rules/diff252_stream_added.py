"""An event stream is new.

## What it does
Finds streams that were not there before. It is `safe`.

## Example
```yaml
# after
streams: {main: {}, telemetry: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF252", "stream-added", (Level.SAFE,))


def changes(compared: Compared) -> Iterator[Change]:
    """Each stream on the side after only."""
    before, after = compared.before.system, compared.after.system
    for name, stream in after.streams.items():
        if name not in before.streams:
            yield RULE(Level.SAFE, f"stream:{name}", f"stream {name} is new", after=stream.at)
