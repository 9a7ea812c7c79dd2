"""A function may do more than before.

## What it does
Finds functions on both sides that are allowed to do something to a table, bucket or stream that they were not.
Permissions follow from what is declared, so this is where a wider declaration shows. `risky`.

## Example
```yaml
# before
functions: {report: {handler: report.run, schedule: rate(1 day), reads: orders}}
# after
functions: {report: {handler: report.run, schedule: rate(1 day), reads: orders, writes: reports}}
```
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.plan.function import FunctionPlan

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF404", "permission-widened", (Level.RISKY,))


def changes(compared: Compared) -> Iterator[Change]:
    """Each function on both sides with new grants."""
    for pair in compared.functions:
        gained = set(grants(pair.new, {})) - set(grants(pair.old, compared.renamed_words))
        if gained:
            yield RULE(
                Level.RISKY,
                f"function:{pair.service}.{pair.new.name}",
                f"function {pair.service}.{pair.new.name} may {said(gained)}",
                before=pair.old.at,
                after=pair.new.at,
            )


def grants(function: FunctionPlan, words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What a function may do to what, by the new names of things."""
    for grant in function.grants:
        by = f" by {grant.index}" if grant.index else ""
        yield f"{grant.asset.kind} {words.get(grant.asset.name, grant.asset.name)}{by}", grant.verb


def said(found: Collection[tuple[str, str]]) -> str:
    """Grants in words: `delete, put in table orders; publish in stream main`."""
    assets = sorted({asset for asset, _ in found})
    return "; ".join(f"{', '.join(sorted(verb for one, verb in found if one == asset))} in {asset}" for asset in assets)
