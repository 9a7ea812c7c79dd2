"""A table has another capacity.

## What it does
Finds stores and views whose `capacity` differs. Less, or provisioned units instead of payment per request, is
`risky`: readers or writers may be throttled. More costs more: `safe`.

## Example
```yaml
# before
stores: {orders: {of: Order}}
# after
stores: {orders: {of: Order, capacity: {read: 5, write: 5}}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.graph.system import LinkedStore
from cncb_compiler.model.store import Scaled

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF507", "capacity-changed", (Level.RISKY, Level.SAFE))


def changes(compared: Compared) -> Iterator[Change]:
    """Each store and view on both sides with another capacity."""
    for was, now in compared.tables:
        if was.capacity != now.capacity:
            less = not isinstance(now.capacity, str) and (
                isinstance(was.capacity, str)
                or now.capacity.read_units < was.capacity.read_units
                or now.capacity.write_units < was.capacity.write_units
            )
            yield RULE(
                Level.RISKY if less else Level.SAFE,
                now.origin,
                f"{now.purpose} {now.construct.service}.{now.name}: {said(now)} instead of {said(was)}",
                before=was.construct.at / "capacity",
                after=now.construct.at / "capacity",
            )


def said(store: LinkedStore) -> str:
    """A capacity in words."""
    capacity = store.capacity
    if isinstance(capacity, str):
        return "capacity on demand"
    return f"{_units(capacity.read)} read and {_units(capacity.write)} write units"


def _units(units: int | Scaled) -> str:
    return str(units) if isinstance(units, int) else f"{units.min} to {units.max}"
