"""Many writes of a search index in one request; those that the domain was too busy for are tried again, and only those.

A write has the time of its event as its version, so the index itself leaves out what is older than what it holds
(OpenSearch documentation: "Bulk", `version_type`; book: "Implementing idempotence with an inverse OpLock").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from . import aws, jsons
from .errors import TransientError
from .search_client import SearchRefusedError, ask, is_busy, pause

MOST = 500
MOST_BYTES = 5 * 2**20
"""The most writes, and the most bytes, of one request (OpenSearch documentation: "Bulk": 5 to 15 MB)."""
CONFLICT = 409
GONE = 404


class Document(NamedTuple):
    """A document to write. `version` in milliseconds; None: whatever there is."""

    identity: str
    source: Mapping[str, Any]
    version: int | None = None

    @property
    def lines(self) -> bytes:
        """Its part of a bulk request."""
        action: dict[str, Any] = {"_id": self.identity}
        if self.version is not None:
            # An equal version is applied: what happened within one tick of the clock comes in order.
            action |= {"version": self.version, "version_type": "external_gte"}
        return f"{jsons.dumps({'index': action})}\n{jsons.dumps(self.source)}\n".encode()


def write(index: str, documents: Sequence[Document]) -> list[Exception | None]:
    """Write documents; the answer has the error of each, None where it is there, or something newer is."""
    errors: list[Exception | None] = []
    for part in _parts(documents):
        errors += _written(index, part)
    return errors


def _written(index: str, lines: list[bytes]) -> list[Exception | None]:
    errors: list[Exception | None] = [None] * len(lines)
    waiting = list(range(len(lines)))
    for attempt in range(aws.attempts()):
        if attempt:
            pause(attempt)
        for at, error in zip(waiting, _answered(index, [lines[at] for at in waiting]), strict=True):
            errors[at] = error
        waiting = [at for at in waiting if isinstance(errors[at], TransientError)]
        if not waiting:
            break
    return errors


def _answered(index: str, lines: list[bytes]) -> list[Exception | None]:
    try:
        answer = ask("POST", f"/{index}/_bulk", lines=b"".join(lines), attempts=1)
    except TransientError as error:
        return [error] * len(lines)
    if answer.status != 200:
        return [TransientError(f"bulk: {answer.status} {answer.reason}")] * len(lines)
    return [_error(item["index"]) for item in answer.content["items"]]


def _error(outcome: Mapping[str, Any]) -> Exception | None:
    status, error = outcome["status"], outcome.get("error")
    if error is None or status == CONFLICT:
        return None
    reason = f"{error.get('type')}: {error.get('reason')}"
    return TransientError(reason) if is_busy(status) or status == GONE else SearchRefusedError(reason)


def _parts(documents: Sequence[Document]) -> Iterator[list[bytes]]:
    part: list[bytes] = []
    size = 0
    for document in documents:
        lines = document.lines
        if part and (len(part) == MOST or size + len(lines) > MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(lines)
        size += len(lines)
    if part:
        yield part
