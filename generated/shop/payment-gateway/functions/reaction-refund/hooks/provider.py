"""The payment provider. It knows the customers' cards by the customers' ids; the shop never sees a card.

`PROVIDER_URL` is the company's egress proxy, which adds the provider's credentials.
The event's id is the idempotency key of each call, so an event that is handled twice moves money once.
A failed call raises; the event is then tried again.
"""

from __future__ import annotations

import json
import os
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

TIMEOUT = 5.0
"""Seconds; ten calls, a batch, fit well into the function's own timeout."""


def charge(event: dict[str, Any]) -> dict[str, Any]:
    """Charge the customer: whether the provider accepted, under which reference, and if not, why."""
    payment = event["payment"]
    body = {"customer": payment["customerId"], "cents": payment["amount"], "order": payment["id"]}
    try:
        answer = _post("/charges", event["id"], body)
    except HTTPError as error:
        if error.code != HTTPStatus.PAYMENT_REQUIRED:
            raise
        return {"accepted": False, "reference": "", "reason": json.load(error)["message"]}
    return {"accepted": True, "reference": answer["id"], "reason": ""}


def refund(event: dict[str, Any]) -> str:
    """Pay a customer back; gives the provider's reference."""
    refund = event["refund"]
    body = {"customer": refund["customerId"], "cents": refund["amount"], "order": refund["orderId"]}
    reference: str = _post("/refunds", event["id"], body)["id"]
    return reference


def _post(path: str, key: str, body: dict[str, Any]) -> dict[str, Any]:
    headers = {"Content-Type": "application/json", "Idempotency-Key": key}
    request = Request(os.environ["PROVIDER_URL"] + path, json.dumps(body).encode(), headers)
    with urlopen(request, timeout=TIMEOUT) as response:
        answer: dict[str, Any] = json.load(response)
    return answer
