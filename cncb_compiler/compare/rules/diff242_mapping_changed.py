"""A value comes from somewhere else.

## What it does
Finds fields of views, stores, events and responses, and keys and partition keys, that are filled from another
expression: "re-sourced". The type is the same, but not the meaning: `risky`, with who reads the field. Rows that are
there keep what they had until they are written again. A mapping that only follows a rename is no change.

## Example
```yaml
# before
views: {orders: {on: order-submitted, fields: {id: order.id, due: order.total}}}
# after
views: {orders: {on: order-submitted, fields: {id: order.id, due: order.balance}}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.mappings import different_leaves, mapping_pairs

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF242", "mapping-changed", (Level.RISKY,))


def changes(compared: Compared) -> Iterator[Change]:
    """Each value of a mapping on both sides that is written otherwise."""
    words = compared.renamed_words
    for pair in mapping_pairs(compared):
        if pair.old is None or pair.new is None or pair.new.target_name.startswith("guard:"):
            continue
        for leaf in different_leaves(pair.old.tree, pair.new.tree, words):
            if not leaf.old or not leaf.new:
                continue
            origin, _, path = pair.new.target_name.partition("#")
            if path == "partitionKey":
                continue
            field = ".".join(part for part in (path, leaf.path) if part)
            yield RULE(
                Level.RISKY,
                f"{origin}#{field}" if field else origin,
                f"{pair.construct.noun}: {what(origin, field)} comes from `{leaf.new}` instead of `{leaf.old}`"
                + reading(pair.new.scope.origin),
                before=pair.old.at,
                after=pair.new.at,
                affected=compared.readers_after.affected(origin, field or "*"),
            )


def what(origin: str, field: str) -> str:
    """The target of a mapping in words."""
    if origin.startswith("key:"):
        return "its key" if not field else f"its key `{field}`"
    return f"`{field}`" if field else "its value"


def reading(origin: str) -> str:
    """Of which event, where a mapping reads one."""
    return f" (of {origin[6:]})" if origin.startswith("event:") else ""
