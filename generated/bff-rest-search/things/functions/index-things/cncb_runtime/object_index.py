"""The search index of a bucket's objects (book: "Implementing a search BFF").

An object is indexed as it is now, with the time of the word about it as the version: of two that look at it, the one
that was told of the later change sees at least that. So the index follows the bucket, whatever comes twice or late.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .bulk import Entry, Limits
from .objects import read, tag_of
from .rows import AS_OF, DELETED_AT, EXPIRES, TOMBSTONE_SECONDS, TRIGGER
from .search_bulk import LIMITS, Document, send
from .search_view import prepare
from .unit import UnitOfWork


class ObjectIndex(NamedTuple):
    """The index of a bucket; both are named by environment variables. `fields` says how each field is held."""

    variable: str
    bucket: str
    fields: Mapping[str, Any]

    @property
    def limits(self) -> Limits:
        """What one request takes."""
        return LIMITS

    def entry(self, unit: UnitOfWork) -> Entry:
        """The object as it is now, as a part of a request."""
        return self.document(unit.event["object"], unit.cause.timestamp).entry(os.environ[self.variable])

    def send(self, entries: Sequence[Entry]) -> list[Exception | None]:
        """Write documents by one request."""
        prepare(entries[0].place, self.fields)
        return send(entries)

    def document(self, name: str, at: int) -> Document:
        """The document of an object that was told of at a time (ms): a tombstone where there is none any more."""
        stored = read(self.bucket, name)
        if stored is None:
            gone = {AS_OF: at, DELETED_AT: at, EXPIRES: at // 1000 + TOMBSTONE_SECONDS}
            return Document(name, gone, at)
        found = {field: stored.fields.get(field) for field in self.fields}
        found |= {AS_OF: at, TRIGGER: stored.metadata.get(tag_of(TRIGGER))}
        return Document(name, {field: value for field, value in found.items() if value is not None}, at)
