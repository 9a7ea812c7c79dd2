"""What customers read. Each function tells the customer of one event.

The event's id is the idempotency key of the message, so an event that is handled twice is told once.
A failed call raises; the event is then tried again.
"""

from __future__ import annotations

import json
import os
from typing import Any
from urllib.request import Request, urlopen

TIMEOUT = 5.0
"""Seconds; ten calls, a batch, fit well into the function's own timeout."""


def order_submitted(event: dict[str, Any]) -> None:
    """Confirm that an order has come in."""
    order = event["order"]
    goods = "\n".join(f"{line['quantity']} x {line['sku']}" for line in order["lines"])
    _send(event, order["email"], "We have your order", f"Thank you! You ordered:\n{goods}")


def order_cancelled(event: dict[str, Any]) -> None:
    """Explain why an order came to nothing."""
    order = event["order"]
    reason = order.get("reason") or "it was withdrawn"
    _send(event, order["email"], "Your order is cancelled", f"We are sorry: {reason}.")


def parcel_dispatched(event: dict[str, Any]) -> None:
    """Say that the parcel is on its way, and how to follow it."""
    order, tracking = event["context"]["order"], event["parcel"].get("tracking")
    follow = f" Follow it by its code {tracking}." if tracking else ""
    _send(event, order["email"], "Your parcel is on its way", f"The carrier has it.{follow}")


def return_refused(event: dict[str, Any]) -> None:
    """Say that goods are not taken back."""
    text = "We cannot take the goods back. They are on their way to you again."
    _send(event, event["return"]["email"], "About your return", text)


def payment_refunded(event: dict[str, Any]) -> None:
    """Say that money is on its way back."""
    whole, cents = divmod(event["refund"]["amount"], 100)
    text = f"We have paid {whole}.{cents:02} back to your card."
    _send(event, event["context"]["return"]["email"], "Your refund", text)


def _send(event: dict[str, Any], to: str, subject: str, text: str) -> None:
    headers = {"Content-Type": "application/json", "Idempotency-Key": event["id"]}
    body = json.dumps({"to": to, "subject": subject, "text": text}).encode()
    with urlopen(Request(os.environ["MAIL_URL"] + "/messages", body, headers), timeout=TIMEOUT):
        pass
