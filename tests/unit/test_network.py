"""The system as one graph: which edges there are, and that lineage names each field as its owner does."""

from __future__ import annotations

import subprocess
import sys

from cncb_compiler.graph.link import link
from cncb_compiler.graph.network import edges, lineage, network
from cncb_compiler.graph.system import LinkedSystem
from cncb_compiler.model.read import read
from cncb_compiler.source import yaml12

SHOP = """
system: shop
events:
  order-submitted: {entity: order, with: {order: {id: uuid, total: integer}}, owner: [orders, packing]}
  order-paid: {entity: order, with: {order: {id: uuid, total: integer}}, external: true}
  pack-order: {entity: order, with: {order: {id: uuid, total: integer}}}
services:
  orders:
    api: {auth: iam}
    stores: {orders: {of: {id: uuid, total: integer}}}
    commands: {submit: {input: {total: integer}, write: orders}}
    changes: {orders: {insert: order-submitted}}
    queries: {order: {route: "GET /orders/{id}", from: orders}}
  process:
    transitions:
      - join: [order-submitted, order-paid]
        by: order.id
        emit: pack-order
        with: {order: {id: '"order-submitted".order.id', total: '"order-paid".order.total'}}
  packing:
    views: {parcels: {on: pack-order}}
    stores: {labels: {of: {id: uuid, total: integer}}}
    reactions: {print: {on: pack-order, write: labels}}
    functions: {own: {handler: own.run, on: pack-order, reads: [labels, parcels], publishes: order-submitted}}
"""


def shop() -> LinkedSystem:
    value, wrong = yaml12.load(SHOP, "system.yaml")
    declared, found = read([("system.yaml", value)], "shop")
    system = link(declared)
    assert [*wrong, *found, *system.diagnostics] == []
    return system


def test_edges_point_the_way_data_flows() -> None:
    found = {(edge.kind, edge.source, edge.target) for edge in edges(shop())}
    orders, submit, change = ("store", "orders.orders"), ("command", "orders.submit"), ("change", "orders.orders")
    step, events = ("transition", "process.pack-order"), ("collected", "process.pack-order-events")
    parcels, own, submitted = ("view", "packing.parcels"), ("function", "packing.own"), ("event", "order-submitted")
    stream = ("stream", "main")
    assert {
        ("carries", stream, submitted),
        ("owns", ("service", "orders"), orders),
        ("owns", ("service", "orders"), submit),
        ("writes", submit, orders),
        ("reads", orders, change),
        ("publishes", change, submitted),
        ("reads", orders, ("query", "orders.order")),
        ("consumes", submitted, step),
        ("writes", step, events),
        ("reads", events, step),
        ("emits", step, ("event", "pack-order")),
        ("consumes", ("event", "pack-order"), parcels),
        ("owns", ("service", "packing"), parcels),
        ("writes", ("reaction", "packing.print"), ("store", "packing.labels")),
        ("reads", parcels, own),
        ("publishes", own, submitted),
    } <= found
    assert not any(kind == "maps" for kind, _, _ in found)


def test_edges_stand_at_their_declaration_and_come_once() -> None:
    found = edges(shop(), fields=True)
    assert len({(edge.kind, edge.source, edge.target) for edge in found}) == len(found)
    emits = next(edge for edge in found if edge.kind == "emits")
    assert str(emits.at) == "system.yaml#/services/process/transitions/0"


def test_lineage_names_fields_as_their_owner_does() -> None:
    pairs = {(target, source) for target, source, _ in lineage(shop())}
    assert ("event:order-submitted#order.total", "store:orders.orders#total") in pairs
    assert ("event:pack-order#order.id", "event:order-submitted#order.id") in pairs
    assert ("event:pack-order#order.total", "event:order-paid#order.total") in pairs
    assert ("view:packing.parcels#total", "event:pack-order#order.total") in pairs
    assert not [source for _, source in pairs if "#new." in source or source.startswith("events#")]


def test_network_answers_questions_about_paths() -> None:
    import networkx as nx

    graph = network(shop())
    source, target = ("command", "orders.submit"), ("view", "packing.parcels")
    assert nx.has_path(graph, source, target)
    assert not nx.has_path(graph, target, source)
    assert nx.has_path(
        graph, ("field", "command:orders.submit#input.total"), ("field", "event:order-submitted#order.total")
    )
    assert graph.edges[("event", "pack-order"), target, "consumes"]["at"] is not None


def test_edges_and_checks_of_a_clean_system_import_no_networkx() -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests/unit'); import test_network as t\n"
        "from cncb_compiler.graph.network import edges; from cncb_compiler.rules.registry import run, run_services\n"
        "system = t.shop(); edges(system, fields=True); run(system); run_services(system, system.services.values())\n"
        "assert 'networkx' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
