"""An acceptance of a kind of change that does not exist.

## What it does
Reports entries of `accept` whose `change` is neither the code nor the name of a kind of change.

## Why is this bad?
It accepts nothing, though somebody believes that it does.

## Example
```yaml
accept:
  - {change: field-deleted, of: "event:order-submitted#order.sku", reason: Not read any more., until: 2026-12-31}
```

## Mend
Name it as `cncb diff` does, by code or name: `field-removed`. `cncb rules` lists all kinds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.mend import did_you_mean
from cncb_compiler.diagnostics.rule import Rule

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedSystem

RULE = Rule("CNCB218", "unknown-change", Severity.ERROR, mendable=True)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """Each acceptance whose kind of change is unknown."""
    if not system.declared.accepted:
        return
    from cncb_compiler.compare.registry import all_kinds

    known = [name for kind in all_kinds() for name in (kind.code, kind.slug)]
    for one in system.declared.accepted:
        if one.value.change not in known:
            at = one.at / "change"
            mend = did_you_mean(one.value.change, known, at) or "`cncb rules` lists the kinds of change."
            yield RULE(at, f"`{one.value.change}` is no kind of change", mend=mend)
