from __future__ import annotations

import base64
import json
from typing import Any

from scenario_worlds import ORDER, names

from cncb_compiler.operate.names import FunctionName
from cncb_compiler.scenarios.coverage import Covered, Evidence, as_json, coverage, percentage, report
from cncb_compiler.scenarios.findings import Seen
from cncb_compiler.scenarios.outcome import Reached
from cncb_compiler.scenarios.world import Invocation


def event(kind: str, number: str, service: str = "", function: str = "", trigger: str | None = None) -> dict[str, Any]:
    tags = {"service": service, "function": function} | ({"trigger": trigger} if trigger else {})
    return {"id": number, "type": kind, "tags": tags, "order": {"id": ORDER}}


def seen(*events: dict[str, Any]) -> tuple[Seen, ...]:
    return tuple(Seen("main", "k", one, False) for one in events)


def given(function: str, *events: dict[str, Any], failed: bool = False) -> Invocation:
    service, name = function.split("/")
    records = [{"kinesis": {"data": base64.b64encode(json.dumps(one).encode()).decode()}} for one in events]
    return Invocation(FunctionName(service, name), {"Records": records}, failed)


def reached(evidence: Evidence) -> dict[str, Covered]:
    return {f"{one.construct.service}.{one.construct.name}": one for one in coverage(names(), evidence)}


SUBMITTED = event("order-submitted", "1", "orders", "changes-orders", "record")
RESERVED = event("order-reserved", "2", "process", "transitions", "1")


def test_nothing_is_reached_at_first() -> None:
    covered = coverage(names(), Evidence())
    assert percentage(covered) == 0
    sections = {"commands", "queries", "changes", "reactions", "transitions", "views"}
    assert {one.construct.section for one in covered} == sections


def test_what_ran_what_was_emitted_and_what_was_written_counts() -> None:
    evidence = Evidence()
    evidence.add(
        Reached(seen(SUBMITTED, RESERVED), frozenset({"front.orders"})),
        [
            Invocation(FunctionName("orders", "command-submit"), {}, False),
            Invocation(FunctionName("orders", "query-order"), {}, True),
            given("front/view-orders", SUBMITTED),
            given("front/view-recent", SUBMITTED),
        ],
    )
    found = reached(evidence)
    names_reached = sorted(name for name, one in found.items() if one.reached)
    assert names_reached == ["front.orders", "orders.orders", "orders.submit", "process.order-reserved"] or (
        len(names_reached) == 4 and "orders.submit" in names_reached and "front.orders" in names_reached
    )
    assert not found["orders.order"].reached  # the query failed
    assert not found["front.recent"].reached  # nothing was written
    assert found["front.orders"].missing == ("order-cancelled",)


def test_a_transition_counts_for_its_own_trigger_only() -> None:
    stranger = event("order-reserved", "2", "process", "transitions", "9")
    elsewhere = event("order-reserved", "3", "orders", "transitions", "1")
    evidence = Evidence()
    evidence.add(Reached(seen(SUBMITTED, stranger, elsewhere)), [])
    assert not [one for one in coverage(names(), evidence) if one.construct.section == "transitions" and one.reached]
    evidence.add(Reached(seen(SUBMITTED, RESERVED)), [])
    assert [one for one in coverage(names(), evidence) if one.construct.section == "transitions" and one.reached]


def test_an_event_that_was_faulted_on_was_not_handled() -> None:
    fault = {**event("fault", "f", "front", "view-orders", "1"), "pipeline": "view-orders"}
    evidence = Evidence()
    evidence.add(Reached(seen(SUBMITTED, fault), frozenset({"front.orders"})), [given("front/view-orders", SUBMITTED)])
    assert not reached(evidence)["front.orders"].reached


def test_evidence_adds_up() -> None:
    one, other = Evidence(), Evidence()
    one.add(Reached((), frozenset({"front.orders"})), [])
    other.add(Reached(seen(SUBMITTED)), [given("front/view-orders", SUBMITTED)])
    one.merge(other)
    assert reached(one)["front.orders"].reached


def test_the_report_names_what_is_missing_and_where_it_is_declared() -> None:
    evidence = Evidence()
    evidence.add(Reached(seen(SUBMITTED), frozenset({"front.orders"})), [given("front/view-orders", SUBMITTED)])
    covered = coverage(names(), evidence)
    text = report(covered)
    assert "  views.orders: never saw order-cancelled" in text
    assert "  not reached: views.recent  (system.yaml#/services/front/views/recent)" in text
    assert text.splitlines()[-1].startswith("all ")
    data = as_json(covered)
    assert data["percentage"] == round(100 * 2 / len(covered), 1)
    assert {"service", "section", "name", "declaration", "reached", "missing"} == set(data["declarations"][0])
