"""What the opaque context of an event is known to hold, followed from where it begins."""

from __future__ import annotations

from typing import Any

from cncb_compiler.graph.context import infer_contexts
from cncb_compiler.graph.link import link
from cncb_compiler.model.read import read
from cncb_compiler.schema.types import ANYTHING, INTEGER, STRING, Field, Record, Type

OWN = {
    "submitted": Record({"order": Field(STRING), "note": Field(STRING, optional=True)}),
    "paid": Record({"order": Field(STRING), "amount": Field(INTEGER)}),
}
"""The fields of the events that begin a process; other events have none of their own here."""

BEGUN = {"order": False, "note": True}
"""The fields of a context that `submitted` begins, and which are optional."""

STEP: dict[str, Any] = {"context": True}


def contexts(services: dict[str, Any], **events: dict[str, Any]) -> dict[str, Type]:
    value = {"events": {"submitted": {}, "paid": {}, **events}, "services": services}
    declared, found = read([("system.yaml", value)], "test")
    assert found == []
    return infer_contexts(declared, OWN)


def names(type_: Type) -> dict[str, bool]:
    """The fields of a context, and which are optional."""
    assert isinstance(type_, Record), type_
    return {name: field.optional for name, field in type_.fields.items()}


def test_no_event_with_a_context() -> None:
    assert contexts({"a": {"transitions": [{"on": "submitted", "emit": "paid"}]}}) == {}


def test_a_transition_begins_a_context_with_the_fields_of_its_trigger() -> None:
    inferred = contexts({"a": {"transitions": [{"on": "submitted", "emit": "reserve"}]}}, reserve=STEP)
    assert {name: names(type_) for name, type_ in inferred.items()} == {"reserve": BEGUN}


def test_a_context_is_carried_on_as_it_is_in_any_order_of_steps() -> None:
    steps = [
        {"on": "shipped", "emit": "closed"},
        {"on": "reserve", "emit": "shipped"},
        {"on": "submitted", "emit": "reserve"},
    ]
    inferred = contexts({"a": {"transitions": steps}}, reserve=STEP, shipped=STEP, closed=STEP)
    assert [names(inferred[event]) for event in ("reserve", "shipped", "closed")] == [BEGUN] * 3


def test_of_two_beginnings_only_what_both_have_is_sure() -> None:
    steps = [{"on": "submitted", "emit": "reserve"}, {"on": "paid", "emit": "reserve"}]
    inferred = contexts({"a": {"transitions": steps}}, reserve=STEP)
    assert names(inferred["reserve"]) == {"order": False, "note": True, "amount": True}


def test_a_join_unites_the_contexts_of_its_events() -> None:
    steps = [
        {"on": "submitted", "emit": "reserve"},
        {"on": "paid", "emit": "ship"},
        {"join": ["reserve", "ship"], "by": "partitionKey", "emit": "closed"},
    ]
    inferred = contexts({"a": {"transitions": steps}}, reserve=STEP, ship=STEP, closed=STEP)
    assert set(names(inferred["closed"])) == {"order", "note", "amount"}


def test_a_circle_of_steps_comes_to_an_end() -> None:
    steps = [
        {"on": "submitted", "emit": "tried"},
        {"on": "tried", "emit": "failed"},
        {"on": "failed", "emit": "tried"},
    ]
    inferred = contexts({"a": {"transitions": steps}}, tried=STEP, failed=STEP)
    assert [names(inferred[event]) for event in ("tried", "failed")] == [BEGUN] * 2


def test_a_circle_that_nothing_enters_is_untyped() -> None:
    steps = [{"on": "tried", "emit": "failed"}, {"on": "failed", "emit": "tried"}]
    assert contexts({"a": {"transitions": steps}}, tried=STEP, failed=STEP) == {"tried": ANYTHING, "failed": ANYTHING}


def kept_in_store(said: str) -> dict[str, Any]:
    return {
        "a": {"transitions": [{"on": "submitted", "emit": "reserve"}]},
        "b": {
            "stores": {"rows": {"of": {"id": "uuid", "context": "context"}}},
            "reactions": {"keep": {"on": "reserve", "write": "rows", "set": {"id": "id", "context": said}}},
            "changes": {"rows": {"insert": "reserved"}},
        },
    }


def test_a_store_hands_the_context_to_the_change_that_publishes() -> None:
    inferred = contexts(kept_in_store("context"), reserve=STEP, reserved=STEP)
    assert names(inferred["reserved"]) == BEGUN


def test_a_store_that_keeps_something_else_hides_it() -> None:
    assert contexts(kept_in_store("context.order"), reserve=STEP, reserved=STEP)["reserved"] == ANYTHING


def test_what_a_store_of_the_same_name_in_another_service_keeps_does_not_count() -> None:
    services = kept_in_store("context")
    services["c"] = {
        "stores": services["b"]["stores"],
        "reactions": {"keep": {"on": "paid", "write": "rows", "set": {"context": "context"}}},
    }
    assert names(contexts(services, reserve=STEP, reserved=STEP)["reserved"]) == BEGUN


def test_what_cannot_be_followed_is_untyped() -> None:
    services: dict[str, Any] = {
        "a": {
            "commands": {"tell": {"publish": "by-command"}},
            "functions": {"own": {"handler": "own.run", "publishes": "by-function"}},
            "transitions": [
                {"on": "submitted", "emit": "mapped", "with": {"context": "order"}},
                {"on": "mapped", "emit": "after"},
                {"on": "submitted", "emit": "after"},
                {"on": "outside", "emit": "inside"},
            ],
        },
    }
    opaque = ("by-command", "by-function", "mapped", "after", "inside")
    inferred = contexts(services, outside={"context": True, "external": True}, **dict.fromkeys(opaque, STEP))
    assert inferred == dict.fromkeys((*opaque, "outside"), ANYTHING)


def test_a_mapping_from_an_inferred_context_is_checked() -> None:
    value = {
        "events": {
            "submitted": {"entity": "order", "external": True, "with": {"order": {"id": "uuid"}}},
            "reserve": STEP,
            "told": {"with": {"id2": "uuid", "other": "any?"}},
        },
        "services": {
            "a": {
                "transitions": [
                    {"on": "submitted", "emit": "reserve"},
                    {"on": "reserve", "emit": "told", "with": {"id2": "context.order.id", "other": "context.ordr"}},
                ]
            },
        },
    }
    declared, _ = read([("system.yaml", value)], "test")
    (found,) = [one for one in link(declared).diagnostics if one.code == "CNCB304"]
    assert "ordr" in found.message
