"""What a fault says of itself, field by field; a fault that was written by something else says less."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cncb_compiler.faults.store import FaultStore, Kept, LostError


def summary(store: FaultStore, kept: Kept) -> dict[str, Any]:
    """A fault in the few fields by which one knows it again."""
    try:
        return described(kept, store.event(kept))
    except LostError as error:
        return _known(kept) | {"error": {"name": "", "message": str(error)}}


def described(kept: Kept, event: Mapping[str, Any]) -> dict[str, Any]:
    """As `summary`, of an event at hand."""
    error = _object(event, "error")
    unit = _object(event, "unit")
    caused = _object(unit, "event")
    told = _known(kept) | {
        "error": {"name": str(error.get("name", "")), "message": str(error.get("message", ""))},
        "event": {name: str(caused[name]) for name in ("id", "type") if name in caused},
        "physicalName": str(event.get("function", "")),
    }
    timestamp = event.get("timestamp")
    if isinstance(timestamp, int | float):
        told["faulted"] = time_of(int(timestamp))
    for name in ("redacted", "trimmed"):
        if event.get(name) is True:
            told[name] = True
    if isinstance(event.get("claimCheck"), dict):
        told["claimCheck"] = event["claimCheck"]
    return told


def time_of(milliseconds: int) -> str:
    """`2026-11-25T18:00:03Z`."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _known(kept: Kept) -> dict[str, Any]:
    return {
        "id": kept.id,
        "service": kept.service,
        "function": kept.function,
        "key": kept.key,
        "faulted": time_of(kept.at),
    }


def _object(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = of.get(name)
    return found if isinstance(found, dict) else {}
