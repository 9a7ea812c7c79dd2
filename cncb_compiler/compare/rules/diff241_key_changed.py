"""Rows of a store or view have another key.

## What it does
Finds stores and views whose key fields are others. The table is replaced; rows under the old key are found no more.
`breaking` for a store, `risky` for a view, which a rebuild fills again.

## Example
```yaml
# before
stores: {orders: {of: Order, key: id}}
# after
stores: {orders: {of: Order, key: id, sortKey: version}}
```

## Mend
Declare a new store or view beside it, fill it, move its readers, remove the old one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF241", "key-changed", (Level.BREAKING, Level.RISKY))


def changes(compared: Compared) -> Iterator[Change]:
    """Each store and view on both sides whose key fields differ."""
    for was, now in compared.tables:
        if was.key_names != now.key_names:
            yield RULE(
                Level.BREAKING if now.purpose == "store" else Level.RISKY,
                now.origin,
                f"{now.purpose} {now.construct.service}.{now.name}: its key is {', '.join(now.key_names)} instead of "
                f"{', '.join(was.key_names)}",
                before=was.construct.at,
                after=now.construct.at / "key",
                affected=compared.readers_after.affected(now.origin, "*"),
                mend="Declare a new one beside it, fill it, and move its readers.",
            )
