"""The system has another name.

## What it does
Finds a system that has another name on the side after. The names of all its stacks begin with it: each is another
stack, and nothing of the old ones is taken along. `breaking` where there are callers or stores, for the addresses of
the APIs are others and stores begin empty; else `risky`.

## Example
```yaml
# before
system: shop
# after
system: store
```

## Mend
Keep the name: `description` can say what it is now. Else move the data, and the callers, by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.parties import callers_of

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF263", "system-renamed", (Level.BREAKING, Level.RISKY))


def changes(compared: Compared) -> Iterator[Change]:
    """One, where the names differ."""
    before, after = compared.before.system, compared.after.system
    if before.name != after.name:
        services = before.services.values()
        callers = tuple(caller for service in services for caller in callers_of(service))
        yield RULE(
            Level.BREAKING if callers or any(service.stores for service in services) else Level.RISKY,
            "system",
            f"system {before.name} is now called {after.name}: new stacks, which begin without data; the old stand",
            before=before.declared.at,
            after=after.declared.at,
            affected=callers,
            mend="Keep the name, or move the data and the callers.",
        )
