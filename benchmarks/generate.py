"""Systems of N services to measure with: believable, valid, and the same bytes for the same N.

Each service keeps a view of the events of the service before it in its chain, owns a table whose changes
publish its own event, has a command with a route that writes the table, and a query with a route over the
view. The head of a chain listens to the tail of the chain before it (the first, to the last), so that every
event has one producer and one consumer.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

CHAIN = 10
"""Services of one chain; also how many share one file of events."""

_SYSTEM = """\
system: bench
owner: platform
description: {services} services in chains of {chain}, to measure with.
stages:
  dev: {{account: "111111111111", regions: [us-east-1, us-west-2]}}
defaults: {{logRetention: 30d}}
tags: {{cost-center: bench}}
streams:
  main: {{retention: 24h, description: All events of the system.}}
"""

_TYPE = """\
  Item{at}:
    id: uuid
    name: string
    quantity: integer
    price: number
    status: enum(open, closed)
    tags: [string]
    note: string?
"""

_EVENT = """\
  item-{at}-changed:
    description: An item of service-{at} is new or different.
    entity: item
    with: {{item: Item{at}}}
    owner: service-{at}
"""

_SERVICE = """\
service: service-{at}
kind: bff
owner: team-{chain}
description: Keeps its items, and a view of those of service-{before}.
api: {{auth: none}}
stores:
  items: {{of: Item{at}, key: id, description: The items of this service.}}
commands:
  open:
    description: Opens an item.
    route: POST /items
    input: {{name: string, quantity: integer, price: number, tags: [string], note: string?}}
    write: items
    set:
      id: uuid()
      name: input.name
      quantity: input.quantity
      price: input.price
      status: {{const: open}}
      tags: input.tags
      note: input.note
changes:
  items: {{insert: item-{at}-changed, modify: item-{at}-changed}}
views:
  upstream:
    description: The items of service-{before}.
    on: item-{before}-changed
    key: item.id
    fields:
      id: item.id
      title: item.name
      stock: item.quantity
      price: item.price
      labels: item.tags
queries:
  upstream:
    description: One item of service-{before}.
    route: GET /upstream/{{id}}
    from: upstream
    key: path.id
"""


def upstream(index: int, services: int) -> int:
    """The service that service `index` (from 0) of `services` listens to."""
    if index % CHAIN:
        return index - 1
    heads = range(0, services, CHAIN)
    previous = heads[index // CHAIN - 1]
    return min(previous + CHAIN, services) - 1


def files(services: int) -> Iterator[tuple[str, str]]:
    """The path (relative, POSIX) and text of each file of a system of `services` services."""
    yield "system.yaml", _SYSTEM.format(services=services, chain=CHAIN)
    for chain, head in enumerate(range(0, services, CHAIN)):
        names = [f"{index:04}" for index in range(head, min(head + CHAIN, services))]
        types = "".join(_TYPE.format(at=name) for name in names)
        events = "".join(_EVENT.format(at=name) for name in names)
        yield f"events/chain-{chain:03}.yaml", f"types:\n{types}events:\n{events}"
    for index in range(services):
        text = _SERVICE.format(at=f"{index:04}", before=f"{upstream(index, services):04}", chain=f"{index // CHAIN:03}")
        yield f"services/service-{index:04}.yaml", text


def write(folder: Path, services: int) -> None:
    """Write a system of `services` services into `folder`, which is made if it is not there."""
    for path, text in files(services):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
