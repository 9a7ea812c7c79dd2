"""A materialized view in a search index, right under duplicates and disorder.

A document is written whole, with the time of its event as its version. A deleted one stays for 30 days as a tombstone,
which no query finds, so that an older event cannot bring it back: OpenSearch itself forgets a deletion after a minute.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .bulk import Entry, Limits
from .errors import TransientError
from .names import object_name
from .projection import Gone, Row, key_of
from .rows import AS_OF, DELETED_AT, EXPIRES, TRIGGER, tombstone_goes
from .search_bulk import LIMITS, Document, send
from .search_client import ask
from .search_mapping import index_of
from .unit import UnitOfWork

_ready: set[str] = set()
"""The indexes that this process has seen to."""


class SearchView(NamedTuple):
    """A view's index, named by the environment variable `variable`; `fields` says how each field is held.

    `keep` is after how many seconds from its last event a document may go. If it is not `locked`, nothing is compared.
    """

    variable: str
    key: tuple[str, ...]
    fields: Mapping[str, Any]
    keep: int | None = None
    locked: bool = True

    def row(self, unit: UnitOfWork) -> tuple[Any, ...]:
        """The document that the unit's value is about."""
        return tuple(unit.value.key.get(name) for name in self.key)

    @property
    def limits(self) -> Limits:
        """What one request takes."""
        return LIMITS

    def entry(self, unit: UnitOfWork) -> Entry:
        """What a unit does to the view, as a part of a request."""
        return self.document(unit.value).entry(os.environ[self.variable])

    def send(self, entries: Sequence[Entry]) -> list[Exception | None]:
        """Write documents by one request."""
        prepare(entries[0].place, self.fields)
        return send(entries)

    def document(self, value: Row | Gone) -> Document:
        """The document that a row or its deletion makes."""
        key = key_of(self.key, value.key)
        own: dict[str, Any] = {AS_OF: value.timestamp, TRIGGER: value.trigger}
        fields: Mapping[str, Any] = {}
        if isinstance(value, Gone):
            own |= {DELETED_AT: value.timestamp, EXPIRES: tombstone_goes()}
        else:
            fields = value.fields
            if self.keep is not None:
                own[EXPIRES] = value.timestamp // 1000 + self.keep
        source = {name: one for name, one in {**fields, **key, **own}.items() if one is not None}
        return Document(object_name(self.key, key), source, value.timestamp if self.locked else None)


def prepare(name: str, fields: Mapping[str, Any]) -> None:
    """See that an index is there and holds these fields, once in the life of a process; remove what has expired.

    Raises TransientError where it holds one of them otherwise: then a fresh copy is needed.
    """
    if name in _ready:
        return
    wanted = index_of(fields)
    answer = ask("PUT", f"/{name}", wanted)
    if answer.status == 400 and "resource_already_exists" in answer.reason:
        answer = ask("PUT", f"/{name}/_mapping", wanted["mappings"])
    if answer.status != 200:
        raise TransientError(
            f"the index {name} does not fit the view, `cncb reindex` makes one that does: {answer.reason}"
        )
    expired = {"query": {"range": {EXPIRES: {"lt": int(time.time())}}}}
    ask("POST", f"/{name}/_delete_by_query?conflicts=proceed&wait_for_completion=false", expired)
    _ready.add(name)
