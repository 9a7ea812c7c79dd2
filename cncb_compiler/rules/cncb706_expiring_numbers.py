"""Numbers that sink because the events that they are computed from expire.

## What it does
A view that computes its `fields` from collected events, and keeps them only for some time (`collect.keep`), must
have a time bucket in its key: `year()`, `month()`, `day()` or `hour()` of a timestamp. And the events must be kept
for at least the length of the bucket. A view that is computed by a hook (`evaluate`) is not looked at.

## Why is this bad?
A row is computed anew from the events that are still there. Once the oldest have expired, the next event makes the
count smaller than it was, and nothing tells.

## Example
```yaml
views:
  totals:
    collect: {on: payment-taken, by: payment.customerId, keep: 90d}
    key: payment.customerId                                      # all times together
    fields: {spent: "sum(payment-taken, payment.amount)"}
```

## Mend
Add a bucket to the key (`{customerId: payment.customerId, month: month(timestamp)}`), keep the events longer than
the bucket, or leave `keep` out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.mapping.tree import Expression, Nested
from cncb_compiler.model.arithmetic import duration_shown

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedMapping, LinkedService, LinkedSystem

RULE = Rule("CNCB706", "expiring-numbers", Severity.ERROR)

DAY = 86_400
BUCKETS = {"year": 366 * DAY, "month": 31 * DAY, "day": DAY, "hour": 3600}
"""The longest that each bucket may last, in seconds."""

_BUCKET = re.compile(rf"\b({'|'.join(BUCKETS)})\s*\(")


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Each collected view whose events expire."""
    for view in service.views:
        if view.collect is None or view.collect.keep is None or not view.aggregates:
            continue
        buckets = [_bucket(key) for key in view.keys.values()]
        at = view.construct.at / "collect" / "keep"
        key = Related((view.construct.at / "key").key(), "the key of the rows")
        if not all(buckets):
            yield RULE(
                at,
                f"the numbers of `{view.construct.name}` sink when events expire: its key has no time bucket",
                mend="Add one to the key, such as `month: month(timestamp)`, or leave `keep` out.",
                related=(key,),
            )
        elif view.collect.keep < max(buckets):
            bucket, keep = duration_shown(max(buckets)), duration_shown(view.collect.keep)
            message = f"a row counts up to {bucket}, but its events are kept for {keep}"
            yield RULE(at, message, mend=f"Keep them for `{bucket}` or longer.", related=(key,))


def _bucket(key: LinkedMapping) -> int:
    """The length of the finest time bucket in a key, in seconds; 0 where there is none."""
    trees = key.tree.fields.values() if isinstance(key.tree, Nested) else (key.tree,)
    found = [BUCKETS[name] for tree in trees if isinstance(tree, Expression) for name in _BUCKET.findall(tree.text)]
    return min(found, default=0)
