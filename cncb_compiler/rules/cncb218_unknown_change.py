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
from difflib import get_close_matches
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedSystem

RULE = Rule("CNCB218", "unknown-change", Severity.ERROR)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """Each acceptance whose kind of change is unknown."""
    if not system.declared.accepted:
        return
    from cncb_compiler.compare.registry import all_kinds

    known = [name for kind in all_kinds() for name in (kind.code, kind.slug)]
    for one in system.declared.accepted:
        if one.value.change not in known:
            close = get_close_matches(one.value.change, known, 1, 0.6)
            mend = f"Did you mean `{close[0]}`?" if close else "`cncb rules` lists the kinds of change."
            yield RULE(one.at / "change", f"`{one.value.change}` is no kind of change", mend=mend)
