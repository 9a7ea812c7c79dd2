"""Selectors: what each form of the grammar selects, and what is said of those that select nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cncb_compiler.graph.link import link
from cncb_compiler.graph.network import Node
from cncb_compiler.graph.system import LinkedSystem
from cncb_compiler.model.read import read
from cncb_compiler.select.grammar import METHODS, Changed, Named, SelectorError, Term, Way, parse
from cncb_compiler.select.selection import Selection, select
from cncb_compiler.source.location import Location
from cncb_compiler.source.yaml12 import load

SYSTEM = """\
system: shop
owner: platform
types: {Order: {id: uuid, total: integer}}
events:
  order-submitted: {entity: order, with: {order: Order}}
  payment-taken: {entity: order, with: {order: Order}}
  stock-counted: {entity: order, with: {order: Order}, external: true}
services:
  orders:
    owner: checkout
    stores: {orders: {of: Order}}
    commands: {submit: {input: Order, write: orders}}
    changes: {orders: {insert: order-submitted}}
  process:
    kind: control
    transitions: [{on: order-submitted, emit: payment-taken}]
  history:
    owner: insight
    views: {paid: {on: payment-taken}, counted: {on: stock-counted}}
    queries: {paid: {from: paid, key: {id: path.id}, route: "GET /paid/{id}", auth: none}}
"""


def _linked() -> LinkedSystem:
    value, _ = load(SYSTEM, "system.yaml")
    declared, _ = read([("system.yaml", value)], "shop")
    return link(declared)


LINKED = _linked()


def chosen(*selected: str, exclude: tuple[str, ...] = (), changed: frozenset[Node] | None = None) -> Selection:
    return select(LINKED, selected, exclude, changed=None if changed is None else lambda: changed)


def names(*selected: str, exclude: tuple[str, ...] = ()) -> list[str]:
    return sorted(":".join(node) for node in chosen(*selected, exclude=exclude).nodes)


def test_nothing_asked_for_is_everything() -> None:
    assert {("service", "orders"), ("event", "payment-taken"), ("stream", "main")} <= chosen().nodes


@pytest.mark.parametrize("selector", ["service:orders", "orders", "owner:checkout", "service:ord*"])
def test_a_service_is_selected_with_all_that_it_declares(selector: str) -> None:
    assert names(selector) == ["change:orders.orders", "command:orders.submit", "service:orders", "store:orders.orders"]


def test_a_stream_is_selected_with_its_events() -> None:
    assert names("stream:main") == [
        "event:order-submitted",
        "event:payment-taken",
        "event:stock-counted",
        "stream:main",
    ]


def test_names_are_patterns_and_methods_say_of_what() -> None:
    assert names("event:*-submitted") == ["event:order-submitted"]
    assert names("kind:control") == ["service:process", "transition:process.payment-taken"]
    assert names("orders.orders") == ["change:orders.orders", "store:orders.orders"]


def test_a_plus_walks_along_events_and_data() -> None:
    assert names("order-submitted+1") == ["event:order-submitted", "transition:process.payment-taken"]
    assert names("1+event:payment-taken+1") == [
        "event:payment-taken",
        "transition:process.payment-taken",
        "view:history.paid",
    ]
    assert names("+order-submitted") == [
        "change:orders.orders",
        "command:orders.submit",
        "event:order-submitted",
        "store:orders.orders",
    ]
    assert "query:history.paid" in names("command:orders.submit+")
    assert "view:history.counted" not in names("command:orders.submit+")


def test_a_path_is_everything_between() -> None:
    assert names("path:order-submitted..view:history.paid") == [
        "event:order-submitted",
        "event:payment-taken",
        "transition:process.payment-taken",
        "view:history.paid",
    ]
    assert names("path:payment-taken..order-submitted") == []


def test_spaces_unite_commas_intersect_and_exclude_takes_away() -> None:
    assert names("event:order-* event:stock-*") == names("event:order-*", "event:stock-*")
    assert names("event:*,+view:history.counted") == ["event:stock-counted"]
    assert names("event:*", exclude=("event:stock-*", "payment-taken")) == ["event:order-submitted"]


def test_services_are_those_that_have_something_selected() -> None:
    assert chosen("order-submitted+1").services == {"process"}
    assert chosen("event:order-submitted").services == frozenset()


def test_changed_is_what_the_comparison_says_and_can_be_followed() -> None:
    changed = frozenset({("event", "payment-taken"), ("event", "gone-since")})
    assert chosen("changed", changed=changed).nodes == {("event", "payment-taken")}
    assert ("view", "history.paid") in chosen("changed+", changed=changed).nodes
    with pytest.raises(SelectorError, match="--against"):
        chosen("changed")


def test_a_place_is_about_the_innermost_declaration_around_it() -> None:
    selection = chosen("command:orders.submit")
    services = Location("system.yaml", ("services",))
    assert selection.concerns(services / "orders" / "commands" / "submit" / "input")
    assert not selection.concerns(services / "orders" / "stores" / "orders")
    assert not selection.concerns(services / "orders" / "owner")
    assert chosen("orders").concerns(services / "orders" / "owner")
    assert selection.concerns(Location("unreadable.yaml"))


@pytest.mark.parametrize(
    ("selector", "told"),
    [
        ("ordrs", "Did you mean `orders`"),
        ("event:order-submited", "Did you mean `event:order-submitted`"),
        ("kind:nothing-like-it", "There are `kind:bff`"),
        ("reaction:x", "There is none"),
        ("evnt:x", "there is no `evnt:`"),
        ("event:", "names nothing after"),
        ("path:a", "path:a..b"),
        ("path:path:a..b..c", "there is no `path:`"),
        ("2++x", "is no selector"),
        ("+", "is no selector"),
        ("a,,b", "is no selector"),
        ("9999999+orders", "more steps than any system has"),
        (" ", "empty selector"),
    ],
)
def test_what_selects_nothing_is_told_with_its_mend(selector: str, told: str) -> None:
    with pytest.raises(SelectorError, match=told.replace("(", r"\(")):
        chosen(selector)


def test_texts_become_values() -> None:
    assert parse(["+changed,x"]) == ((Term(Changed(), None, 0), Term(Named("", "x"))),)
    assert parse(["path:event:a..b"]) == ((Term(Way(Named("event", "a"), Named("", "b"))),),)


@given(st.text(alphabet="abc:+,.* 12-" + "".join(sorted(set("".join(METHODS)))), max_size=30))
def test_any_text_is_a_selector_or_a_mistake_that_is_told(text: str) -> None:
    try:
        select(LINKED, [text])
    except SelectorError as error:
        assert str(error)


EVERY = ["orders", "event:*", "kind:control", "+payment-taken", "order-submitted+1", "owner:insight"]


@given(st.sampled_from(EVERY), st.sampled_from(EVERY))
def test_union_intersection_and_exclusion_are_those_of_sets(one: str, other: str) -> None:
    first, second = chosen(one).nodes, chosen(other).nodes
    assert chosen(f"{one} {other}").nodes == first | second
    assert chosen(f"{one},{other}").nodes == first & second
    assert chosen(one, exclude=(other,)).nodes == first - second
