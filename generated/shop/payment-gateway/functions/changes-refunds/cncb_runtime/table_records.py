"""Reading changes from the records of a DynamoDB stream (change data capture)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .errors import PoisonError
from .rows import DELETED_AT, LATCHED, TRACE, TRIGGER, WRITTEN, decode, public
from .unit import Trigger, UnitOfWork


def from_table(unit: UnitOfWork) -> Iterator[UnitOfWork]:
    """Decode the change in a record: `id`, `operation`, `timestamp` (ms), and `old` and `new` as there are.

    A row that is deleted but remembered (a tombstone) is none. A change that is none to the service is left out: only
    marks of the runtime differ, or a tombstone goes.
    """
    record = unit.record
    try:
        images = {name: decode(image) for name, image in _images(record).items()}
        keys = decode(record["dynamodb"]["Keys"])
        created = record["dynamodb"].get("ApproximateCreationDateTime", 0)
        change: dict[str, Any] = {"id": record["eventID"], "operation": record["eventName"]}
    except (KeyError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        raise PoisonError(f"the record holds no change: {error!r}") from error
    rows = {name: public(image) for name, image in images.items() if DELETED_AT not in image}
    if len(rows) < len(images):
        if not rows:
            return
        change["operation"] = "INSERT" if "new" in rows else "REMOVE"
    if change["operation"] == "MODIFY" and rows.get("old") == rows.get("new"):
        return
    change |= {"timestamp": _timestamp(images, created), **rows}
    key = ":".join(str(keys[name]) for name in sorted(keys))
    origin = images.get("new", {}).get(TRIGGER)
    if origin == images.get("old", {}).get(TRIGGER):
        origin = None
    at = change["timestamp"]
    trigger = Trigger(change["id"], at, at, key, change["id"], origin, images.get("new", {}).get(TRACE))
    yield unit.decoded(change, trigger)


def unlatched(units: Iterator[UnitOfWork]) -> Iterator[UnitOfWork]:
    """Leave out changes that a reaction made: those came from outside, and would go back there."""
    for unit in units:
        if unit.error is not None or not _is_latched(unit.record):
            yield unit


def _images(record: Mapping[str, Any]) -> dict[str, Any]:
    change = record["dynamodb"]
    names = {"old": "OldImage", "new": "NewImage"}
    return {name: change[image] for name, image in names.items() if image in change}


def _timestamp(images: Mapping[str, Mapping[str, Any]], created: float) -> int:
    """When the change was made, never before the last one of the row.

    The row's writer has stamped it; DynamoDB knows it only to the second, in which effects would be older than causes.
    """
    before = int(images.get("old", {}).get(WRITTEN, 0))
    written = int(images.get("new", {}).get(WRITTEN, 0))
    return written if written > before else max(int(created * 1000), before + 1)


def _is_latched(record: Mapping[str, Any]) -> bool:
    images = _images(record)
    image = images.get("new", images.get("old", {}))
    return bool(image.get(LATCHED, {}).get("BOOL", False))
