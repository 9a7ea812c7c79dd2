"""A declaration says otherwise, in what no other kind of change is about.

## What it does
Finds commands, queries, views, stores, reactions, changes, transitions and functions of which any other key differs:
`latch`, `processing`, `keep`, `indexes`, `limit`, ... `risky`, for somebody should look at it. So nothing
that the language can say goes unsaid here.

## Example
```yaml
# before
views: {orders: {on: order-submitted}}
# after
views: {orders: {on: order-submitted, keep: 30d}}
```
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.parties import affected
from cncb_compiler.compare.settings import Setting, said, settings
from cncb_compiler.model.base import Node

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF245", "declaration-changed", (Level.RISKY,))


def changes(compared: Compared) -> Iterator[Change]:
    """Each declaration on both sides with a key that differs, apart from those that have a kind of their own."""
    for was, now in compared.declarations.both():
        old = _renamed(was.decl, compared.events.new_names)
        found = [one for one in settings(old, now.decl, TOLD) if compared.renamed_words.get(one.old) != one.new]
        if found:
            yield RULE(
                Level.RISKY,
                now.name,
                f"{now.noun}: {said(found)}",
                before=was.construct.at,
                after=now.construct.at / found[0].path[0],
                affected=affected([now.construct], "after", "works otherwise"),
            )


def _renamed(decl: Node, events: Mapping[str, str]) -> Node:
    """A declaration that listens to events by the names that they have after."""
    on = getattr(decl, "on", None)
    if not isinstance(on, dict) or events.keys().isdisjoint(on):
        return decl
    return decl.model_copy(update={"on": {events.get(name, name): how for name, how in on.items()}})


TOLD = frozenset({
    "auth", "by", "call", "capacity", "delete", "emit", "evaluate", "fields", "from", "function", "generation", "index",
    "input", "insert", "join", "key", "modify", "of", "publish", "publishes", "reads", "remove", "response", "route",
    "schedule", "set", "sortKey", "update", "when", "with", "write", "writes",
})  # fmt: skip
"""The keys whose differences are found as what they mean: fields, mappings, listeners, permissions, settings."""


def is_told(setting: Setting) -> bool:
    """Whether another kind of change tells of a setting."""
    key, *inner = setting.path
    if key == "on":
        return inner[-1:] != ["delete"]
    return inner[:1] != ["keep"] if key == "collect" else key in TOLD
