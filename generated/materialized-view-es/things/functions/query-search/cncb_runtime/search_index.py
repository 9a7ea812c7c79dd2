"""Reading a search index: one document by its key, or a page of those that fit.

What a caller says never becomes a part of the query language: it is a value in a JSON document (OpenSearch
documentation: "Query DSL", "Paginate results" with `search_after`).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from . import jsons
from .cursor import UNKNOWN_CURSOR, decoded, encoded
from .errors import InvalidInputError, TransientError
from .names import object_name
from .rows import DELETED_AT, EXPIRES, is_gone, public
from .search_client import Answer, SearchRefusedError, ask

LONGEST_TEXT = 1000
FLAGS = "NOT|PHRASE|PREFIX|WHITESPACE"
"""What `q` may say beside words: -not, "a phrase", beginning*."""


class By(NamedTuple):
    """What a caller may search by. `filters` gives the field and the kind of its values, `sort` the field, by name."""

    text: tuple[str, ...] = ()
    filters: Mapping[str, tuple[str, str]] = {}
    sort: Mapping[str, str] = {}


class SearchIndex(NamedTuple):
    """An index, named by the environment variable `variable`. `order` holds the `key`, to be sorted by.

    `url` is of an index of objects: it gives the URL of the object of a name.
    """

    variable: str
    key: tuple[str, ...]
    order: tuple[str, ...]
    url: Callable[[str], str] | None = None

    @property
    def name(self) -> str:
        """The physical name."""
        return os.environ[self.variable]

    def get(self, key: Mapping[str, Any]) -> dict[str, Any] | None:
        """The document at a whole key."""
        answer = ask("GET", f"/{self.name}/_doc/{quote(object_name(self.key, key), safe='')}")
        if answer.status == 404:
            return None
        row: dict[str, Any] = _checked(answer)["_source"]
        return None if is_gone(row, expires=True) else _row(row)

    def search(self, request: Mapping[str, Any], by: By, *, limit: int, cursor: str | None = None) -> dict[str, Any]:
        """A page of the documents that a request asks for: `{items, cursor}`. Raises InvalidInputError."""
        asked = {**(request["query"] or request["input"] or {}), **request["path"]}
        text = _text(asked.get("q")) if by.text else None
        filters = [
            {"term": {field: _value(name, kind, asked[name])}}
            for name, (field, kind) in by.filters.items()
            if asked.get(name) is not None
        ]
        sort = self._sort(asked.get("sort"), by, scored=text is not None)
        # A row may be a tombstone, or have outlived its time.
        gone = [{"exists": {"field": DELETED_AT}}, {"range": {EXPIRES: {"lte": int(time.time())}}}]
        query: dict[str, Any] = {"filter": filters, "must_not": gone}
        if text is not None:
            said = {"query": text, "fields": list(by.text), "default_operator": "and", "flags": FLAGS}
            query["must"] = [{"simple_query_string": said}]
        body: dict[str, Any] = {"query": {"bool": query}, "sort": sort, "size": limit}
        if cursor:
            body["search_after"] = _after(cursor, len(sort))
        answer = ask("POST", f"/{self.name}/_search?ignore_unavailable=true", body)
        if answer.status == 400:
            # The rest of the request is fixed, so it is the caller's filter or cursor that does not fit.
            raise InvalidInputError([("", "filter or cursor does not fit")])
        hits = _checked(answer)["hits"]["hits"]
        last = encoded(hits[-1]["sort"]) if len(hits) == limit else None
        return {"items": [self._found(hit) for hit in hits], "cursor": last}

    def _found(self, hit: Mapping[str, Any]) -> dict[str, Any]:
        row = _row(hit["_source"])
        return row if self.url is None else {**row, "url": self.url(hit["_id"])}

    def _sort(self, asked: Any, by: By, *, scored: bool) -> list[dict[str, str]]:
        """The order: as asked for, else the best first; what is alike by its key, so that pages do not overlap."""
        first: list[dict[str, str]] = [{"_score": "desc"}] if scored else []
        if asked is not None and by.sort:
            name = str(asked)
            falling = name.startswith("-")
            field = by.sort.get(name.removeprefix("-"))
            if field is None:
                raise InvalidInputError([("sort", f"is none of {', '.join(sorted(by.sort))}")])
            first = [{field: "desc" if falling else "asc"}]
        return [*first, *({field: "asc"} for field in self.order)]


def _row(source: Mapping[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = jsons.with_decimals(public(source, expires=True))
    return row


def _text(said: Any) -> str | None:
    if said is None or said == "":
        return None
    if not isinstance(said, str) or len(said) > LONGEST_TEXT:
        raise InvalidInputError([("q", f"is no text of {LONGEST_TEXT} characters at most")])
    return said


def _value(name: str, kind: str, said: Any) -> Any:
    read, what = _READ.get(kind, (str, "text"))
    try:
        return read(said)
    except (KeyError, TypeError, ValueError, OverflowError):
        raise InvalidInputError([(name, f"is not {what}")]) from None


def _whole(said: Any) -> int:
    number = int(said)
    if isinstance(said, bool) or number != float(said) or not -(2**63) <= number < 2**63:
        raise ValueError
    return number


def _number(said: Any) -> float:
    number = float(said)
    if isinstance(said, bool) or number - number != 0:
        raise ValueError
    return number


_READ: Mapping[str, tuple[Callable[[Any], Any], str]] = {
    "boolean": (lambda said: {"true": True, "false": False}[str(said).lower()], "true or false"),
    "double": (_number, "a number"),
    "long": (_whole, "a whole number"),
    "timestamp": (_whole, "a time in milliseconds"),
}


def _after(cursor: str, count: int) -> list[Any]:
    values = decoded(cursor)
    if not isinstance(values, list) or len(values) != count or not all(_is_plain(value) for value in values):
        raise InvalidInputError([("cursor", UNKNOWN_CURSOR)])
    return values


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, (str, int, float))


def _checked(answer: Answer) -> Any:
    if answer.status == 404:
        raise TransientError(answer.reason)
    if answer.status != 200:
        raise SearchRefusedError(answer.reason)
    return answer.content
