"""The warehouse's own system: it holds goods for an order, and lets them go again.

The event's id is the idempotency key of each call, so an event that is handled twice holds the goods once.
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


def hold(event: dict[str, Any]) -> dict[str, Any]:
    """Ask for all goods of a reservation, or none: whether they are held, and if not, why."""
    reservation = event["reservation"]
    wanted = [{"sku": line["sku"], "quantity": line["quantity"]} for line in reservation["lines"]]
    try:
        _call("PUT", f"/holds/{reservation['id']}", event["id"], {"lines": wanted})
    except HTTPError as error:
        if error.code != HTTPStatus.CONFLICT:
            raise
        return {"accepted": False, "reason": json.load(error)["message"]}
    return {"accepted": True, "reason": ""}


def release(event: dict[str, Any]) -> bool:
    """Let the goods of a reservation go; true also if they were not held any more."""
    try:
        _call("DELETE", f"/holds/{event['reservation']['id']}", event["id"])
    except HTTPError as error:
        if error.code != HTTPStatus.NOT_FOUND:
            raise
    return True


def _call(method: str, path: str, key: str, body: dict[str, Any] | None = None) -> None:
    headers = {"Content-Type": "application/json", "Idempotency-Key": key}
    data = None if body is None else json.dumps(body).encode()
    request = Request(os.environ["WAREHOUSE_URL"] + path, data, headers, method=method)
    with urlopen(request, timeout=TIMEOUT):
        pass
