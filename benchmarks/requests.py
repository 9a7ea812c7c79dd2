"""How many requests the book's simulation takes: one by one, batched, and grouped (book: ch. 9, FRP recipes).

4,500 events of four types and ten partition keys come in five invocations, as in the book's log; its listeners write
the purple ones. The runtime's operators write to a client that counts, so the same numbers come out everywhere.
"""

from __future__ import annotations

import base64
import json
import os
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from typing import Any
from unittest.mock import patch

from cncb_compiler.runtime import aws
from cncb_compiler.runtime.batch import batch
from cncb_compiler.runtime.group import group_last
from cncb_compiler.runtime.pipeline import run
from cncb_compiler.runtime.projection import project
from cncb_compiler.runtime.steps import for_types
from cncb_compiler.runtime.stream_records import from_stream
from cncb_compiler.runtime.table_batch import TableBatch
from cncb_compiler.runtime.unit import Step, each
from cncb_compiler.runtime.view import View

TYPES = ("blue", "green", "purple", "orange")
WRITTEN = "purple"
KEYS = 10
INVOCATIONS = (1000, 1000, 650, 1000, 850)
"""Events of each, as the book's log of grouping counts them."""
ENTRIES = 10
"""Writes of one request, as in the book's batching."""
SEED = 1


@dataclass(frozen=True)
class Requests:
    """What one way of writing took."""

    way: str
    events: int
    written: int
    """Events that were to be written."""
    requests: int
    book: str
    """What the book tells of it."""


class _Counting:
    """A DynamoDB that takes everything."""

    def __init__(self) -> None:
        self.requests = 0

    def update_item(self, **request: Any) -> dict[str, Any]:
        self.requests += 1
        return {}

    def batch_write_item(self, **request: Any) -> dict[str, Any]:
        self.requests += 1
        return {}


def simulated(seed: int = SEED) -> list[list[dict[str, Any]]]:
    """The simulation's events, by invocation."""
    chance = random.Random(seed)
    numbers = iter(range(sum(INVOCATIONS)))
    return [[_event(chance, next(numbers)) for _ in range(size)] for size in INVOCATIONS]


def counted() -> list[Requests]:
    """The requests of each way."""
    invocations = simulated()
    rows = View("THINGS", ("id",), locked=False)
    keyed = View("THINGS", ("id",))
    own = for_types({WRITTEN: project(lambda event: {"id": event["id"]}, _fields)})
    newest = for_types({WRITTEN: project(lambda event: {"id": event["partitionKey"]}, _fields)})
    ways: Mapping[str, tuple[tuple[Step, ...], str]] = {
        "one by one": ((own, each(rows.apply)), ""),
        f"batches of {ENTRIES}": ((own, batch(TableBatch("THINGS", rows.whole), most=ENTRIES)), "a tenth"),
        "grouped by key": ((newest, group_last(keyed.row, each(keyed.apply))), "25 of 4,500, by five keys"),
    }
    return [_counted(way, steps, book, invocations) for way, (steps, book) in ways.items()]


def rows(found: Sequence[Requests]) -> list[tuple[str, ...]]:
    """The rows of the table, the heading first."""
    table: list[tuple[str, ...]] = [("writes", "events", "to be written", "requests", "the book's")]
    table += [(one.way, f"{one.events:,}", f"{one.written:,}", f"{one.requests:,}", one.book) for one in found]
    return table


def _counted(way: str, steps: tuple[Step, ...], book: str, invocations: list[list[dict[str, Any]]]) -> Requests:
    client = _Counting()
    environment = patch.dict(os.environ, THINGS="things")
    # Metric lines go to the standard output, where the report stands.
    with patch.object(aws, "client", lambda service: client), environment, redirect_stdout(StringIO()):
        for events in invocations:
            answer = run({"Records": list(_records(events))}, None, from_stream, steps)
            assert answer == {"batchItemFailures": []}, answer
    everything = [event for events in invocations for event in events]
    written = sum(event["type"] == WRITTEN for event in everything)
    return Requests(way, len(everything), written, client.requests, book)


def _records(events: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for number, event in enumerate(events):
        data = base64.b64encode(json.dumps(event).encode()).decode()
        yield {"kinesis": {"data": data, "sequenceNumber": str(number), "partitionKey": event["partitionKey"]}}


def _event(chance: random.Random, number: int) -> dict[str, Any]:
    return {
        "id": f"thing-{number}",
        "type": chance.choice(TYPES),
        "timestamp": 1_700_000_000_000 + number,
        "partitionKey": str(chance.randint(1, KEYS)),
    }


def _fields(event: dict[str, Any]) -> dict[str, Any]:
    return {"type": event["type"], "timestamp": event["timestamp"]}
