"""What a person sees of a running system: a line for each event, request and failure, as it happens."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

FAULT = "fault"


def event_line(stream: str, record: Mapping[str, Any]) -> str:
    """A record of a stream: when, which event of which service, its partition key and id."""
    try:
        event = json.loads(record["data"])
        kind, event_id, tags = event["type"], event.get("id", "?"), event.get("tags") or {}
    except (ValueError, TypeError, KeyError):
        return _line(record["approximateArrivalTimestamp"], "?", f"a record that holds no event, on {stream}")
    origin = tags.get("service") or tags.get("source") or "?"
    text = f"{f'{origin} -> {stream}':<24}  key={record['partitionKey']}  id={event_id}"
    if kind == FAULT:
        error = event.get("error", {})
        text = f"{event.get('function', '?')}: {error.get('name')}: {error.get('message')}  id={event_id}"
    return _line(record["approximateArrivalTimestamp"], kind, text)


def request_line(request: Any) -> str:
    """An answered request of an API."""
    milliseconds = round(request.duration * 1000)
    return _line(
        request.at.timestamp(),
        str(request.status),
        f"{request.method} /{request.prefix}{request.path}  {milliseconds} ms",
    )


def failure_line(invocation: Any) -> str:
    """An invocation that failed."""
    try:
        error = json.loads(invocation.payload)
        text = f"{error.get('errorType', '')}: {error.get('errorMessage', '')}".strip(": ")
    except (ValueError, AttributeError):
        text = invocation.error or ""
    return _line(invocation.ended, "failed", f"{invocation.function}: {text}")


def _line(seconds: float, what: str, text: str) -> str:
    at = datetime.fromtimestamp(seconds, UTC).astimezone().strftime("%H:%M:%S.%f")[:-3]
    return f"{at}  {what:<24}  {text}"
