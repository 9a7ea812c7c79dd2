"""Trees from facts: nesting, order, latencies, circles."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from itertools import permutations

from trace_system import analysis_of, event

from cncb_compiler.plan.assets import Asset
from cncb_compiler.trace.facts import Arrived, Effect, Facts
from cncb_compiler.trace.journal import ended
from cncb_compiler.trace.render import to_json, to_text
from cncb_compiler.trace.tree import causes_of, trees

ROWS = Asset("table", "rows")
WRITES, READS = ("a", "reaction-x"), ("a", "changes-rows")


def arrived(event_id: str, at: float, trigger: str | None = None, by: str | None = "a.transitions") -> Arrived:
    return Arrived(event("done", event_id, trigger, by), "main", "shard-0", "1", at)


def facts(*events: Arrived, **more) -> Facts:
    return Facts({one.id: one for one in events}, **more)


def shape(node) -> object:
    """A tree as ids alone."""
    return {node.arrived.id: [shape(inner) for function in node.functions for inner in function.events]}


def test_latencies_are_from_cause_to_effect():
    (tree,) = trees(facts(arrived("1", 10.0), arrived("2", 10.25, "1"), arrived("3", 11.0, "2")), ["1"])
    first = tree.root.functions[0].events[0]
    assert (tree.root.latency, first.latency, first.functions[0].events[0].latency) == (None, 250, 750)


def test_the_order_of_the_facts_does_not_matter():
    events = [arrived("1", 1), arrived("2", 3, "1"), arrived("3", 2, "1", "b.transitions"), arrived("4", 2, "1")]
    texts = {to_text(trees(facts(*order), ["1"])) for order in permutations(events)}
    assert len(texts) == 1
    (tree,) = trees(facts(*events), ["1"])
    assert shape(tree.root) == {"1": [{"4": []}, {"2": []}, {"3": []}]}


def test_a_circle_is_cut():
    circle = facts(arrived("1", 1, "3"), arrived("2", 2, "1"), arrived("3", 3, "2"))
    (tree,) = trees(circle, ["2"])
    assert shape(tree.root) == {"2": [{"3": [{"1": [{"2": []}]}]}]}
    assert to_text([tree]).count("(above)") == 1
    assert [one.id for one in tree.causes] == ["3", "1"]
    assert tree.origin is None
    assert causes_of(facts(arrived("1", 1, "1")), "1") == ((), None)


def test_several_roots_show_each_event_once():
    known = facts(arrived("1", 1), arrived("2", 2, "1"), arrived("5", 1))
    assert [shape(tree.root) for tree in trees(known, ["1", "2", "5", "5"])] == [{"1": [{"2": []}]}, {"5": []}]


def test_what_a_rows_change_caused_stands_under_the_row():
    row = Effect(WRITES, ROWS, {"id": "r"}, "written")
    known = facts(arrived("1", 1), arrived("2", 2, "1", "a.changes-rows"), effects={"1": (row,)}, sources={READS: ROWS})
    (tree,) = trees(known, ["1"])
    (function,) = tree.root.functions
    assert function.function == WRITES
    assert shape(function.rows[0].functions[0].events[0]) == {"2": []}


def test_two_writers_of_a_table_show_what_its_changes_caused_once():
    rows = tuple(
        Effect((service, f"reaction-{name}"), ROWS, {"id": name}, "written")
        for service, name in (("a", "x"), ("a", "y"), ("b", "z"))
    )
    known = facts(arrived("1", 1), arrived("2", 2, "1", "a.changes-rows"), effects={"1": rows}, sources={READS: ROWS})
    assert to_text(trees(known, ["1"])).count("done  2") == 1


def test_a_change_whose_row_nobody_saw_stands_under_the_event():
    (tree,) = trees(facts(arrived("1", 1), arrived("2", 2, "1", "a.changes-rows"), sources={READS: ROWS}), ["1"])
    assert shape(tree.root) == {"1": [{"2": []}]}


def test_json_has_all_that_the_text_has():
    row = Effect(WRITES, ROWS, {"id": "r"}, "overwritten", "9")
    known = facts(arrived("1", 1.5), arrived("2", 2, "1"), effects={"1": (row,)}, ended={(WRITES, "1"): 1.75})
    (made,) = json.loads(json.dumps(to_json(trees(known, ["1"]))))
    writes, publishes = made["tree"]["functions"]
    assert made["tree"]["event"]["id"] == "1"
    assert writes["rows"][0] | {"functions": []} == {
        "kind": "table", "store": "rows", "key": {"id": "r"}, "state": "overwritten", "last": "9", "note": None, "latency": 250, "functions": [],
    }  # fmt: skip
    assert (publishes["service"], publishes["events"][0]["latency"]) == ("a", 500)


@dataclass
class Invocation:
    function: str
    event: bytes
    ended: float
    payload: bytes = b"{}"
    error: str | None = None


def batch(*ids: str) -> bytes:
    data = [b64encode(json.dumps({"id": event_id}).encode()).decode() for event_id in ids]
    records = [{"kinesis": {"data": one, "sequenceNumber": str(n)}} for n, one in enumerate(data)]
    return json.dumps({"Records": records}).encode()


def test_a_journal_tells_when_a_function_had_handled_an_event(tmp_path):
    plans = analysis_of(tmp_path).plans
    collected = {"NewImage": {"event": {"M": {"id": {"S": "c"}}}}, "SequenceNumber": "1"}
    changed = {"NewImage": {"asOf:trigger": {"S": "d"}}, "SequenceNumber": "2"}
    own = {"NewImage": {}, "SequenceNumber": "3"}
    changes = json.dumps({"Records": [{"dynamodb": one} for one in (collected, changed, own)]}).encode()
    retried = b'{"batchItemFailures": [{"itemIdentifier": "1"}]}'
    found = ended(
        plans,
        "dev",
        [
            Invocation("shop-front-dev-view-orders", batch("a", "b"), 1.0, retried),
            Invocation("shop-front-dev-view-pages", batch("a"), 2.0, error="Sandbox.Timedout"),
            Invocation("shop-front-dev-evaluate-sums", changes, 3.0),
            Invocation("shop-front-dev-query-order", b'{"pathParameters": {}}', 4.0, b"null"),
            Invocation("elsewhere", batch("a"), 5.0),
        ],
    )
    view, evaluate = ("front", "view-orders"), ("front", "evaluate-sums")
    assert found == {(view, "a"): 1.0, (evaluate, "c"): 3.0, (evaluate, "d"): 3.0}
