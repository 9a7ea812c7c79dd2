"""The catalogue's pages: what is told, that every link leads somewhere, and that nothing that is written in YAML acts."""

from __future__ import annotations

import json
from functools import cache

import pytest
from catalogue_sites import SHOP, broken_links, facts_in, facts_of, made, seen

from cncb_compiler.catalogue.facts import Facts
from cncb_compiler.catalogue.paths import anchor, file_names

SYSTEM = """
system: small
owner: platform
types:
  Money: {amount: integer, currency: "enum(EUR, USD)"}
  Order:
    id: uuid
    email: {type: email, sensitive: true, description: Where the receipt goes.}
    total: Money
    note: string?
events:
  order-submitted: {entity: order, with: {order: Order}, description: Somebody ordered.}
  stock-counted: {with: {sku: string}, partitionKey: sku, external: true, stability: deprecated}
services:
  orders:
    owner: checkout
    api: {auth: iam}
    stores: {orders: {of: Order}}
    commands:
      submit: {route: POST /orders, input: {email: {type: email, sensitive: true}, total: Money}, write: orders,
               set: {id: uuid(), email: input.email, total: input.total}}
    changes: {orders: {insert: order-submitted}}
  search:
    owner: checkout
    api: {auth: none}
    views: {orders: {on: order-submitted, key: order.id, fields: {id: order.id, total: order.total, note: order.note}}}
    queries: {order: {route: "GET /orders/{id}", from: orders}}
"""
SCENARIO = """
scenario: An order is found
when:
  - call: POST /orders
    body: {email: ada@example.com, total: {amount: 5, currency: EUR}}
    returns: {status: 201, body: {id: {as: order}}}
  - call: GET /orders/{id}
    path: {id: $order}
then:
  events: [{order-submitted: {order: {id: $order, total: {amount: 5}, note: {gone: true}}}}]
"""


@cache
def small() -> dict[str, str]:
    return made(facts_of(SYSTEM, SCENARIO))


@cache
def shop() -> tuple[Facts, dict[str, str]]:
    facts = facts_in(SHOP)
    return facts, made(facts)


def test_there_is_a_page_of_everything() -> None:
    facts, site = shop()
    system = facts.system
    found = {
        kind: sum(path.startswith(f"{kind}/") for path in site) - 1 for kind in ("service", "event", "type", "view")
    }
    views = sum(len(service.views) for service in system.services.values())
    assert found == {
        "service": len(system.services),
        "event": len(system.events),
        "type": len(system.types.named),
        "view": views,
    }
    assert {"index.html", "process/order-submitted.html", "owner/customer-care.html", "stream/index.html"} <= set(site)


def test_every_link_leads_somewhere() -> None:
    assert broken_links(shop()[1]) == []


def test_a_link_that_leads_nowhere_is_seen() -> None:
    site = {"a.html": '<a id="x" href="b.html"></a><a id="x" href="#y"></a>'}
    assert broken_links(site) == ["a.html: x twice", "a.html: b.html", "a.html: #y"]


def test_a_page_tells_the_schema_of_an_event() -> None:
    page = seen(small()["event/order-submitted.html"])
    assert "Somebody ordered." in page.text
    assert "email email yes sensitive Where the receipt goes." in page.text
    assert "note string no" in page.text
    assert "../type/Money.html" in page.values("href")
    assert "field-order.total.amount" in page.values("id")


def test_a_page_tells_who_publishes_and_who_listens() -> None:
    hrefs = seen(small()["event/order-submitted.html"]).values("href")
    assert {"../service/orders.html#change-orders", "../view/search.orders.html", "../owner/checkout.html"} <= set(
        hrefs
    )
    outside = seen(small()["event/stock-counted.html"]).text
    assert "Somebody outside of the system publishes it." in outside
    assert "deprecated" in outside and "external" in outside


def test_lineage_leads_back_and_on() -> None:
    page = seen(small()["event/order-submitted.html"])
    assert "order.email store orders.orders email command orders.submit input.email" in page.text
    assert "order.total.amount store orders.orders total.amount" in page.text
    assert "../view/search.orders.html#field-total.amount" in page.values("href")


def test_examples_are_of_scenarios_with_values_in_place_of_patterns() -> None:
    page = seen(small()["event/order-submitted.html"])
    (example,) = [json.loads(word) for word in page.words if word.startswith("{")]
    assert example["type"] == "order-submitted"
    assert example["order"]["total"] == {"amount": 5}
    assert "note" not in example["order"]
    told = seen(small()["service/search.html"]).text
    assert f"GET /orders/{example['order']['id']}" in told, "what a scenario names is one value all over it"
    assert "An order is found. scenarios/s0.yaml" in told


def test_what_no_scenario_has_is_made_of_the_schema_and_says_so() -> None:
    assert "No scenario has this event." in seen(small()["event/stock-counted.html"]).text
    assert "No scenario has a row of it." in seen(small()["view/search.orders.html"]).text


def test_types_say_where_they_are_used() -> None:
    page = seen(small()["type/Money.html"])
    assert "order.total" in page.text
    assert {
        "../event/order-submitted.html#field-order.total",
        "../type/Order.html",
        "../service/orders.html#store-orders",
    } <= set(page.values("href"))


def test_boxes_of_a_picture_are_links() -> None:
    svg = small()["view/search.orders.html"].partition("<svg")[2].partition("</svg>")[0]
    assert {"../event/order-submitted.html", "../view/search.orders.html", "../service/search.html#query-order"} <= set(
        seen(svg).values("href")
    )


def test_the_search_finds_names_fields_and_routes() -> None:
    index = small()["assets/index.js"]
    assert index.startswith("window.CATALOGUE = [") and index.isascii()
    found = json.loads(index.removeprefix("window.CATALOGUE = ").rstrip(";\n"))
    by_name = {(kind, name): (path, words, fields) for kind, name, path, words, fields in found}
    assert by_name["event", "order-submitted"][0] == "event/order-submitted.html"
    assert "order.total.amount" in by_name["event", "order-submitted"][2]
    assert by_name["query", "search.order"] == ("service/search.html#query-order", "GET /orders/{id}", "")


def test_a_system_of_nothing_has_a_catalogue() -> None:
    site = made(facts_of("system: empty"))
    assert broken_links(site) == []
    assert "None." in seen(site["event/index.html"]).text


def test_a_system_with_errors_is_told_of_as_far_as_it_is_understood() -> None:
    site = made(facts_of(SYSTEM + "  broken: {views: {x: {on: nothing-such}}}\n"))
    assert "errors: this is as far as it is understood" in seen(site["index.html"]).text
    assert broken_links(site) == []


HOSTILE = """
system: hostile
owner: "../../<script>alert(1)</script>"
description: "<img src=x onerror=alert(1)>"
types:
  T: {type: object, properties: {"</td><script>alert(2)</script>": {type: string, description: "<b>x</b> \\u2028"}, "a#b ?c": {type: string}}}
events:
  e: {with: {t: T}, external: true, description: "]]><script>alert(3)</script>"}
services:
  s:
    owner: "' onclick='alert(4)"
    api: {auth: none}
    description: "\\"><script src=//evil.example/x.js></script>"
    stores: {rows: {of: {id: string}}}
    commands: {c: {route: "POST /x/{id}", input: {id: string}, write: rows, description: "javascript:alert(5)"}}
    reactions: {r: {on: e, write: rows, set: {id: "join('</script><script>alert(6)</script>', [id])"}}}
"""


def test_nothing_that_is_written_in_yaml_acts() -> None:
    facts = facts_of(HOSTILE)
    assert set(facts.system.events) == {"e"} and "T" in facts.system.types.named
    site = made(facts)
    assert broken_links(site) == []
    own = {"../assets/catalogue.js", "assets/catalogue.js"}
    for path, text in site.items():
        assert ".." not in path and path.isascii() and "<" not in path
        if path.endswith(".html"):
            page = seen(text)
            scripts = [attributes for tag, attributes in page.tags if tag == "script"]
            assert all(set(one) == {"defer", "src"} and one["src"] in own for one in scripts), path
            assert not {tag for tag, _ in page.tags} & {"img", "b", "iframe", "object"}, path
            assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")], path
            assert not [href for href in page.values("href") if ":" in href or href.startswith("//")], path
    assert "\u2028" not in site["assets/index.js"] and "</script>" not in site["event/e.html"].partition("<body")[2]


@pytest.mark.parametrize("path", ["index.html", "event/order-submitted.html"])
def test_the_policy_allows_the_site_its_own_files_and_nothing_else(path: str) -> None:
    (policy,) = [
        attributes["content"]
        for tag, attributes in seen(small()[path]).tags
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy == "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'"
    assert " style=" not in small()[path]


def test_file_names_are_readable_and_different_on_every_file_system() -> None:
    names = file_names(["orders", "Orders", "index", "con", "a b", "a/b", "../x", "x" * 300, "ü"])
    assert names["orders"] == "orders"
    assert len({name.casefold() for name in names.values()}) == len(names)
    assert "index" not in names.values() and "con" not in names.values()
    assert all(
        name.isascii() and "/" not in name and not name.startswith(".") and len(name) < 150 for name in names.values()
    )
    assert file_names(reversed(["orders", "Orders"])) == file_names(["orders", "Orders"])


def test_anchors_are_as_different_as_what_they_are_of() -> None:
    assert anchor("order.lines[].sku") == "order.lines.sku"
    assert len({anchor(name) for name in ("a b", "a-b", "a#b", "a~20b", "a.b")}) == 5


def test_descriptions_are_text_in_which_backticks_mean_code() -> None:
    text = SYSTEM.replace("Somebody ordered.", "Its `order.note` is **theirs**; a ` is not.")
    page = made(facts_of(text))["event/order-submitted.html"]
    assert "Its <code>order.note</code> is **theirs**; a ` is not." in page
