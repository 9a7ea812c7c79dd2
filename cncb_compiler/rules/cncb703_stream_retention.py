"""A stream's retention that Kinesis does not accept.

## What it does
Reports a `retention` of a stream that is shorter than 24h, longer than 8760h (365d), or no whole number of hours.

## Why is this bad?
The stack cannot be deployed.

## Example
```yaml
streams: {main: {retention: 12h}}
```

## Mend
Say `24h` to `365d`. Longer than a day gives teams the weekend to mend a consumer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.model.arithmetic import STREAM_RETENTION_LIMITS
from cncb_compiler.model.base import seconds

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedSystem

RULE = Rule("CNCB703", "stream-retention", Severity.ERROR)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """Each declared stream."""
    shortest, longest = STREAM_RETENTION_LIMITS
    for stream in system.streams.values():
        retention = seconds(stream.decl.retention)
        if not shortest <= retention <= longest or retention % 3600:
            yield RULE(
                stream.at / "retention",
                f"a stream cannot keep events for `{stream.decl.retention}`",
                mend="Say whole hours, `24h` to `8760h` (`365d`).",
            )
