"""The data lake's search index: every event, in an index for each day (book: "Creating a data lake", its second half).

A document is the event: its envelope, each part as its own kind of field, and under `event` its own fields as they are.
Its texts and numbers are under `words`, which is searched and not kept. The id of the event is that of the document, so
an event that comes twice is there once. What is no event is in the lake's bucket alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from .bulk import Entry, Limits
from .envelope import derived_id
from .errors import PoisonError, TransientError
from .search_bulk import LIMITS, Document, send
from .search_client import ask
from .search_mapping import KEYWORD, LONGEST_KEYWORD, SETTINGS, TIME
from .unit import Step, UnitOfWork, each

if TYPE_CHECKING:
    from .redaction import Redaction

ENVELOPE = ("id", "type", "timestamp", "partitionKey", "tags")
WORDS = "words"
LONGEST_ID_BYTES = 512
END_OF_TIME = 253_402_300_800_000
"""The first millisecond of the year 10000."""

TEMPLATE = {
    "settings": SETTINGS,
    "mappings": {
        "dynamic": "strict",
        "_source": {"excludes": [WORDS]},
        "properties": {
            "id": KEYWORD,
            "type": KEYWORD,
            "timestamp": TIME,
            "partitionKey": KEYWORD,
            "tags": {"type": "flat_object"},
            "event": {"type": "object", "enabled": False},
            WORDS: {"type": "text"},
        },
    },
}
"""What each day's index is made of."""

_ready: set[str] = set()
"""The names whose template this process has seen to."""


def events(units: Iterator[UnitOfWork]) -> Iterator[UnitOfWork]:
    """Leave out what is no event."""
    for unit in units:
        if isinstance(unit.error, PoisonError):
            continue
        if unit.error is None:
            trigger = unit.trigger
            if trigger is None or not trigger.id or not 0 <= trigger.timestamp < END_OF_TIME:
                continue
        yield unit


def without(redaction: Redaction) -> Step:
    """Leave out what is sensitive in each event."""

    def work(unit: UnitOfWork) -> tuple[UnitOfWork]:
        return (unit.decoded(redaction.event(unit.event), unit.trigger),)

    return each(work)


class EventIndex(NamedTuple):
    """The indexes of all days, `<name>.yyyy-MM-dd` (UTC); the environment names them by `variable`."""

    variable: str

    @property
    def limits(self) -> Limits:
        """What one request takes."""
        return LIMITS

    def entry(self, unit: UnitOfWork) -> Entry:
        """The event, as a part of a request to the index of its day."""
        at = datetime.fromtimestamp(unit.cause.timestamp // 1000, UTC)
        return document(unit).entry(f"{os.environ[self.variable]}.{at:%Y-%m-%d}")

    def send(self, entries: Sequence[Entry]) -> list[Exception | None]:
        """Write the documents of one day by one request."""
        prepare(os.environ[self.variable])
        return send(entries)


def document(unit: UnitOfWork) -> Document:
    """The document of an event."""
    event, cause = unit.event, unit.cause
    own = {name: value for name, value in event.items() if name not in ENVELOPE}
    key, tags = event.get("partitionKey"), event.get("tags")
    source: dict[str, Any] = {
        "id": event["id"],
        "type": event["type"],
        "timestamp": cause.timestamp,
        "tags": _flat(tags if isinstance(tags, dict) else {}),
        "event": own,
        WORDS: list(_words(own)),
    }
    if _is_plain(key):
        source["partitionKey"] = str(key)
    fits = len(cause.id.encode()) <= LONGEST_ID_BYTES
    return Document(cause.id if fits else derived_id(cause.id), source, cause.timestamp)


def prepare(name: str) -> None:
    """See that the indexes of all days are made alike, once in the life of a process. Raises TransientError."""
    if name in _ready:
        return
    answer = ask("PUT", f"/_index_template/{name}", {"index_patterns": [f"{name}.*"], "template": TEMPLATE})
    if answer.status != 200:
        raise TransientError(f"the index template {name} was refused: {answer.reason}")
    _ready.add(name)


def _flat(tags: Mapping[str, Any]) -> dict[str, str]:
    """The tags that are found by their whole value."""
    plain = {name: str(value) for name, value in tags.items() if name and _is_plain(value)}
    return {name: value for name, value in plain.items() if len(value) <= LONGEST_KEYWORD}


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner)
    elif _is_plain(value):
        yield str(value)


def _is_plain(value: Any) -> bool:
    return isinstance(value, (str, int, float, Decimal)) and not isinstance(value, bool)
