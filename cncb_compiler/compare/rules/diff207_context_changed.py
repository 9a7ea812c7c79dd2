"""An event carries the context of its process, or no longer does.

## What it does
Finds events whose `context` differs. `breaking` where somebody reads it: today's consumers get none any more, or
tomorrow's find none in older events. Else `risky` where it is gone and `safe` where it is new.

## Example
```yaml
# before
events: {take-payment: {entity: payment, context: true}}
# after
events: {take-payment: {entity: payment}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Incompatible, Level

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF207", "context-changed", (Level.BREAKING, Level.RISKY, Level.SAFE))


def changes(compared: Compared) -> Iterator[Change]:
    """Each event on both sides whose context flag differs."""
    for was, now in compared.events.both():
        if was.decl.context == now.decl.context:
            continue
        gone = was.decl.context
        readers = compared.readers_before if gone else compared.readers_after
        hit = readers.affected(f"event:{was.name if gone else now.name}", "context")
        why = "it is no longer there" if gone else "what was written has no `context`"
        yield RULE(
            Level.BREAKING if hit else Level.RISKY if gone else Level.SAFE,
            f"event:{now.name}#context",
            f"event {now.name} {'no longer carries' if gone else 'carries'} the context of its process",
            before=was.at / "context",
            after=now.at / "context",
            affected=hit,
            incompatible=(Incompatible("forward" if gone else "backward", why),),
            mend="Keep the context while it is read." if gone else "",
        )
