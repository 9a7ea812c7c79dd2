"""`cncb lineage`: back to the request, on to the response, and who would break."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cncb_compiler.cli.main import cli

SYSTEM = """
system: shop
types:
  Line: {sku: string, price: integer}
  Order: {id: uuid, total: integer, lines: [Line]}
events:
  order-submitted: {entity: order, with: {order: Order}}
  order-taken: {entity: order, with: {order: {id: uuid}}, external: true}
  pack-order: {entity: order, context: true, with: {parcel: {id: uuid, skus: [string]}}}
services:
  orders:
    api: {auth: iam}
    stores: {orders: {of: Order}}
    commands:
      submit: {input: {total: integer, lines: [Line]}, write: orders, set: {id: uuid(), total: input.total, lines: input.lines}}
    changes: {orders: {insert: order-submitted}}
  process:
    transitions:
      - {on: order-submitted, emit: pack-order, with: {parcel: {id: order.id, skus: "order.lines[].sku"}}}
  history:
    api: {auth: iam}
    views: {orders: {on: order-submitted, key: {id: order.id}, fields: {total: order.total}}}
    queries: {order: {route: "GET /orders/{id}", from: orders}}
  packing:
    stores: {dear: {of: Order}}
    reactions: {keep: {on: order-submitted, write: dear, when: order.total > `9`, set: {id: order.id, lines: order.lines}}}
    views:
      parcels: {on: pack-order, key: {id: parcel.id}, fields: {skus: parcel.skus, total: context.order.total}}
"""


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "system.yaml").write_text(SYSTEM)
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["lineage", *arguments], catch_exceptions=False)


def of(field: str) -> list[dict]:
    result = run(field, "--output-format", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)["fields"]


def names(steps: list[dict]) -> set[str]:
    return {step["field"] for step in steps} | {name for step in steps for name in names(step.get("steps", []))}


def test_where_a_field_comes_from_where_it_goes_and_who_breaks() -> None:
    (found,) = of("order.total")
    assert (found["field"], found["type"]) == ("event:order-submitted#order.total", "integer")
    assert names(found["from"]) == {"store:orders.orders#total", "command:orders.submit#input.total"}
    assert {
        "view:history.orders#total",
        "response:history.order#total",
        "event:pack-order#context.order.total",
        "view:packing.parcels#total",
        "guard:packing.reactions.keep",
    } <= names(found["to"])
    assert {hit["node"] for hit in found["breaks"]} == {
        "view:history.orders",
        "response:history.order",
        "view:packing.parcels",
        "reaction:packing.keep",
        "transition:process.pack-order",
    }


def test_a_field_in_a_list_and_what_it_is_published_as() -> None:
    for text in ("order.lines.sku", "order-submitted#order.lines[].sku", "event:order-submitted#order.lines.sku"):
        (found,) = of(text)
        assert {"event:pack-order#parcel.skus", "view:packing.parcels#skus"} <= names(found["to"])
        assert "transition:process.pack-order" in {hit["node"] for hit in found["breaks"]}


def test_back_through_a_context_to_the_request() -> None:
    (found,) = of("view:packing.parcels#total")
    assert names(found["from"]) >= {
        "event:pack-order#context.order.total",
        "event:order-submitted#order.total",
        "command:orders.submit#input.total",
    }
    assert (found["to"], found["breaks"]) == ([], [])


def test_one_name_in_several_events_and_where_what_is_filled_by_nobody_comes_from() -> None:
    found = {one["field"]: one for one in of("order.id")}
    assert set(found) == {"event:order-submitted#order.id", "event:order-taken#order.id"}
    assert "external" in found["event:order-taken#order.id"]["origin"]
    (given,) = of("command:orders.submit#input.total")
    assert given["origin"] == "whoever calls the command"


def test_the_text_has_places_and_says_where_it_ends() -> None:
    text = run("view:history.orders#total").stdout
    assert "view:history.orders#total (integer)" in text
    assert "    event:order-submitted#order.total  system.yaml:" in text
    assert "response:history.order: answers with it" in text
    assert "goes nowhere\n  nothing would break without it" in run("view:packing.parcels#total").stdout


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("order.totel", "`order.total`"),
        ("order.sku", "`order.lines.sku`"),
        ("order-submited#order.total", "`event:order-submitted#order.total`"),
        ("view:history.orders#totl", "`view:history.orders#total`"),
    ],
)
def test_what_is_no_field(asked: str, meant: str) -> None:
    result = run(asked)
    assert (result.exit_code, f"Did you mean {meant}?" in result.output) == (2, True), result.output
