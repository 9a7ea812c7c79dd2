from __future__ import annotations

import json
import uuid
from typing import Any

from scenario_worlds import names, playing, ran

from cncb_compiler.runtime.rows import public
from cncb_compiler.scenarios.check import check
from cncb_compiler.scenarios.happened import Dump
from cncb_compiler.scenarios.read import parsed
from cncb_compiler.scenarios.record import recorded
from cncb_compiler.source.files import SourceFile
from cncb_compiler.source.yaml12 import load

NOW = 1_700_000_000.0
ORDER = "6f1f54d1-7a3e-4b0c-9d5b-3c1d8b6d7f42"
OTHER = "7f1f54d1-7a3e-4b0c-9d5b-3c1d8b6d7f42"


def happened() -> Dump:
    """A live run of the small system, as its fake plays it: a request, and an event from outside."""
    world = playing()
    body = {"customer": "ann", "amount": 3}
    route = next(one for one in names().routes if str(one) == "POST /orders")
    response = world.call(route, "/orders", {}, {}, body)
    outside: dict[str, Any] = {
        "id": str(uuid.uuid4()), "type": "order-submitted", "timestamp": int(NOW * 1000), "partitionKey": "k",
        "tags": {"source": "partner"}, "order": {"id": OTHER, "customer": "012", "amount": 1, "status": "submitted"},
    }  # fmt: skip
    world.publish("main", [("k", json.dumps(outside).encode())])
    world.settle(1)
    rows = {place: [public(row, expires=True) for row in held.values()] for place, held in world.tables.items()}
    return {
        "requests": [
            {"service": "orders", "route": "POST /orders", "path": {}, "query": {}, "body": body,
             "status": 201, "response": response.body, "at": NOW},
        ],
        "events": [
            {"stream": one.stream, "event": json.loads(one.data), "at": NOW + number}
            for number, one in enumerate(world.records(), 1)
        ],
        "rows": rows,
    }  # fmt: skip


def test_a_recorded_scenario_passes_when_it_is_run() -> None:
    text = recorded(happened(), "An order of ours, and one of a partner's")
    result = ran(text)
    assert result.problem == "", text


def test_generated_ids_have_names_and_given_ones_stay() -> None:
    dump = happened()
    text = recorded(dump, "x")
    value, found = load(text, "x")
    assert found == []
    call, publish = value["when"]
    assert call["returns"]["body"] == {"id": {"is": "uuid", "as": "order"}}
    assert publish["data"]["order"]["id"] == OTHER
    assert publish["data"]["order"]["customer"] == "012"
    generated = dump["requests"][0]["response"]["id"]
    assert generated not in text
    assert OTHER in text
    assert value["then"]["events"][0]["order-submitted"]["order"]["id"] == "$order"


def test_times_that_recur_are_bound_and_texts_are_escaped() -> None:
    at = int(NOW * 1000) + 5
    dump: Dump = {
        "requests": [
            {"service": "orders", "route": "GET /orders/{id}", "path": {"id": "$x"}, "query": {}, "body": None,
             "status": 200, "response": {"at": at, "once": at + 1, "is": {"is": "uuid"}}, "at": NOW},
        ],
        "events": [],
        "rows": {"front.orders": [{"id": "1e3", "at": at}]},
        "external": [{"variable": "PROVIDER_URL", "on": "POST /c", "body": None, "status": 402, "response": {"no": "$x"}}],
        "before": {"orders.orders": [{"id": "yes"}]},
    }  # fmt: skip
    value, found = load(recorded(dump, "It asks"), "x")
    assert found == []
    step = value["when"][0]
    assert step["path"] == {"id": "$$x"}
    body = step["returns"]["body"]
    assert body["at"] == {"is": "timestamp", "as": "at"}
    assert body["once"] == {"is": "timestamp"}
    assert body["is"] == {"exactly": {"is": "uuid"}}
    assert value["then"]["rows"]["front.orders"] == [{"id": "1e3", "at": "$at"}]
    answers = value["given"]["answers"]["PROVIDER_URL"]
    assert answers == [{"on": "POST /c", "status": 402, "body": {"no": "$$x"}}]
    assert value["given"]["rows"] == {"orders.orders": [{"id": "yes"}]}


def test_faults_are_recorded_as_such() -> None:
    fault = {
        "id": "f", "type": "fault", "timestamp": 1, "partitionKey": "f", "pipeline": "view-orders",
        "tags": {"service": "front", "function": "view-orders", "trigger": "x"}, "error": {"name": "PoisonError"},
    }  # fmt: skip
    request = {"service": "orders", "route": "POST /orders", "path": {}, "query": {}, "body": {"customer": "a", "amount": 1},
               "status": 201, "response": None, "at": NOW}  # fmt: skip
    dump: Dump = {"requests": [request], "events": [{"stream": "main", "event": fault, "at": NOW}], "rows": {}}  # type: ignore[list-item]
    text = recorded(dump, "x")
    value, _ = load(text, "x")
    assert value["then"] == {"faults": [{"function": "front.view-orders", "error": {"name": "PoisonError"}}]}
    assert check(parsed("x", SourceFile("scenarios/x.yaml", text)), names()) == []


def test_what_comes_again_is_written_once() -> None:
    address = {"name": "Ada", "street": "Dam 1", "postcode": "0012", "city": "Delft", "country": "NL", "id": ORDER}
    body = {"customer": "ann", "address": address}
    asked = {"variable": "PROVIDER_URL", "on": "POST /c", "body": None, "status": 200, "response": {"ok": True}}
    dump: Dump = {
        "requests": [
            {"service": "orders", "route": "POST /orders", "path": {}, "query": {}, "body": body,
             "status": 404, "response": {"id": OTHER, "error": {"code": "x", "message": "y"}}, "at": NOW},
        ],
        "events": [],
        "rows": {"front.orders": [{"id": OTHER, "address": address}]},
        "objects": {"orders.files": {f"{OTHER}/1.json": {"id": OTHER}}},
        "external": [asked, asked],
    }  # type: ignore[typeddict-item] # fmt: skip
    text = recorded(dump, "It asks")
    assert text.count("Dam 1") == 1
    assert "address: &address" in text
    assert "- {id: $order, address: *address}" in text
    assert "- {on: POST /c, body: {ok: true}}\n" in text
    value, found = load(text, "x")
    assert found == []
    step = value["when"][0]
    assert "service" not in step
    assert step["returns"]["body"] == {"id": {"is": "uuid", "as": "order"}, "error": {"code": "x"}}
    assert value["then"]["objects"] == {"orders.files": {"$order/1.json": {"id": "$order"}}}


def test_messages_are_recorded_by_the_names_of_what_they_tell() -> None:
    dump = happened()
    order = next(iter(dump["rows"]["orders.orders"]))["id"]
    dump["messages"] = {"gateway.outbox": [{"orderId": order}], "gateway.partners": []}
    value, found = load(recorded(dump, "x"), "x")
    assert found == []
    assert value["then"]["messages"] == {"gateway.outbox": [{"orderId": "$order"}]}
