"""Opaque cursors: where the next page begins."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from .errors import InvalidInputError

UNKNOWN_CURSOR = "is none that this query has given"


def to_cursor(key: Mapping[str, Any] | None) -> str | None:
    """The cursor for the page behind `key`, as DynamoDB gave it; None on the last page."""
    if not key:
        return None
    return encoded(key)


def encoded(value: Any) -> str:
    """A JSON value as an opaque text."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decoded(cursor: str) -> Any:
    """The value that `encoded` has made a text of. Raises InvalidInputError for any other text."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        return json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, RecursionError):
        raise InvalidInputError([("cursor", UNKNOWN_CURSOR)]) from None


def from_cursor(cursor: str | None) -> dict[str, Any] | None:
    """The key that a cursor stands for. Raises InvalidInputError for one that `to_cursor` has not made."""
    if not cursor:
        return None
    key = decoded(cursor)
    if not isinstance(key, dict) or not key or not all(_is_key_value(value) for value in key.values()):
        raise InvalidInputError([("cursor", UNKNOWN_CURSOR)])
    return key


def _is_key_value(value: Any) -> bool:
    if not isinstance(value, dict) or len(value) != 1:
        return False
    kind, text = next(iter(value.items()))
    return kind in ("S", "N") and isinstance(text, str)
