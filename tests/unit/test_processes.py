"""Business processes, found in what services declare: where they begin, how they go on, and in which order."""

from __future__ import annotations

from catalogue_sites import SHOP, facts_in, facts_of

from cncb_compiler.graph.processes import Process

ORDERS = """
system: orders
types:
  Order: {id: uuid, status: string}
events:
  order-submitted: {entity: order, with: {order: Order}}
  order-paid: {entity: order, with: {order: Order}}
  order-cancelled: {entity: order, with: {order: Order}}
  payment-refused: {entity: order, with: {order: {id: uuid}}, external: true}
  payment-taken: {entity: order, with: {order: {id: uuid}}, external: true}
services:
  orders:
    stores: {orders: {of: Order}}
    commands:
      submit: {input: {id: uuid}, write: orders, set: {id: input.id, status: {const: submitted}}}
    reactions:
      cancel: {on: payment-refused, update: orders, key: order.id, set: {status: {const: cancelled}}}
      pay: {on: payment-taken, update: orders, key: order.id, set: {status: {const: paid}}}
    changes:
      orders:
        insert: order-submitted
        modify:
          - {event: order-cancelled, when: new.status == 'cancelled' && old.status != 'cancelled'}
          - {event: order-paid, when: new.status == 'paid' && old.status != 'paid'}
"""


def processes(text: str) -> dict[str, list[str]]:
    return {one.name: told(one) for one in facts_of(text).processes}


def told(process: Process) -> list[str]:
    return [f"{moment.level} {moment.event}" for moment in process.moments]


def test_a_process_follows_what_a_reaction_changes() -> None:
    assert processes(ORDERS) == {
        "payment-refused": ["0 payment-refused", "1 order-cancelled"],
        "payment-taken": ["0 payment-taken", "1 order-paid"],
    }


def test_a_guard_that_a_write_cannot_satisfy_ends_the_way() -> None:
    unguarded = ORDERS.replace(", when: new.status == 'paid' && old.status != 'paid'", "")
    assert processes(unguarded)["payment-refused"] == ["0 payment-refused", "1 order-cancelled", "1 order-paid"]
    unchanged = ORDERS.replace("new.status == 'paid' && old.status != 'paid'", "new.id != old.id")
    assert set(processes(unchanged)) == {"payment-refused"}
    negated = ORDERS.replace("new.status == 'paid' && old.status != 'paid'", "\"!(new.status == 'paid')\"")
    assert processes(negated)["payment-refused"][1:] == ["1 order-cancelled", "1 order-paid"]
    assert "payment-taken" not in processes(negated)


def test_a_latched_change_does_not_publish_what_a_reaction_wrote() -> None:
    assert (
        processes(
            ORDERS.replace("        insert: order-submitted", "        latch: true\n        insert: order-submitted")
        )
        == {}
    )


def test_nothing_that_only_fills_views_is_a_process() -> None:
    assert processes(ORDERS.partition("    reactions:")[0]) == {}


def test_the_shop_is_told_from_the_order_to_the_delivery() -> None:
    order = next(one for one in facts_in(SHOP).processes if one.name == "order-submitted")
    assert told(order) == [
        "0 order-submitted",
        "1 make-reservation",
        "2 reservation-confirmed",
        "2 reservation-violation",
        "3 order-cancelled",
        "3 pack-order",
        "3 take-payment",
        "4 payment-refused",
        "4 payment-taken",
        "4 parcel-packed",
        "5 release-reservation",
        "5 ship-order",
        "6 parcel-dispatched",
        "6 reservation-released",
        "6 parcel-delivered",
    ]
    causes = {moment.event: moment.causes for moment in order.moments}
    (begun,) = causes["order-submitted"]
    assert (str(begun.by), begun.called, begun.events) == ("order-bff.commands.submit", True, ())
    (packed,) = causes["parcel-packed"]
    assert (str(packed.by), packed.called) == ("shipping.commands.pack", True), "people go on with it"
    (shipped,) = causes["ship-order"]
    assert shipped.together and set(shipped.events) == {"payment-taken", "parcel-packed"}


def test_events_that_cause_each_other_end_some_time() -> None:
    text = """
system: circle
events:
  a: {with: {id: uuid}, partitionKey: id, external: true}
  b: {with: {id: uuid}, partitionKey: id}
  c: {with: {id: uuid}, partitionKey: id}
services:
  s:
    transitions: [{on: a, emit: b}, {on: b, emit: c}, {on: c, emit: b}, {join: [b, c], by: id, emit: b}]
"""
    assert processes(text) == {"a": ["0 a", "1 b", "2 c"]}
