"""What can go wrong, in the two kinds that matter to a stream: worth trying again, or not.

An error that another attempt may mend (a throttled table, a lost connection) fails the record, and the
source delivers it again. Any other error belongs to the one event that caused it, and becomes a fault
(book: "Handling faults").
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

T = TypeVar("T")

# Answers of AWS that say that this one request is wrong, so that the same request will never be right.
REFUSED = frozenset(
    {
        "EntityTooLarge",
        "InvalidArgumentException",
        "ItemCollectionSizeLimitExceededException",
        "KeyTooLongError",
        "MetadataTooLarge",
        "ValidationException",
    }
)


LATER = (408, 425, 429)


class InvalidInputError(ValueError):
    """What was asked for is not well formed. `problems`: pairs of a path in the input and what is wrong."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{path} {problem}".strip() for path, problem in problems))
        self.problems = tuple(problems)


class NotFoundError(Exception):
    """The row or object that was asked for, or that should be changed, is not there."""


class PoisonError(Exception):
    """A record that is not an event: not JSON, or without an envelope."""


class TransientError(Exception):
    """Another attempt may succeed. Hooks raise it to have their event delivered again."""


def is_transient(error: BaseException) -> bool:
    """Whether another attempt may succeed: timeouts, connections, all that AWS answers beside `REFUSED`.

    Of the answers of other systems, those that ask to come back later (408, 425, 429) or are their own failure (5xx).
    """
    if isinstance(error, (TransientError, ConnectionError, TimeoutError)):
        return True
    from urllib.error import HTTPError, URLError

    if isinstance(error, HTTPError):
        return error.code in LATER or error.code >= 500
    if isinstance(error, URLError):
        return True
    # Only an error of AWS has loaded botocore; a missing one would only cost the import.
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        ParamValidationError,
    )

    if isinstance(error, ClientError):
        return code_of(error) not in REFUSED
    return isinstance(error, BotoCoreError) and not isinstance(error, ParamValidationError)


def code_of(error: BaseException) -> str:
    """The code in AWS's answer, such as `ConditionalCheckFailedException`; empty in other errors."""
    answer: dict[str, Any] = getattr(error, "response", None) or {}
    return str(answer.get("Error", {}).get("Code", ""))


def found(value: T | None) -> T:
    """The value, which must be there."""
    if value is None:
        raise NotFoundError("not found")
    return value
