"""Events through one listener into a view, end to end on this machine: beside Powertools, and beside no function.

One system, one stream, one view. Each way puts the same number of events with PutRecords and is timed from before the
first until the machine has nothing left to do. All use the same endpoint, template, event source mapping and table;
only the function's package is another one. Wall time, in which everything on this machine has its part, the endpoint
most of all: AWS itself is not measured by it.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measure import FailedError

if TYPE_CHECKING:
    from cncb_compiler.local.session import Running, Session

PLAIN = "no function"
"""A loop in one process that reads the stream and writes the table: what the endpoint alone costs."""
PRODUCTS = 100
"""Rows of the view, and partition keys of the events."""
REQUEST = 500
"""Events of one PutRecords: as many as it may hold."""
PATIENCE_SECONDS = 600.0
SERVICE = "storefront"
FUNCTION = "ViewProductsFunction"
"""The logical id of the view's function."""

_FILES = {
    "system.yaml": """\
system: running
owner: platform
description: One view of one event, to measure with.
stages:
  dev: {account: "111111111111", regions: [us-east-1]}
streams: {main: {}}
""",
    "events/products.yaml": """\
types:
  Money: {amount: integer, currency: string}
  Product: {id: string, name: string, description: string, category: string, price: Money}
events:
  product-created: {entity: product, with: {product: Product}, external: true}
  stock-counted: {entity: stock, with: {stock: {id: string, available: integer}}, external: true}
""",
    "services/storefront.yaml": """\
service: storefront
owner: storefront
api: {auth: none}
views:
  products:
    on:
      product-created:
      stock-counted: {fields: {inStock: stock.available > `0`}}
    fields:
      id: product.id
      name: product.name
      description: product.description
      category: product.category
      price: product.price
queries:
  product: {route: "GET /products/{id}", from: products}
""",
}


@dataclass(frozen=True)
class Rate:
    """How fast one way takes events into the view."""

    subject: str
    events: int
    """Of one run."""
    seconds: tuple[float, ...]
    """Of each run."""

    @property
    def per_second(self) -> float:
        """Events per second, of the median run."""
        return self.events / statistics.median(self.seconds)


def write_system(root: Path) -> Path:
    """Write the system that is measured with below `root`."""
    for path, text in _FILES.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return root


def measured(packages: Mapping[str, bytes], root: Path, events: int, rounds: int) -> list[Rate]:
    """Measure each package (a zip, by name), and a plain loop, `rounds` times, by turns.

    `root` is a folder for the system. Raises FailedError where a view does not hold the last events in the end.
    """
    from cncb_compiler.local.session import Session
    from cncb_compiler.passes import analyse
    from cncb_compiler.source.discover import systems

    analysis = analyse(systems(write_system(root))[0])
    seconds: dict[str, list[float]] = {name: [] for name in (*packages, PLAIN)}
    with Session() as session:
        place = _Place(session, session.deploy(analysis))
        for _ in range(rounds):
            for name, package in packages.items():
                place.install(package)
                place.timed(1, place.settle)
                seconds[name].append(place.timed(events, place.settle))
                place.check(name)
        place.rest()
        place.timed(1, place.copy)
        for _ in range(rounds):
            seconds[PLAIN].append(place.timed(events, place.copy))
            place.check(PLAIN)
    return [Rate(name, events, tuple(found)) for name, found in seconds.items()]


class _Place:
    """The deployed system: its stream, its function and its table."""

    def __init__(self, session: Session, running: Running) -> None:
        deployed = running.deployed[SERVICE]
        self._machine = session.machine
        self._kinesis = session.target.client("kinesis")
        self._dynamodb = session.target.client("dynamodb")
        self._lambda = session.target.client("lambda")
        self._stream = running.deployed["event-hub"].outputs["MainStreamName"]
        self._table = deployed.outputs["ProductsTableName"]
        self._function = deployed.physical[FUNCTION]
        self._count = 0
        self._iterators: list[str] = []

    def install(self, package: bytes) -> None:
        """Have the function run this package from now on."""
        self._lambda.update_function_code(FunctionName=self._function, ZipFile=package)
        self._machine.functions.forget((self._function,))

    def rest(self) -> None:
        """Have the function be called no more."""
        self._machine.sources.forget((self._function,))

    def timed(self, events: int, finish: Callable[[int], None]) -> float:
        """Put so many events; the seconds until `finish`, told how many, returns."""
        entries = [_entry(number) for number in range(self._count, self._count + events)]
        self._count += events
        self._iterators = [self._end_of(shard) for shard in self._shards()]
        begin = time.perf_counter()
        for at in range(0, events, REQUEST):
            answer = self._kinesis.put_records(StreamName=self._stream, Records=entries[at : at + REQUEST])
            if answer["FailedRecordCount"]:
                raise FailedError("the stream did not take all events")
        finish(events)
        return time.perf_counter() - begin

    def settle(self, events: int) -> None:
        """Wait until the machine has nothing left to do."""
        self._machine.settle(PATIENCE_SECONDS)

    def copy(self, events: int) -> None:
        """Read as many events and write their rows, with no function."""
        left = events
        while left:
            for at, iterator in enumerate(self._iterators):
                answer = self._kinesis.get_records(ShardIterator=iterator, Limit=1000)
                self._iterators[at] = answer["NextShardIterator"]
                left -= len(answer["Records"])
                for record in answer["Records"]:
                    self._dynamodb.update_item(TableName=self._table, **_update(json.loads(record["Data"])))

    def check(self, name: str) -> None:
        """The view holds the last event of each product. Raises FailedError where it does not."""
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=self._table, ConsistentRead=True)
        names = {row["name"]["S"] for page in pages for row in page["Items"]}
        if not names >= {_product(number)["name"] for number in range(max(0, self._count - PRODUCTS), self._count)}:
            raise FailedError(f"the view of {name} does not hold the last events")

    def _shards(self) -> Iterator[str]:
        for shard in self._kinesis.list_shards(StreamName=self._stream)["Shards"]:
            yield shard["ShardId"]

    def _end_of(self, shard: str) -> str:
        given = {"StreamName": self._stream, "ShardId": shard, "ShardIteratorType": "LATEST"}
        return str(self._kinesis.get_shard_iterator(**given)["ShardIterator"])


def _product(number: int) -> dict[str, Any]:
    price = {"amount": 1999 + number, "currency": "EUR"}
    about = {"category": "lamps", "description": "A lamp. " * 10, "name": f"Lamp {number}", "price": price}
    return {"id": f"p-{number % PRODUCTS}", **about}


def _entry(number: int) -> dict[str, Any]:
    product = _product(number)
    event = {
        "id": f"8f7b1c1e-2f63-4c57-9d6e-{number:012d}",
        "type": "product-created",
        "timestamp": 1_700_000_000_000 + number,
        "partitionKey": product["id"],
        "product": product,
    }
    return {"Data": json.dumps(event).encode(), "PartitionKey": product["id"]}


def _update(event: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of the row's update: the same as a listener's, but for the names of the locks."""
    product = event["product"]
    price = {"amount": {"N": str(product["price"]["amount"])}, "currency": {"S": product["price"]["currency"]}}
    return {
        "Key": {"id": {"S": product["id"]}},
        "UpdateExpression": "SET #c = :c, #d = :d, #n = :n, #p = :p, #a = :a",
        "ConditionExpression": "attribute_not_exists(#a) OR #a <= :a",
        "ExpressionAttributeNames": {
            "#c": "category",
            "#d": "description",
            "#n": "name",
            "#p": "price",
            "#a": "asOf:product-created",
        },
        "ExpressionAttributeValues": {
            ":c": {"S": product["category"]},
            ":d": {"S": product["description"]},
            ":n": {"S": product["name"]},
            ":p": {"M": price},
            ":a": {"N": str(event["timestamp"])},
        },
    }


def rows(rates: Sequence[Rate]) -> list[tuple[str, ...]]:
    """The rows of the table of rates, the heading first."""
    found: list[tuple[str, ...]] = [("end to end", "events", "runs", "events/s", "spread")]
    for each in rates:
        spread = (max(each.seconds) - min(each.seconds)) / 2 / statistics.median(each.seconds)
        row = (str(each.events), str(len(each.seconds)), f"{each.per_second:.0f}", f"±{spread:.0%}")
        found.append((each.subject, *row))
    return found
