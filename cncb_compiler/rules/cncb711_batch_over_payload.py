"""A batch that is larger than what an invocation can get.

## What it does
Reports a `batchSize` that is never reached, since Lambda hands over at most 6 MB at a time:

    batchSize x (an example of the event in base64 + 400 bytes around it) > 6 MB

The size is that of an example of each event type; long texts and lists make it larger, so a little less than the limit
may be too much as well. Only sizes above the default of 100 are looked at.

## Why is this bad?
Nothing breaks: Lambda calls the function with fewer records. But memory, timeout and rate that were reckoned with the
whole batch are wrong (AWS Lambda: Batching behavior).

## Example
```yaml
views:
  products: {on: product-updated, processing: {batchSize: 10000}}
```

## Mend
Say a `batchSize` that fits.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.mend import Mend, Put
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.model.arithmetic import PAYLOAD_LIMIT
from cncb_compiler.rules.functions import readers
from cncb_compiler.schema.sample import sample

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedEvent, LinkedService, LinkedSystem

RULE = Rule("CNCB711", "batch-over-payload", Severity.WARNING, mendable=True)

DEFAULT_SIZE = 100
AROUND_A_RECORD = 400
"""Bytes of what Lambda puts around a record: ARNs, sequence number, partition key (AWS Lambda: Kinesis event)."""


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Each consumer of events that says a large batch."""
    sizes: dict[str, int] = {}
    for reader in readers(service):
        batch_size = reader.processing.batch_size
        if batch_size <= DEFAULT_SIZE or not reader.events:
            continue
        for event in reader.events:
            sizes[event] = sizes.get(event) or _size(system, system.events[event])
        # The smallest of the types that it listens to: a batch may be of those alone.
        event = min(reader.events, key=lambda name: (sizes[name], name))
        fits = PAYLOAD_LIMIT // sizes[event]
        if batch_size > fits:
            at = reader.at / "processing" / "batchSize"
            yield RULE(
                at,
                f"no batch has {batch_size} records: one of `{event}` takes about {sizes[event]} bytes, and an "
                f"invocation gets 6 MB, about {fits} of them",
                mend=Mend(f"Say `batchSize: {fits}` or less.", (Put(at, str(fits)),)),
            )


def _size(system: LinkedSystem, event: LinkedEvent) -> int:
    """The bytes of one record of an event in what Lambda hands over."""
    example = json.dumps(sample(event.record, system.types, event.name), separators=(",", ":"))
    return len(example.encode()) * 4 // 3 + AROUND_A_RECORD
