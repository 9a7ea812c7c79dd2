"""A type that nothing uses.

## What it does
Reports a name under `types` that no event, store, input, response or other type refers to.

## Why is this bad?
Readers take it for a part of the vocabulary. Often it is left over, or the place that should use it has a copy.

## Example
```yaml
types:
  Adress: {street: string, city: string}      # the orders say {type: Address}
```

## Mend
Remove it, or use it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.mend import Remove, chosen
from cncb_compiler.diagnostics.rule import Rule

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedSystem

RULE = Rule("CNCB212", "unused-type", Severity.WARNING, mendable=True)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """Each declared type that is in no notation."""
    for name, declared in system.declared.types.items():
        if name not in system.used_types:
            yield RULE(
                declared.at.key(),
                f"nothing uses the type `{name}`",
                mend=chosen("Remove it, or use it.", Remove(declared.at)),
            )
