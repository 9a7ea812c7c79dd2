"""Other web pages may call an API.

## What it does
Finds APIs whose `cors` differs: `risky` where origins or headers are allowed that were not, else `safe`.

## Example
```yaml
# before
api: {auth: iam, cors: {origins: ["https://shop.example.com"]}}
# after
api: {auth: iam, cors: true}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.model.function import Cors

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF408", "cors-widened", (Level.RISKY, Level.SAFE))


def changes(compared: Compared) -> Iterator[Change]:
    """Each service on both sides whose cross-origin rules differ."""
    for was, now in compared.services.both():
        before, after = was.decl.api.cors, now.decl.api.cors
        if before == after:
            continue
        wider = after is not None and (before is None or (before != after and not _within(after, before)))
        pages = f"web pages of {', '.join(after.origins)}" if after else "no web pages of other origins"
        yield RULE(
            Level.RISKY if wider else Level.SAFE,
            f"service:{now.name}",
            f"service {now.name}: {pages} may call its API",
            before=was.at / "api" / "cors",
            after=now.at / "api" / "cors",
        )


def _within(after: Cors, before: Cors) -> bool:
    origins = "*" in before.origins or set(after.origins) <= set(before.origins)
    return origins and ("*" in before.headers or set(after.headers) <= set(before.headers))
