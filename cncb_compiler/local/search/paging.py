"""A search of one or more indexes: in which order, which part of what was found.

OpenSearch documentation: "Search", "Sort results", "Paginate results" (`search_after`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any

from cncb_compiler.local.search.errors import bad_request, unsupported
from cncb_compiler.local.search.index import Document, Index
from cncb_compiler.local.search.query import read_query

WINDOW = 10_000
"""The most that one search reaches to (`index.max_result_window`)."""
_KEYS = ("query", "size", "from", "sort", "search_after", "track_total_hits", "_source", "version", "track_scores")


@dataclass(frozen=True, slots=True)
class _Order:
    path: str
    descending: bool


@dataclass(frozen=True, slots=True)
class _Hit:
    index: Index
    identity: str
    document: Document
    score: float
    keys: tuple[Any, ...]


def search(indexes: Iterable[Index], body: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of `_search`. Raises SearchError."""
    for key in body:
        if key not in _KEYS:
            raise unsupported(f"[{key}] of a search")
    query = read_query(body.get("query", {"match_all": {}}))
    orders = _orders(body.get("sort"))
    size, start = int(body.get("size", 10)), int(body.get("from", 0))
    if size + start > WINDOW:
        raise bad_request(f"Result window is too large, from + size must be at most {WINDOW}")
    hits = [
        _Hit(index, one, index.documents[one], score, _keys(index, one, index.documents[one], score, orders))
        for index in indexes
        for one, score in query(index).items()
    ]
    compare = _comparison(orders)
    hits.sort(key=cmp_to_key(lambda one, other: compare(one.keys, other.keys)))
    total = len(hits)
    after = body.get("search_after")
    if after is not None:
        if start or not isinstance(after, list) or len(after) != len(orders) or "sort" not in body:
            raise bad_request("search_after has one value for each field of sort, and needs no `from`")
        given = tuple(after)
        hits = [one for one in hits if _behind(compare, one.keys, given)]
    scores = [one.score for one in hits] if _scored(orders) else []
    return {
        "took": 0,
        "timed_out": False,
        "_shards": {"total": 1, "successful": 1, "skipped": 0, "failed": 0},
        "hits": {
            "total": {"value": total, "relation": "eq"},
            "max_score": max(scores, default=None),
            "hits": [_answer(one, body, orders) for one in hits[start : start + size]],
        },
    }


def _answer(hit: _Hit, body: Mapping[str, Any], orders: list[_Order]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "_index": hit.index.name,
        "_id": hit.identity,
        "_score": hit.score if _scored(orders) else None,
    }
    if body.get("version"):
        made["_version"] = hit.document.version
    wanted = body.get("_source", True)
    if not isinstance(wanted, bool):
        raise unsupported("`_source` that is no truth value")
    if wanted:
        made["_source"] = hit.document.source
    if "sort" in body:
        made["sort"] = list(hit.keys)
    return made


def _scored(orders: list[_Order]) -> bool:
    return any(order.path == "_score" for order in orders)


def _orders(declared: Any) -> list[_Order]:
    """The order of hits. Hits that are alike in it come in the order in which they were written."""
    if declared is None:
        return [_Order("_score", True), _Order("_doc", False)]
    found = []
    for one in declared if isinstance(declared, list) else [declared]:
        path, said = next(iter(one.items())) if isinstance(one, Mapping) and len(one) == 1 else (one, None)
        if not isinstance(path, str):
            raise bad_request("a sort is a field, or an object with one field")
        order = said.get("order") if isinstance(said, Mapping) else said
        for key in said if isinstance(said, Mapping) else ():
            if key != "order":
                raise unsupported(f"[{key}] of a sort")
        if order not in (None, "asc", "desc"):
            raise bad_request(f"the order [{order}] is neither asc nor desc")
        found.append(_Order(path, order == "desc" if order else path == "_score"))
    return found


def _keys(index: Index, identity: str, document: Document, score: float, orders: list[_Order]) -> tuple[Any, ...]:
    return tuple(_key(index, identity, document, score, order) for order in orders)


def _key(index: Index, identity: str, document: Document, score: float, order: _Order) -> Any:
    if order.path == "_score":
        return score
    if order.path == "_doc":
        return document.number
    if order.path == "_id":
        return identity
    type_ = index.mapping.type_of(order.path)
    if type_ is None:
        raise bad_request(f"No mapping found for [{order.path}] in order to sort on", "query_shard_exception")
    if type_.type in ("text", "flat_object"):
        reason = f"Text fields are not optimised for operations that require per-document field data: [{order.path}]"
        raise bad_request(reason, "illegal_argument_exception")
    values = document.values.get(order.path)
    if not values:
        return None
    value = max(values) if order.descending else min(values)
    return int(value) if isinstance(value, bool) else value


def _comparison(orders: list[_Order]) -> Any:
    """How two hits compare by their keys. What has no value comes last, in whatever direction."""

    def compare(one: tuple[Any, ...], other: tuple[Any, ...]) -> int:
        for order, mine, theirs in zip(orders, one, other, strict=True):
            if mine == theirs:
                continue
            if mine is None or theirs is None:
                return 1 if mine is None else -1
            lower = mine < theirs
            return 1 if lower == order.descending else -1
        return 0

    return compare


def _behind(compare: Any, keys: tuple[Any, ...], after: tuple[Any, ...]) -> bool:
    try:
        return bool(compare(keys, after) > 0)
    except TypeError:
        raise bad_request("search_after has values of other types than the fields of sort") from None
