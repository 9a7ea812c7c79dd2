"""Messages to queues and buses between two revisions: only receivers outside read them, so only forward counts."""

from __future__ import annotations

from typing import Any

import pytest

from cncb_compiler.compare.compare import compare
from cncb_compiler.compare.side import Side, side_of_values

PARCEL = {"id": "uuid", "carrier": "string", "grams": "integer?"}


def side(section: str, of: dict[str, str]) -> Side:
    """A gateway that sends messages of this type."""
    events = {
        "parcel-sent": {"entity": "parcel", "external": True, "with": {"parcel": {"id": "uuid", "carrier": "string"}}}
    }
    told = {name: f"parcel.{name}" for name in of if name in ("id", "carrier")}
    service: dict[str, Any] = {
        section: {"outlet": {"of": of}},
        "reactions": {"tell": {"on": "parcel-sent", "send": "outlet", "set": told}},
    }
    return side_of_values(
        "a revision", [("system.yaml", {"system": "s", "events": events, "services": {"gateway": service}})], "s"
    )


def levels(section: str, before: dict[str, str], after: dict[str, str]) -> dict[str, str]:
    """What changed in the messages, and how bad it is."""
    noun = {"queues": "queue", "buses": "bus"}[section]
    found = compare(side(section, before), side(section, after)).changes
    return {one.slug: one.level.name for one in found if one.message.startswith(f"{noun} gateway.outlet: ")}


@pytest.mark.parametrize("section", ["queues", "buses"])
@pytest.mark.parametrize(
    ("of", "expected"),
    [
        ({"id": "uuid", "carrier": "string"}, {"field-removed": "SAFE"}),
        ({"id": "uuid", "grams": "integer?"}, {"field-removed": "BREAKING"}),
        ({**PARCEL, "carrier": "string?"}, {"field-optional": "BREAKING"}),
        ({**PARCEL, "note": "string?"}, {"field-added": "SAFE"}),
    ],
)
def test_what_receivers_rely_on(section: str, of: dict[str, str], expected: dict[str, str]) -> None:
    assert levels(section, PARCEL, of) == expected


def test_receivers_are_named() -> None:
    (change,) = [
        one
        for one in compare(side("queues", PARCEL), side("queues", {"id": "uuid", "grams": "integer?"})).changes
        if one.slug == "field-removed"
    ]
    assert [one.node for one in change.affected] == ["receivers of the queue gateway.outlet"]
    assert "send the new form" in change.mend or "Keep the old field" in change.mend
