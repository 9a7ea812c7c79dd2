"""A stream is encrypted with another key.

## What it does
Finds streams whose `encryption` differs. `risky`: who may use the new key is decided elsewhere, and producers or
consumers that may not are refused.

## Example
```yaml
# before
streams: {main: {encryption: alias/shop}}
# after
streams: {main: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF409", "encryption-changed", (Level.RISKY,))


def changes(compared: Compared) -> Iterator[Change]:
    """Each stream on both sides with another key."""
    for was, now in compared.streams:
        if was.decl.encryption != now.decl.encryption:
            yield RULE(
                Level.RISKY,
                f"stream:{now.name}",
                f"stream {now.name} is encrypted with {now.decl.encryption} instead of {was.decl.encryption}",
                before=was.at / "encryption",
                after=now.at / "encryption",
            )
