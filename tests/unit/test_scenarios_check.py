"""Findings in scenario files: CNCB955, CNCB956, CNCB957, CNCB958, CNCB959, and those that they share with topologies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scenario_worlds import ORDER, names

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.scenarios.check import check
from cncb_compiler.scenarios.read import parsed, scenarios
from cncb_compiler.source.files import SourceFile
from cncb_compiler.source.sources import Sources

GOOD = f"""
scenario: An order is taken
given:
  events: [{{publish: order-cancelled, data: {{order: {{id: {ORDER}}}}}, as: cancelled}}]
  rows: {{orders.orders: [{{id: {ORDER}, customer: ann, amount: 3, status: submitted, asOf: 3}}]}}
  objects: {{orders.files: {{a.json: text}}}}
  answers: {{PROVIDER_URL: [{{on: POST /charges, status: 402, times: 1, when: {{a: 1}}}}]}}
  switches: [{{duplicate: orders.changes-orders}}, {{throttle: main}}, {{throttle: front.orders}}, {{restart: sources}}]
when:
  - publish: order-submitted
    data: {{order: {{id: $cancelled.order.id, customer: bob, amount: 1, status: submitted}}}}
  - publish: {{raw: "{{", stream: main}}
  - call: GET /orders/{{id}}
    path: {{id: $cancelled.order.id}}
    returns: {{status: 200, body: {{id: {{is: uuid, as: order}}, note: {{gone: true}}}}}}
  - invoke: orders.adjust
    payload: {{id: $order, amount: 1}}
  - {{put: orders.orders, row: {{id: $order, customer: ann, amount: 3, status: cancelled}}}}
  - {{remove: orders.orders, key: {{id: $order}}}}
  - {{upload: orders.files, object: a.json, content: text}}
  - {{fetch: $order, returns: {{status: 200}}}}
  - {{expire: front.recent, after: 31d}}
  - {{expire: front.orders, after: 31d, settle: false}}
then:
  events: [{{order-submitted: {{order: {{id: $order}}}}}}, order-reserved]
  rows:
    front.orders: [{{id: $order, customer: {{matches: "a.*"}}, asOf: {{as: at}}}}]
    orders.orders: {{removed: [{{id: $order}}]}}
  objects: {{orders.files: {{a.json: {{gone: true}}}}}}
  requests: {{PROVIDER_URL: [{{on: "POST /charges/{{id}}", body: {{at: $at}}}}]}}
  faults: [{{function: front.view-orders, error: {{name: {{as: name}}}}}}]
  failed: {{front: [{{any: true}}]}}
  messages:
    gateway.outbox: [{{orderId: $order}}]
    gateway.partners: [{{source: shop.gateway, detail: {{id: {{any: true}}}}}}]
  within: 20s
"""


def found(text: str) -> list[Diagnostic]:
    return check(parsed("x", SourceFile("scenarios/x.yaml", text)), names())


def test_a_good_scenario_has_no_findings() -> None:
    assert found(GOOD) == []


@pytest.mark.parametrize(
    ("change", "code", "at", "mend"),
    [
        (("when:\n  - publish: order-submitted", "when:\n  - publish: order-submited"), "CNCB201", "order-submited", "Did you mean `order-submitted`?"),
        (("order-reserved]", "order-reservd]"), "CNCB201", "order-reservd", "Did you mean `order-reserved`?"),
        (("{put: orders.orders", "{put: orders.ordrs"), "CNCB203", "orders.ordrs", "Did you mean `orders.orders`?"),
        (("upload: orders.files", "upload: orders.orders"), "CNCB203", "orders.orders", "Say it under `rows`, or `put`."),
        (("{throttle: main}", "{throttle: mian}"), "CNCB204", "mian", "Did you mean `main`?"),
        (("failed: {front:", "failed: {fornt:"), "CNCB205", "fornt", "Did you mean `front`?"),
        (("gateway.outbox: [", "gateway.outbx: ["), "CNCB208", "gateway.outbx", "Did you mean `gateway.outbox`?"),
        (("[{orderId: $order}]", "[{order: $order}]"), "CNCB957", "order", "Did you mean `orderId`?"),
        (("detail: {id: {any", "detail: {idd: {any"), "CNCB957", "idd", "Did you mean `id`?"),
        (("call: GET /orders/{id}", "call: GET /order/{id}"), "CNCB955", "GET /order/{id}", "Did you mean `GET /orders/{id}`?"),
        (("path: {id: $cancelled.order.id}", "path: {idd: 1, id: 2}"), "CNCB955", "idd", "Did you mean `id`?"),
        (("    path: {id: $cancelled.order.id}\n", ""), "CNCB955", "GET /orders/{id}", "Add `path: {id: ...}`."),
        (("orders.adjust", "orders.adjustt"), "CNCB956", "orders.adjustt", "Did you mean `orders.adjust`?"),
        (("function: front.view-orders", "function: front.view-order"), "CNCB956", "front.view-order", "Did you mean `front.view-orders`?"),
        (("amount: 1, status: submitted}}\n  - publish", "amount: x, status: submitted}}\n  - publish"), "CNCB957", "x", None),
        (("customer: bob, amount: 1, status: submitted", "customer: bob, amount: 1, status: submited"), "CNCB957", "submited", "Did you mean `submitted`?"),
        (("customer: bob, ", ""), "CNCB957", None, "Add `customer:`."),
        (("{id: $order, customer: {matches", "{id: $order, custmer: {matches"), "CNCB957", "custmer", "Did you mean `customer`?"),
        (("key: {id: $order}", "key: {idd: $order, id: $order}"), "CNCB957", "idd", "Did you mean `id`?"),
        (("expire: front.recent", "expire: orders.orders"), "CNCB957", "orders.orders", "Declare `keep` (a view) or `ttl` (a store)."),
        (("payload: {id: $order", "payload: {id: $ordr"), "CNCB958", "$ordr", "Did you mean `$order`?"),
        (("body: {at: $at}", "body: {at: $name}"), "CNCB958", "$name", "Bind it before: `as: name`; or write `$$` for a plain `$`."),
        (("customer: ann, amount: 3, status: submitted, asOf: 3}", "customer: $cancelled.id, amount: 3, status: submitted}"), "CNCB958", "$cancelled", None),
        (("answers: {PROVIDER_URL", "answers: {PROVIDR_URL"), "CNCB959", "PROVIDR_URL", "Did you mean `PROVIDER_URL`?"),
        (("{is: uuid, as: order}", "{is: uuidd, as: order}"), "CNCB110", "uuidd", "Did you mean `uuid`?"),
        (("{is: uuid, as: order}", "{is: Ordr, as: order}"), "CNCB202", "Ordr", "Did you mean `Order`?"),
        (('matches: "a.*"', 'matches: "("'), "CNCB103", '"("', None),
        (("as: at}", "as: 1}"), "CNCB103", "1", None),
        (("within: 20s", "within: 20"), "CNCB103", "20", None),
        (("  - invoke: orders.adjust", "  - invok: orders.adjust"), "CNCB101", "invok", "Did you mean `invoke`?"),
        (("{restart: sources}", "{restrt: sources}"), "CNCB101", "restrt", "Did you mean `restart`?"),
        (("    returns: {status: 200, body", "    returns: {statuss: 200, body"), "CNCB101", "statuss", "Did you mean `status`?"),
        (("  within: 20s", "  search: {red: []}"), "CNCB957", "red", "Say `lake: {index: true}` of the data lake, or remove this."),
        (("  within: 20s", "  withn: 20s"), "CNCB101", "withn", "Did you mean `within`?"),
        (("settle: false", "settle: no"), "CNCB103", "no", None),
        (("events: [{order-submitted: {order: {id: $order}}}, order-reserved]", "events: {exactly: [], some: []}"), "CNCB103", "[]", "Keep one of the two."),
    ],
)  # fmt: skip
def test_each_finding(change: tuple[str, str], code: str, at: str | None, mend: str | None) -> None:
    assert change[0] in GOOD, change[0]
    text = GOOD.replace(change[0], change[1], 1)
    one = next((one for one in found(text) if one.code == code), None)
    assert one is not None, [(other.code, other.message) for other in found(text)]
    if mend is not None:
        assert one.mend == mend
    if at is not None:
        place = Sources([SourceFile("scenarios/x.yaml", text)]).range(one.at)
        line = text.splitlines()[place.line - 1]
        assert line[place.column - 1 :].startswith(at)


def test_all_findings_come_at_once() -> None:
    text = GOOD.replace("- invoke: orders.adjust", "- invok: orders.adjust").replace("bob, amount: 1", "bob, amount: x")
    assert {"CNCB101", "CNCB957"} <= {one.code for one in found(text)}


def test_an_ambiguous_function_is_asked_about() -> None:
    both = GOOD.replace("invoke: orders.adjust", "invoke: orders.orders")
    assert found(both) == []  # one function alone is declared under `orders`: the changes
    assert [one.code for one in found("scenario: x\nwhen: [{invoke: orders.query-order}]\n")] == []


@pytest.mark.parametrize("text", ["", "- 1", "scenario: x", "scenario: x\nwhen: 3", "a: [", "when: [1]"])
def test_what_is_no_scenario_is_told(text: str) -> None:
    assert found(text)


def test_scenarios_are_found_below_the_system(tmp_path: Path) -> None:
    assert scenarios(tmp_path) == []
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "b.yaml").write_text("scenario: x\nwhen: [{publish: order-reserved}]\n")
    (tmp_path / "scenarios" / "a.yml").write_bytes(b"\xff")
    (tmp_path / "scenarios" / "notes.md").write_text("x")
    files = scenarios(tmp_path)
    assert [(file.name, file.source.name, [one.code for one in file.found]) for file in files] == [
        ("a", "scenarios/a.yml", ["CNCB014"]),
        ("b", "scenarios/b.yaml", []),
    ]


def test_the_language_has_a_schema_for_editors() -> None:
    from cncb_compiler.scenarios.json_schema import scenario_schema

    jsonschema = pytest.importorskip("jsonschema")
    from cncb_compiler.source.yaml12 import load

    schema = scenario_schema()
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    good, _ = load(GOOD, "x")
    assert [error.message for error in validator.iter_errors(good)] == []
    for wrong in ({"scenario": "x"}, {**good, "wehn": []}, {**good, "when": [{"publsh": "x"}]}):
        assert list(validator.iter_errors(wrong)), json.dumps(wrong)[:80]
