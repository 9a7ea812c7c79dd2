from __future__ import annotations

import json

import pytest
from scenario_worlds import ORDER, FakeWorld, playing, ran

from cncb_compiler.scenarios.world import Called, Effect

SUBMIT = f"""
scenario: An order is kept and reserved
when:
  - publish: order-submitted
    data: {{order: {{id: {ORDER}, customer: ann, amount: 3, status: submitted}}}}
    as: submitted
"""

HOLDS = """
then:
  events: [{order-reserved: {order: {id: $submitted.order.id}}}]
  rows:
    front.orders: [{id: $submitted.order.id, customer: ann}]
    front.recent: [{id: {is: uuid}}]
"""


def test_a_scenario_that_holds() -> None:
    result = ran(SUBMIT + HOLDS)
    assert (result.passed, result.where, result.problem) == (True, "", "")
    assert result.reached.written == {"front.orders", "front.recent"}


def test_published_events_may_be_named_and_bookkeeping_may_be_matched() -> None:
    then = HOLDS.replace("events: [", "events: [{order-submitted: {as: whole}}, ").replace(
        "customer: ann}", "customer: ann, asOf: $whole.timestamp}"
    )
    assert ran(SUBMIT + then).problem == ""


def test_a_request_binds_what_it_returns() -> None:
    text = """
scenario: An order is taken
when:
  - call: POST /orders
    body: {customer: ann, amount: 3}
    returns: {status: 201, body: {id: {is: uuid, as: order}}, headers: {content-type: application/json}}
  - call: GET /orders/{id}
    path: {id: $order}
    returns: {status: 200, body: {id: $order, amount: 3}}
then:
  events: [{order-submitted: {order: {id: $order}}}, {order-reserved: {order: {exactly: {id: $order}}}}]
  rows:
    orders.orders: [{exactly: {id: $order, customer: ann, amount: 3, status: submitted}}]
    front.orders: [{id: $order}]
    front.recent: [{id: $order}]
"""
    assert ran(text).problem == ""


@pytest.mark.parametrize(
    ("change", "where", "problem"),
    [
        (("customer: ann}]", "customer: bob}]"), "then.rows front.orders", 'customer: expected "bob", got "ann"'),
        (("events: [{order-reserved: {order: {id: $submitted.order.id}}}]", "events: []"), "then.events",
         "unexpected event: order-reserved"),
        (("order-reserved: {order: {id: $submitted.order.id}}", "order-cancelled: {order: {id: $submitted.order.id}}"),
         "then.events", "missing event: order-cancelled"),
        (("    front.recent: [{id: {is: uuid}}]\n", ""), "then.rows front.recent", "unexpected row"),
        (("$submitted.order.id}}}]", "$submitted.id}}}]"), "then.events", "order.id: expected"),
        (("[{id: {is: uuid}}]", "{removed: [{id: {is: uuid}}]}"), "then.rows front.recent", "unexpected row"),
    ],
)  # fmt: skip
def test_the_first_difference(change: tuple[str, str], where: str, problem: str) -> None:
    assert change[0] in HOLDS
    result = ran(SUBMIT + HOLDS.replace(*change))
    assert not result.passed
    assert result.where == where
    assert problem in result.problem
    lines = result.trace.splitlines()
    assert "order-submitted" in lines[0]
    assert lines[1].startswith("  order-reserved")


def test_an_event_that_is_published_again_with_its_id_counts_once() -> None:
    world = playing()
    again = world.on_event

    def twice(event: dict) -> None:
        again(event)
        again(event)

    world.on_event = twice
    emit = world.emit
    world.emit = lambda *args, **fields: (setattr(world, "time", 10), emit(*args, **fields))[1]  # type: ignore[method-assign]
    assert ran(SUBMIT + HOLDS, world).problem == ""


def test_the_same_id_with_other_content_is_another_event() -> None:
    world = playing()
    again = world.on_event

    def twice(event: dict) -> None:
        again(event)
        if event["type"] == "order-submitted":
            world.emit("order-reserved", "process", "transitions", event["id"], order={"id": "other"})

    world.on_event = twice
    assert "unexpected event: order-reserved" in ran(SUBMIT + HOLDS, world).problem


def test_some_events_are_enough() -> None:
    assert ran(SUBMIT + HOLDS.replace("events: [", "events: {some: [").replace("}}}]", "}}}]}")).problem == ""
    assert (
        "missing event: order-cancelled"
        in ran(
            SUBMIT
            + HOLDS.replace("events: [{order-reserved:", "events: {some: [{order-cancelled:").replace("}}}]", "}}}]}")
        ).problem
    )


def test_what_is_given_is_no_result() -> None:
    text = f"""
scenario: A second order of a customer
given:
  events: [{{publish: order-submitted, data: {{order: {{id: {ORDER}, customer: ann, amount: 3, status: submitted}}}}}}]
  rows: {{orders.orders: [{{id: {ORDER}, customer: ann, amount: 3, status: submitted}}]}}
  objects: {{orders.files: {{a.json: {{x: 1}}}}}}
when:
  - invoke: orders.adjust
    payload: {{id: {ORDER}}}
    returns: {{echo: {{id: {ORDER}}}}}
"""
    world = playing()
    result = ran(text, world)
    assert result.problem == ""
    assert "put_rows quiet=True" in world.calls
    assert "orders.orders" not in result.reached.written
    assert "front.orders" in result.reached.written


def test_an_expected_failure_of_a_function() -> None:
    text = "scenario: Fails\nwhen: [{invoke: orders.command-adjust, payload: bad, fails: {errorType: ValueError}}]\n"
    assert ran(text).problem == ""
    assert "expected it not to fail" in ran(text.replace(", fails: {errorType: ValueError}", "")).problem
    assert "expected it to fail" in ran(text.replace("bad", "good")).problem


def test_a_call_without_returns_must_succeed() -> None:
    result = ran(f'scenario: Asks\nwhen: [{{call: "GET /orders/{{id}}", path: {{id: {ORDER}}}}}]\n')
    assert "expected a status below 400, got 404" in result.problem


def test_rows_by_hand_and_removed_rows() -> None:
    text = f"""
scenario: An operator mends a row
given: {{rows: {{orders.orders: [{{id: {ORDER}, customer: ann, amount: 3, status: submitted}}]}}}}
when:
  - put: orders.orders
    row: {{id: {ORDER[:-1]}2, customer: bob, amount: 1, status: submitted}}
  - remove: orders.orders
    key: {{id: {ORDER}}}
  - upload: orders.files
    object: a.json
    content: {{x: 1}}
"""
    assert ran(text).problem == ""
    assert ran(text + f"then: {{rows: {{orders.orders: {{removed: [{{id: {ORDER}}}]}}}}}}\n").problem == ""
    assert ran(text + "then: {objects: {orders.files: {a.json: {x: 1}}}}\n").problem == ""
    wrong = ran(text + "then: {objects: {orders.files: {a.json: {gone: true}}}}\n")
    assert wrong.where == "then.objects orders.files a.json"
    assert "expected nothing" in wrong.problem


def test_what_is_at_a_url_is_held_against_what_it_must_be() -> None:
    text = """
scenario: A file is had by its URL
given: {objects: {orders.files: {a.json: {x: 1}}}}
when: [{fetch: "http://files/%s", returns: {status: 200, body: {x: %s}}}]
"""
    assert ran(text % ("a.json", 1)).problem == ""
    assert "expected 2" in ran(text % ("a.json", 2)).problem
    assert "below 400, got 404" in ran('scenario: x\nwhen: [{fetch: "http://files/b"}]\n').problem
    assert "no URL of this machine" in ran('scenario: x\nwhen: [{fetch: "https://files/b"}]\n').problem


def test_a_tombstone_is_a_removed_row() -> None:
    world = playing()
    world.on_event = lambda event: world.row("front.orders", {"id": ORDER, "deletedAt": 1, "expires": 9_999_999_999})
    text = f"""
scenario: A cancelled order leaves the view
given: {{rows: {{front.orders: [{{id: {ORDER}, customer: ann}}]}}}}
when: [{{publish: order-cancelled, data: {{order: {{id: {ORDER}}}}}}}]
"""
    assert "unexpected removed row" in ran(text, world).problem
    assert ran(f"{text}then: {{rows: {{front.orders: {{removed: [{{id: {ORDER}, customer: ann}}]}}}}}}\n", world).passed


def test_rows_expire() -> None:
    text = SUBMIT.replace("    as: submitted\n", "") + "  - {expire: front.recent, after: 31d}\n"
    world = playing()
    ran(text, world)
    assert world.tables["front.recent"] != {}
    ran(text.replace("31d", "99999d").replace("99999d", "999999d"), world)
    assert world.tables["front.recent"] == {}


FAULT = {"function": "physical", "pipeline": "view-orders", "error": {"name": "PoisonError", "message": "no"}}


def poisoned() -> FakeWorld:
    world = playing()
    publish = world.publish

    def spoilt(stream: str, records: list) -> None:
        publish(stream, records)
        if records[0][1] == b"not json":
            world.emit("fault", "front", "view-orders", "record-7", **FAULT)

    world.publish = spoilt  # type: ignore[method-assign]
    return world


def test_faults_are_named_apart_from_events() -> None:
    text = "scenario: Poison\nwhen: [{publish: {raw: not json}}]\n"
    result = ran(text, poisoned())
    assert result.where == "then.faults"
    assert "unexpected fault: front.view-orders: PoisonError: no" in result.problem
    assert "fault" in result.trace
    expected = "then: {faults: [{function: front.view-orders, error: {name: PoisonError}}]}\n"
    assert ran(text + expected, poisoned()).problem == ""


def test_what_is_still_at_work_is_told() -> None:
    world = playing()
    world.busy = ["front.view-orders has 3 records to go"]
    result = ran(SUBMIT + HOLDS, world)
    assert result.where == "given"
    assert "still at work after 10s" in result.problem
    assert "3 records to go" in result.problem


def test_messages_are_compared_completely() -> None:
    world = playing()
    noticed = world.on_event

    def told(event: dict) -> None:
        noticed(event)
        if event["type"] == "order-submitted":
            world.messages["queue:gateway.outbox"] = [{"orderId": ORDER}]

    world.on_event = told
    assert "unexpected message" in ran(SUBMIT + HOLDS, world).problem
    named = "  messages: {gateway.outbox: [{orderId: %s}]}\n"
    assert ran(SUBMIT + HOLDS + named % ORDER, world).problem == ""
    other = ran(SUBMIT + HOLDS + named % ORDER.replace("1", "2"), world)
    assert other.where == "then.messages gateway.outbox"
    both = SUBMIT + HOLDS + f"  messages: {{gateway.outbox: [{{orderId: {ORDER}}}], gateway.partners: [{{}}]}}\n"
    assert ran(both, world).where == "then.messages gateway.partners"


def test_failed_messages_and_requests() -> None:
    from cncb_compiler.scenarios.world import Asked

    world = playing()
    noticed = world.on_event

    def charged(event: dict) -> None:
        noticed(event)
        if event["type"] == "order-submitted":
            world.requests.append(Asked("PROVIDER_URL", "POST /charges/7", {}, {"Key": "k"}, {"amount": 3}))
            world.messages["front"] = [{"responseContext": {"statusCode": 200}}]

    world.on_event = charged
    assert "unexpected request: POST /charges/7" in ran(SUBMIT + HOLDS, world).problem
    asked = HOLDS + "  requests: {PROVIDER_URL: [{on: 'POST /charges/{id}', body: {amount: 3}, headers: {KEY: k}}]}\n"
    assert "unexpected failed message" in ran(SUBMIT + asked, world).problem
    assert ran(SUBMIT + asked + "  failed: {front: [{responseContext: {any: true}}]}\n", world).problem == ""
    given = "given: {answers: {PROVIDER_URL: [{on: POST /charges/7, body: {ok: true}}]}}\n"
    answered = SUBMIT + HOLDS + given + "  failed: {front: [{}]}\n"
    assert "scenario" in answered
    result = ran(SUBMIT.replace("when:", given + "when:") + HOLDS + "  failed: {front: [{any: true}]}\n", world)
    assert result.problem == ""
    assert world.answers["PROVIDER_URL"][0].body == {"ok": True}


def test_a_request_without_an_answer_is_told_first() -> None:
    from cncb_compiler.scenarios.world import Asked

    world = poisoned()
    publish = world.publish

    def asking(stream: str, records: list) -> None:
        world.requests.append(Asked("PROVIDER_URL", "POST /charges", {}, {}, {"amount": 3}, answered=False))
        publish(stream, records)

    world.publish = asking  # type: ignore[method-assign]
    result = ran("scenario: Poison\nwhen: [{publish: {raw: not json}}]\n", world)
    assert (result.where, result.problem.splitlines()) == (
        "given.answers", ['PROVIDER_URL has no answer for POST /charges {"amount": 3}'],
    )  # fmt: skip


def test_switches_are_set_after_what_is_given() -> None:
    world = playing()
    text = SUBMIT.replace(
        "when:",
        """given:
  switches:
    - {duplicate: front.orders}
    - {shuffle: process.transitions, seed: 4, times: 2}
    - {kill: orders.changes-orders, afterCalls: 2}
    - {throttle: front.orders, times: 2}
    - {throttle: main}
    - {restart: sources}
when:""",
    )
    assert ran(text + HOLDS, world).problem == ""
    assert world.calls == [
        "reset", "duplicate front.view-orders None", "shuffle process.transitions 4 2",
        "kill orders.changes-orders 2 1", "throttle orders 2", "throttle main 3", "restart", "calm",
    ]  # fmt: skip


def test_a_published_event_has_a_whole_envelope() -> None:
    world = FakeWorld()
    text = SUBMIT.replace("as: submitted", f"id: {ORDER}\n    timestamp: 5\n    times: 2")
    assert ran(text, world).problem == ""
    assert len(world.stream) == 2
    event = json.loads(world.stream[0].data)
    assert {key: event[key] for key in ("id", "type", "timestamp", "partitionKey")} == {
        "id": ORDER, "type": "order-submitted", "timestamp": 5, "partitionKey": ORDER,
    }  # fmt: skip
    assert event["tags"] == {"system": "shop", "source": "cncb test"}
    assert world.stream[0].key == ORDER


def test_a_switch_that_never_made_trouble_fails_a_scenario_that_holds_else() -> None:
    switches = "given: {switches: [{kill: orders.submit}, {throttle: front.orders}, {restart: sources}]}\nwhen:"
    text = SUBMIT.replace("when:", switches) + HOLDS
    assert ran(text).problem == ""
    world = playing()
    world.effects["throttle orders"] = Effect(0, "functions sent it no requests")
    result = ran(text, world)
    assert (result.where, result.problem) == (
        "given.switches 2 (throttle front.orders)", "it never happened: functions sent it no requests",
    )  # fmt: skip
    differs = ran(text.replace("customer: ann}]", "customer: bob}]"), world)
    assert differs.where == "then.rows front.orders"


def test_consumers_that_never_started_again_are_no_trouble() -> None:
    result = ran("scenario: x\ngiven: {switches: [{restart: sources}]}\nwhen: []\n")
    assert (result.where, result.problem) == (
        "given.switches 1 (restart sources)", "it never happened: there is no step",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("expected", "problem"),
    [
        ("3", ""),
        ("{times: 3, atMost: 3, perSecond: 2}", ""),
        ("2", "dynamodb.UpdateItem: expected 2 in all, got 3"),
        ("{atMost: 2}", "dynamodb.UpdateItem: expected at most 2 in all, got 3"),
        ("{perSecond: 1}", "dynamodb.UpdateItem: expected at most 1 in any second, got 2"),
    ],
)
def test_calls_of_aws_are_held_against_what_is_expected(expected: str, problem: str) -> None:
    world = playing()
    world.of_aws = {"front.view-orders": {"dynamodb.UpdateItem": Called(3, 2)}}
    result = ran(
        f"scenario: x\nwhen: []\nthen: {{calls: {{front.orders: {{dynamodb.UpdateItem: {expected}}}}}}}\n", world
    )
    assert result.problem.partition("\n")[0] == problem
    assert result.where == ("then.calls front.orders" if problem else "")


def test_a_call_that_was_never_made() -> None:
    result = ran("scenario: x\nwhen: []\nthen: {calls: {front.orders: {dynamodb.PutItem: 1}}}\n")
    assert result.problem == "dynamodb.PutItem: expected 1 in all, got 0\ncalls that were made: none"
