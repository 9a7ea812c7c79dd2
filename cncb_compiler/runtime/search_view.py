"""A materialized view in a search index, right under duplicates and disorder.

A document is written whole, with the time of its event as its version. A deleted one stays for 30 days as a tombstone,
which no query finds, so that an older event cannot bring it back: OpenSearch itself forgets a deletion after a minute.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from .errors import TransientError
from .names import object_name
from .projection import Gone, Row, key_of
from .rows import AS_OF, DELETED_AT, EXPIRES, TRIGGER
from .search_bulk import MOST, Document, write
from .search_client import ask
from .search_mapping import index_of
from .unit import Step, UnitOfWork

TOMBSTONE_SECONDS = 30 * 86400

_ready: set[str] = set()
"""The indexes that this process has seen to."""


class SearchView(NamedTuple):
    """A view's index, named by the environment variable `variable`; `fields` says how each field is held.

    `keep` is after how many seconds from its last event a document may go.
    """

    variable: str
    key: tuple[str, ...]
    fields: Mapping[str, Any]
    keep: int | None = None
    oplock: bool = True

    @property
    def apply(self) -> Step:
        """The sink: do to the view what each unit's value says, many in one request."""
        return self._apply

    def _apply(self, units: Iterator[UnitOfWork]) -> Iterator[UnitOfWork]:
        while batch := list(islice(units, MOST)):
            yield from self._written(batch)

    def _written(self, batch: list[UnitOfWork]) -> Iterator[UnitOfWork]:
        documents: dict[int, Document] = {}
        failed: dict[int, Exception] = {}
        for at, unit in enumerate(batch):
            if unit.error is None:
                try:
                    documents[at] = self.document(unit.value)
                except Exception as error:
                    failed[at] = error
        try:
            errors = self.write(list(documents.values())) if documents else []
        except Exception as error:
            errors = [error] * len(documents)
        failed |= {at: error for at, error in zip(documents, errors, strict=True) if error is not None}
        for at, unit in enumerate(batch):
            yield unit.failed(failed[at]) if at in failed else unit

    def write(self, documents: list[Document]) -> list[Exception | None]:
        """Write documents; the answer has the error of each."""
        name = os.environ[self.variable]
        prepare(name, self.fields)
        return write(name, documents)

    def document(self, value: Row | Gone) -> Document:
        """The document that a row or its deletion makes."""
        key = key_of(self.key, value.key)
        own: dict[str, Any] = {AS_OF: value.timestamp, TRIGGER: value.trigger}
        fields: Mapping[str, Any] = {}
        if isinstance(value, Gone):
            own |= {DELETED_AT: value.timestamp, EXPIRES: value.timestamp // 1000 + TOMBSTONE_SECONDS}
        else:
            fields = value.fields
            if self.keep is not None:
                own[EXPIRES] = value.timestamp // 1000 + self.keep
        source = {name: one for name, one in {**fields, **key, **own}.items() if one is not None}
        return Document(object_name(self.key, key), source, value.timestamp if self.oplock else None)


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
        raise TransientError(f"the index {name} does not fit the view, it needs a new generation: {answer.reason}")
    expired = {"query": {"range": {EXPIRES: {"lt": int(time.time())}}}}
    ask("POST", f"/{name}/_delete_by_query?conflicts=proceed&wait_for_completion=false", expired)
    _ready.add(name)
