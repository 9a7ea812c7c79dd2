"""A condition is another.

## What it does
Finds `when` conditions of projections, reactions, transitions and changes that are new, gone or written otherwise:
from now on other events are kept, other work is done, other events are published. `risky`.

## Example
```yaml
# before
reactions: {ship: {on: order-paid, write: parcels}}
# after
reactions: {ship: {on: order-paid, when: order.total > `0`, write: parcels}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.mappings import different_leaves, leaves, mapping_pairs
from cncb_compiler.compare.parties import affected

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF243", "condition-changed", (Level.RISKY,))


def changes(compared: Compared) -> Iterator[Change]:
    """Each condition that is on one side only, or is another text."""
    words = compared.renamed_words
    for pair in mapping_pairs(compared):
        if not pair.either.target_name.startswith("guard:"):
            continue
        was, now = (dict(leaves(one.tree)).get("", "") if one else "" for one in (pair.old, pair.new))
        if pair.old and pair.new and not any(different_leaves(pair.old.tree, pair.new.tree, words)):
            continue
        text = f"only when `{now}`" if now else "whatever it says"
        yield RULE(
            Level.RISKY,
            pair.construct.name,
            f"{pair.construct.noun}: {text}, instead of {f'only when `{was}`' if was else 'whatever it says'}",
            before=pair.old.at if pair.old else pair.old_construct.construct.at,
            after=pair.new.at if pair.new else pair.construct.construct.at,
            affected=affected([pair.construct.construct], "after", "decides otherwise"),
        )
