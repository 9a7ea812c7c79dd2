"""A small system, and a world without AWS that plays it: what tests of the scenario runner share."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from cncb_compiler.graph.system import LinkedOutlet, LinkedStore
from cncb_compiler.operate.names import FunctionName, Names, Route
from cncb_compiler.passes import Analysis, analyse
from cncb_compiler.scenarios.check import check
from cncb_compiler.scenarios.metrics import metrics_of
from cncb_compiler.scenarios.read import parsed
from cncb_compiler.scenarios.run import Result, run
from cncb_compiler.scenarios.stored import key_of
from cncb_compiler.scenarios.world import (
    Asked,
    Called,
    Effect,
    Invocation,
    Invoked,
    NotSettledError,
    Response,
    StreamRecord,
    Stub,
)
from cncb_compiler.source.discover import SystemSource
from cncb_compiler.source.files import SourceFile

SYSTEM = """
system: shop
types:
  Order: {id: uuid, customer: string, amount: integer, status: "enum(submitted, cancelled)", note: string?}
events:
  order-submitted: {entity: order, with: {order: Order}}
  order-reserved: {entity: order, with: {order: {id: uuid}}}
  order-cancelled: {entity: order, with: {order: {id: uuid}}, external: true}
services:
  orders:
    api: {auth: none}
    function: {environment: {PROVIDER_URL: "https://provider.example"}}
    stores:
      orders: {of: Order}
      files: {of: {id: string}, kind: s3}
    commands:
      submit:
        route: POST /orders
        input: {customer: string, amount: integer}
        write: orders
        set: {id: uuid(), customer: input.customer, amount: input.amount, status: {const: submitted}}
      adjust: {input: {id: uuid, amount: integer}, write: orders,
               set: {id: input.id, customer: {const: x}, amount: input.amount, status: {const: submitted}}}
    changes: {orders: {insert: order-submitted}}
    queries: {order: {route: "GET /orders/{id}", from: orders}}
  gateway:
    queues: {outbox: {of: {orderId: uuid}}}
    buses: {partners: {of: {id: uuid}}}
    reactions:
      tell: {on: order-cancelled, send: outbox, set: {orderId: order.id}}
      announce: {on: order-cancelled, send: partners}
  process:
    transitions: [{on: order-submitted, emit: order-reserved}]
  front:
    views:
      orders:
        on: {order-submitted: {}, order-cancelled: {delete: true}}
        fields: {id: order.id, customer: order.customer}
      recent: {on: order-submitted, key: order.id, fields: {id: order.id}, keep: 30d}
"""

ORDER = "11111111-1111-4111-8111-111111111111"


def analysis(text: str = SYSTEM) -> Analysis:
    """The system, analysed."""
    return analyse(SystemSource(Path("shop"), (SourceFile("system.yaml", text),)))


def names(text: str = SYSTEM) -> Names:
    """The names of the system."""
    known = analysis(text)
    return Names(known.linked, known.plans)


class FakeWorld:
    """Plays the system in memory: work that is put in is done when it settles."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, dict[str, Any]]] = {}
        self.buckets: dict[str, dict[str, Any]] = {}
        self.stream: list[StreamRecord] = []
        self.pending: list[Callable[[], None]] = []
        self.busy: list[str] = []
        self.requests: list[Asked] = []
        self.messages: dict[str, list[Any]] = {}
        self.printed: list[str] = []
        self.kept: dict[str, list[bytes]] = {}
        self.indexed: list[dict[str, Any]] = []
        self.faults: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.back = {"handled": 0, "faulted": 0, "failed": 0}
        self.of_aws: dict[str, dict[str, Called]] = {}
        self.answers: dict[str, list[Stub]] = {}
        self.ran: list[Invocation] = []
        self.on_event: Callable[[dict[str, Any]], None] = lambda event: None
        self.effects: dict[str, Effect] = {}
        self.time = 1_000

    def reset(self) -> None:
        for held in (self.tables, self.buckets, self.stream, self.requests, self.messages, self.answers, self.ran):
            held.clear()
        self.pending.clear()
        self.calls.append("reset")

    def row(self, place: str, row: dict[str, Any]) -> None:
        self.tables.setdefault(place, {})[row["id"]] = row

    def emit(self, kind: str, service: str, function: str, trigger: str | None, /, **fields: Any) -> dict[str, Any]:
        self.time += 1
        tags = {"service": service, "function": function} | ({"trigger": trigger} if trigger else {})
        event_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{kind}{trigger}{service}")) if trigger else str(uuid.uuid4())
        event = {**fields, "id": event_id, "type": kind, "timestamp": self.time, "partitionKey": "k", "tags": tags}
        self.publish("main", [("k", json.dumps(event).encode())])
        return event

    def put_rows(self, store: LinkedStore, rows: Sequence[Mapping[str, Any]], *, quiet: bool) -> None:
        for row in rows:
            self.tables.setdefault(f"{store.construct.service}.{store.name}", {})[row["id"]] = dict(row)
        self.calls.append(f"put_rows quiet={quiet}")

    def remove_row(self, store: LinkedStore, key: Mapping[str, Any]) -> None:
        self.tables.get(f"{store.construct.service}.{store.name}", {}).pop(key["id"], None)

    def put_object(self, store: LinkedStore, key: str, content: Any, *, quiet: bool) -> None:
        self.buckets.setdefault(f"{store.construct.service}.{store.name}", {})[key] = content

    def publish(self, stream: str, records: Sequence[tuple[str, bytes]]) -> None:
        for key, data in records:
            self.stream.append(StreamRecord(stream, key, data, len(self.stream) / 1000))
            try:
                event = json.loads(data)
            except ValueError:
                continue
            self.pending.append(lambda event=event: self.on_event(event))

    def call(
        self, route: Route, path: str, query: Mapping[str, Any], headers: Mapping[str, str], body: Any
    ) -> Response:
        self.calls.append(f"{route.method} {path}")
        if route.method == "POST":
            row = {"id": str(uuid.uuid4()), **body, "status": "submitted"}
            self.row("orders.orders", {**row, "asOf:written": 5})
            self.emit("order-submitted", "orders", "changes-orders", "record-1", order=row)
            return Response(201, {"Content-Type": "application/json"}, {"id": row["id"]})
        found = self.tables.get("orders.orders", {}).get(path.rpartition("/")[2])
        return Response(200 if found else 404, {}, found or {"message": "Not Found"})

    def fetch(self, url: str) -> Response:
        self.calls.append(f"fetch {url}")
        name = url.rpartition("/")[2]
        found = next((held[name] for held in self.buckets.values() if name in held), None)
        return Response(200 if found else 404, {}, found)

    def invoke(self, function: FunctionName, payload: Any) -> Invoked:
        self.calls.append(f"invoke {function}")
        return Invoked({"errorType": "ValueError"}, True) if payload == "bad" else Invoked({"echo": payload})

    def replay(self, function: FunctionName, types: Sequence[str]) -> Mapping[str, int]:
        self.calls.append(f"replay {function} {' '.join(types)}".rstrip())
        return self.back

    def resubmit(self, function: FunctionName) -> Mapping[str, int]:
        self.calls.append(f"resubmit {function}")
        return self.back

    def expire(self, store: LinkedStore, keys: Sequence[Mapping[str, Any]]) -> None:
        for key in keys:
            self.remove_row(store, key)

    def settle(self, seconds: float) -> None:
        if self.busy:
            raise NotSettledError(self.busy)
        while self.pending:
            self.pending.pop(0)()

    def rows(self, store: LinkedStore) -> list[dict[str, Any]]:
        return [dict(row) for row in self.tables.get(f"{store.construct.service}.{store.name}", {}).values()]

    def objects(self, store: LinkedStore) -> dict[str, Any]:
        return dict(self.buckets.get(f"{store.construct.service}.{store.name}", {}))

    def records(self) -> list[StreamRecord]:
        return list(self.stream)

    def metrics(self) -> dict[str, dict[str, Any]]:
        return metrics_of(self.printed)

    def lake(self, stream: str) -> list[bytes]:
        return list(self.kept.get(stream, []))

    def searched(self, words: str) -> list[dict[str, Any]]:
        return [event for event in self.indexed if words in str(event)]

    def monitored(self) -> list[dict[str, Any]]:
        return list(self.faults)

    def called(self) -> dict[str, dict[str, Called]]:
        return self.of_aws

    def failed(self, service: str) -> list[Any]:
        return list(self.messages.get(service, []))

    def sent(self, outlet: LinkedOutlet) -> list[Any]:
        return list(self.messages.get(outlet.origin, []))

    def answer(self, variable: str, stubs: Sequence[Stub]) -> None:
        self.answers[variable] = list(stubs)

    def asked(self) -> list[Asked]:
        return list(self.requests)

    def duplicate(self, function: FunctionName, times: int | None) -> None:
        self.calls.append(f"duplicate {function} {times}")

    def shuffle(self, function: FunctionName, seed: int, times: int | None) -> None:
        self.calls.append(f"shuffle {function} {seed} {times}")

    def kill(self, function: FunctionName, after_calls: int, times: int) -> None:
        self.calls.append(f"kill {function} {after_calls} {times}")

    def throttle(self, resource: LinkedStore | str, times: int) -> None:
        name = resource if isinstance(resource, str) else key_of(resource, {}) and resource.name
        self.calls.append(f"throttle {name} {times}")

    def effect(self, kind: str, of: FunctionName | LinkedStore | str) -> Effect:
        name = of.name if isinstance(of, LinkedStore) else str(of)
        return self.effects.get(f"{kind} {name}", Effect(1, "all as asked for"))

    def calm(self) -> None:
        self.calls.append("calm")

    def restart_sources(self) -> None:
        self.calls.append("restart")

    def invocations(self) -> list[Invocation]:
        return list(self.ran)

    def trace(self, event_ids: Sequence[str]) -> str:
        events = [json.loads(record.data) for record in self.stream if record.data.startswith(b"{")]
        lines = []
        for event_id in event_ids:
            lines += [one["type"] for one in events if one["id"] == event_id]
            lines += [f"  {one['type']}" for one in events if one.get("tags", {}).get("trigger") == event_id]
        return "\n".join(lines)


def playing() -> FakeWorld:
    """A world in which the system does what it declares."""
    world = FakeWorld()

    def on_event(event: dict[str, Any]) -> None:
        if event.get("type") == "order-submitted":
            order = event["order"]
            reserved = {"id": order["id"]}
            world.emit("order-reserved", "process", "transitions", event["id"], order=reserved)
            kept = {"id": order["id"], "customer": order["customer"], "asOf": event["timestamp"]}
            world.row("front.orders", kept)
            world.row("front.recent", {"id": order["id"], "expires": 9_999_999_999, "asOf": event["timestamp"]})

    world.on_event = on_event
    return world


def ran(text: str, world: FakeWorld | None = None, system: str = SYSTEM) -> Result:
    """The outcome of a scenario, which must be one."""
    file = parsed("example", SourceFile("scenarios/example.yaml", text))
    known = names(system)
    assert check(file, known) == []
    assert file.scenario is not None
    return run("example", file.scenario, known, world or playing())
