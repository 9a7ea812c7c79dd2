"""What messages to queues and buses have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .bulk import Limits
from .errors import TransientError

Message = Callable[[Any], Any]
"""What a message says, as a mapping of the event."""

LIMITS = Limits(entries=10, bytes=1024 * 1024)
"""What one request takes, of both (Amazon SQS: SendMessageBatch; Amazon EventBridge: PutEvents)."""


def fitting(size: int, variable: str) -> int:
    """The size of a message in bytes. Raises ValueError where no request could carry it."""
    if size > LIMITS.bytes:
        raise ValueError(f"the message to {variable} has {size} bytes: more than a request carries")
    return size


def not_sent(code: str, reason: str, *, transient: bool) -> Exception:
    """Why an entry was not taken; `transient`: another attempt may succeed."""
    return (TransientError if transient else ValueError)(f"not sent: {code} {reason}".rstrip())
