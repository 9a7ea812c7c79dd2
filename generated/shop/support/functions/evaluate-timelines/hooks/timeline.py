"""An order's story, as customer care tells it."""

from __future__ import annotations

from typing import Any

WORDS = {
    "order-submitted": "The customer ordered.",
    "reservation-confirmed": "The warehouse holds the goods.",
    "reservation-released": "The warehouse let the goods go.",
    "payment-taken": "The customer was charged.",
    "payment-refused": "The provider would not charge the customer.",
    "payment-refunded": "The customer got money back.",
    "parcel-packed": "The parcel was packed.",
    "parcel-dispatched": "The carrier has the parcel.",
    "parcel-delivered": "The customer has the parcel.",
    "order-cancelled": "The order was cancelled.",
    "return-requested": "The customer wants to give goods back.",
}


def tell(events: list[dict[str, Any]]) -> dict[str, Any]:
    """The steps of an order so far, oldest first, with the reason where something was refused."""
    return {"latest": events[-1]["type"], "steps": [_step(event) for event in events]}


def _step(event: dict[str, Any]) -> dict[str, Any]:
    step = {"at": event["timestamp"], "what": WORDS[event["type"]]}
    said = (event, event.get("order", {}), event.get("return", {}))
    reason = next((part["reason"] for part in said if part.get("reason")), None)
    return {**step, "reason": reason} if reason else step
