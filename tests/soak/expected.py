"""What there must be in the end, computed from what was published: apart from all code that is tested."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

SUMMED = ("blue", "orange")
SHADES = {"light": "pale", "plain": "plain", "dark": "deep"}

Rows = dict[str, dict[str, Any]]


def latest(events: Iterable[Mapping[str, Any]]) -> Rows:
    """By key: the number and shade of the newest event of each type. Events come oldest first."""
    rows: Rows = defaultdict(dict)
    for event in events:
        kind, thing = event["type"], event["thing"]
        rows[thing["id"]] |= {"id": thing["id"], kind: thing["number"], f"{kind}Shade": SHADES[thing["shade"]]}
    return dict(rows)


def sums(events: Iterable[Mapping[str, Any]]) -> Rows:
    """By window: how many events of two of the types, and their amounts."""
    rows: Rows = {}
    for event in events:
        kind, thing = event["type"], event["thing"]
        if kind in SUMMED:
            empty = {field: 0 for each in SUMMED for field in (each, f"{each}Amount")}
            row = rows.setdefault(thing["window"], {"window": thing["window"], **empty})
            row[kind] += 1
            row[f"{kind}Amount"] += thing["amount"]
    return rows


def seen(events: Iterable[Mapping[str, Any]]) -> Rows:
    """By window: what the transitions of green events have caused."""
    rows: Rows = {}
    for event in events:
        thing = event["thing"]
        if event["type"] == "green":
            row = rows.setdefault(thing["window"], {"window": thing["window"], "seen": 0, "amount": 0})
            row["seen"] += 1
            row["amount"] += thing["amount"]
    return rows
