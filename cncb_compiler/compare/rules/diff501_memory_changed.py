"""A function has another amount of memory.

## What it does
Finds functions whose memory differs, wherever it is said: on it, its service, or by the system's defaults. More costs
more for each millisecond and is faster: `safe`. Less is `risky`.

## Example
```yaml
# before
defaults: {memory: 512}
# after
defaults: {memory: 128}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF501", "memory-changed", (Level.RISKY, Level.SAFE))


def changes(compared: Compared) -> Iterator[Change]:
    """Each function on both sides with other memory."""
    for pair in compared.functions:
        was, now = pair.old.settings.memory, pair.new.settings.memory
        if was != now:
            yield RULE(
                Level.RISKY if now < was else Level.SAFE,
                f"function:{pair.service}.{pair.new.name}",
                f"function {pair.service}.{pair.new.name}: {now} MB of memory instead of {was}",
                before=pair.old.at,
                after=pair.new.at,
            )
