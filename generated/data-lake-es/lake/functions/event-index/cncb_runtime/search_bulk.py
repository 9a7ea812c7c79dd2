"""Documents that are written whole, many by one request (OpenSearch documentation: "Bulk").

A write has the time of its event as its version, so the index itself leaves out what is older than what it holds
(book: "Implementing idempotence with an inverse OpLock").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from . import jsons
from .bulk import Entry, Limits
from .errors import TransientError
from .search_client import SearchRefusedError, ask, is_busy

LIMITS = Limits(entries=500, bytes=5 * 2**20)
"""What one request holds at most (OpenSearch documentation: "Bulk": 5 to 15 MB)."""
CONFLICT = 409


class Document(NamedTuple):
    """A document to write. `version` in milliseconds; None: whatever there is."""

    identity: str
    source: Mapping[str, Any]
    version: int | None = None

    def entry(self, index: str) -> Entry:
        """The document as a part of a bulk request. Without versions, writes of one document keep their order."""
        action: dict[str, Any] = {"_id": self.identity}
        if self.version is not None:
            # An equal version is applied: what happened within one tick of the clock comes in order.
            action |= {"version": self.version, "version_type": "external_gte"}
        lines = f"{jsons.dumps({'index': action})}\n{jsons.dumps(self.source)}\n".encode()
        return Entry(lines, len(lines), index, self.identity if self.version is None else None)


def send(entries: Sequence[Entry]) -> list[Exception | None]:
    """Write the documents of one index by one request. It is done where something newer is there already."""
    lines = b"".join(entry.content for entry in entries)
    answer = ask("POST", f"/{entries[0].place}/_bulk", lines=lines)
    if answer.status != 200:
        raise SearchRefusedError(f"bulk: {answer.status} {answer.reason}")
    return [_error(item["index"]) for item in answer.content["items"]]


def _error(outcome: Mapping[str, Any]) -> Exception | None:
    status, error = outcome["status"], outcome.get("error")
    if error is None or status == CONFLICT:
        return None
    reason = f"{error.get('type')}: {error.get('reason')}"
    return TransientError(reason) if is_busy(status) else SearchRefusedError(reason)
