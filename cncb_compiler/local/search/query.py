"""The query language: which documents a query finds, and how well each fits.

OpenSearch documentation: "Query DSL". Scores are Lucene's BM25 (k1 = 1.2, b = 0.75) with the statistics of each field.
Each query is a function of an index that gives the score of each document that it finds.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cncb_compiler.local.search.analysis import tokens
from cncb_compiler.local.search.errors import bad_request, unsupported
from cncb_compiler.local.search.index import Index

Scores = dict[str, float]
Query = Callable[[Index], Scores]

K1, B = 1.2, 0.75
FLAGS = frozenset({"NOT", "PHRASE", "PREFIX", "WHITESPACE"})
_ITEM = re.compile(r'(?P<minus>-*)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_RANGE: Mapping[str, Callable[[Any, Any], bool]] = {
    "gt": lambda one, bound: one > bound,
    "gte": lambda one, bound: one >= bound,
    "lt": lambda one, bound: one < bound,
    "lte": lambda one, bound: one <= bound,
}


def read_query(declared: Any) -> Query:
    """A query from its JSON. Raises SearchError for one that is not well formed, or not supported."""
    if not isinstance(declared, Mapping) or len(declared) != 1:
        raise bad_request("a query is an object with one key, its name")
    name, body = next(iter(declared.items()))
    if name not in _QUERIES:
        raise unsupported(f"The query [{name}]")
    if not isinstance(body, Mapping):
        raise bad_request(f"[{name}] query malformed, no start_object after query name")
    return _QUERIES[name](body)


def _match_all(body: Mapping[str, Any]) -> Query:
    _only("match_all", body)
    return lambda index: dict.fromkeys(index.documents, 1.0)


def _match_none(body: Mapping[str, Any]) -> Query:
    _only("match_none", body)
    return lambda _: {}


def _ids(body: Mapping[str, Any]) -> Query:
    _only("ids", body, "values")
    return lambda index: {one: 1.0 for one in body["values"] if one in index.documents}


def _term(body: Mapping[str, Any]) -> Query:
    path, value = _one_field("term", body, "value")
    return lambda index: _exact(index, path, [index.mapping.term(path, value)])


def _terms(body: Mapping[str, Any]) -> Query:
    path, values = _one_field("terms", body, None)
    if not isinstance(values, list):
        raise bad_request("[terms] query requires an array of values")
    return lambda index: dict.fromkeys(_exact(index, path, [index.mapping.term(path, one) for one in values]), 1.0)


def _range(body: Mapping[str, Any]) -> Query:
    path, bounds = _one_field("range", body, None)
    if not isinstance(bounds, Mapping):
        raise bad_request("[range] query malformed")
    _only("range", bounds, *_RANGE)

    def query(index: Index) -> Scores:
        limits = [(_RANGE[key], index.mapping.term(path, value)) for key, value in bounds.items()]
        return {
            identity: 1.0
            for identity, document in index.documents.items()
            if any(all(holds(one, limit) for holds, limit in limits) for one in document.values.get(path, ()))
        }

    return query


def _exists(body: Mapping[str, Any]) -> Query:
    _only("exists", body, "field")
    path = str(body.get("field"))

    def query(index: Index) -> Scores:
        inside = f"{path}."
        return {
            identity: 1.0
            for identity, document in index.documents.items()
            if path in document.values or any(one.startswith(inside) for one in document.values)
        }

    return query


def _bool(body: Mapping[str, Any]) -> Query:
    _only("bool", body, "must", "filter", "must_not", "should", "minimum_should_match")
    must, filters, nots, should = (_several(body.get(key)) for key in ("must", "filter", "must_not", "should"))
    least = int(body.get("minimum_should_match", 0 if must or filters else 1)) if should else 0

    def query(index: Index) -> Scores:
        needed = [one(index) for one in must]
        found: set[str] = set(index.documents)
        for scores in (*needed, *(one(index) for one in filters)):
            found &= scores.keys()
        for one in nots:
            found -= one(index).keys()
        wished = [one(index) for one in should]
        found = {identity for identity in found if sum(identity in scores for scores in wished) >= least}
        return {identity: sum(scores.get(identity, 0.0) for scores in (*needed, *wished)) for identity in found}

    return query


def _match(body: Mapping[str, Any]) -> Query:
    path, said = _one_field("match", body, None)
    given = said if isinstance(said, Mapping) else {"query": said}
    _only("match", given, "query", "operator")
    every = _operator(given)
    return lambda index: _words(index, path, str(given["query"]), every)


def _match_phrase(body: Mapping[str, Any]) -> Query:
    path, text = _one_field("match_phrase", body, "query")
    return lambda index: _phrase(index, path, tokens(str(text)))


def _multi_match(body: Mapping[str, Any]) -> Query:
    _only("multi_match", body, "query", "fields", "operator", "type")
    if body.get("type", "best_fields") != "best_fields":
        raise unsupported(f"multi_match of the type [{body['type']}]")
    fields, every = _boosted(body.get("fields")), _operator(body)
    text = str(body["query"])
    return lambda index: _best((_words(index, path, text, every), boost) for path, boost in fields)


def _simple_query_string(body: Mapping[str, Any]) -> Query:
    """Words, "phrases", beginnings* and -exclusions; with `default_operator: and` all of them."""
    _only("simple_query_string", body, "query", "fields", "default_operator", "flags")
    flags = frozenset(str(body.get("flags", "ALL")).split("|"))
    if flags != FLAGS:
        raise unsupported(f"simple_query_string with the flags {'|'.join(sorted(flags))}")
    every = _operator(body, "default_operator")
    fields = _boosted(body.get("fields"))
    items = list(_ITEM.finditer(str(body["query"])))

    def query(index: Index) -> Scores:
        needed: list[Scores] = []
        for item in items:
            found = _item(index, fields, item)
            if found is None:
                continue
            if len(item["minus"]) % 2:
                everything = dict.fromkeys(index.documents, 1.0)
                found = {one: score for one, score in everything.items() if one not in found}
            needed.append(found)
        if not needed:
            return {}
        return _all(needed) if every else _any(needed)

    return query


def _item(index: Index, fields: list[tuple[str, float]], item: re.Match[str]) -> Scores | None:
    """What one item finds in any of the fields; None where it has no word, and so says nothing."""
    if item["phrase"] is not None:
        phrase = tokens(item["phrase"])
        return _best((_phrase(index, path, phrase), boost) for path, boost in fields) if phrase else None
    word = item["word"]
    if word.endswith("*") and len(word) > 1:
        begin = word[:-1].lower()
        return _best((_prefix(index, path, begin), boost) for path, boost in fields)
    if not tokens(word):
        return None
    return _best((_words(index, path, word, True), boost) for path, boost in fields)


_QUERIES: Mapping[str, Callable[[Mapping[str, Any]], Query]] = {
    "bool": _bool,
    "exists": _exists,
    "ids": _ids,
    "match": _match,
    "match_all": _match_all,
    "match_none": _match_none,
    "match_phrase": _match_phrase,
    "multi_match": _multi_match,
    "range": _range,
    "simple_query_string": _simple_query_string,
    "term": _term,
    "terms": _terms,
}


def _words(index: Index, path: str, text: str, every: bool) -> Scores:
    """The documents with a word of a text, or with `every` one of them. What is no text is compared as a whole."""
    type_ = index.mapping.type_of(path)
    if type_ is None or type_.type != "text":
        return _exact(index, path, [index.mapping.term(path, text)])
    found = [_word(index, path, word) for word in tokens(text)]
    return (_all(found) if every else _any(found)) if found else {}


def _word(index: Index, path: str, word: str) -> Scores:
    return _scored(index, path, index.postings.get(path, {}).get(word, {}))


def _scored(index: Index, path: str, counts: Mapping[str, int]) -> Scores:
    if not counts:
        return {}
    lengths = {one: len(document.words[path]) for one, document in index.documents.items() if path in document.words}
    average = sum(lengths.values()) / len(lengths)
    rarity = _rarity(len(lengths), len(counts))
    return {
        one: rarity * (K1 + 1) * count / (count + K1 * (1 - B + B * lengths[one] / average))
        for one, count in counts.items()
    }


def _rarity(documents: int, having: int) -> float:
    return math.log(1 + (documents - having + 0.5) / (having + 0.5))


def _phrase(index: Index, path: str, phrase: list[str]) -> Scores:
    together = _all([_word(index, path, word) for word in phrase]) if phrase else {}
    return {one: score for one, score in together.items() if _follows(index.documents[one].words[path], phrase)}


def _follows(words: list[str], phrase: list[str]) -> bool:
    return any(words[at : at + len(phrase)] == phrase for at in range(len(words) - len(phrase) + 1))


def _prefix(index: Index, path: str, begin: str) -> Scores:
    found: Scores = {}
    for word, counts in index.postings.get(path, {}).items():
        if word.startswith(begin):
            found |= dict.fromkeys(counts, 1.0)
    return found


def _exact(index: Index, path: str, wanted: list[Any]) -> Scores:
    """The documents with one of these values. In a text the values are its words, as OpenSearch has it."""
    type_ = index.mapping.type_of(path)
    if type_ is not None and type_.type == "text":
        return _any([_word(index, path, str(one)) for one in wanted])
    having = [
        identity
        for identity, document in index.documents.items()
        if any(value in wanted for value in document.values.get(path, ()))
    ]
    holding = sum(path in document.values for document in index.documents.values())
    return dict.fromkeys(having, _rarity(holding, len(having)))


def _all(found: list[Scores]) -> Scores:
    first, *rest = found
    return {one: sum(scores[one] for scores in found) for one in first if all(one in scores for scores in rest)}


def _any(found: list[Scores]) -> Scores:
    made: Scores = {}
    for scores in found:
        for one, score in scores.items():
            made[one] = made.get(one, 0.0) + score
    return made


def _best(found: Iterable[tuple[Scores, float]]) -> Scores:
    made: Scores = {}
    for scores, boost in found:
        for one, score in scores.items():
            made[one] = max(made.get(one, 0.0), score * boost)
    return made


def _several(declared: Any) -> list[Query]:
    if declared is None:
        return []
    return [read_query(one) for one in (declared if isinstance(declared, list) else [declared])]


def _boosted(fields: Any) -> list[tuple[str, float]]:
    if not isinstance(fields, list) or not fields:
        raise unsupported("A query of text without `fields`")
    return [(path, float(boost or 1)) for path, _, boost in (str(one).partition("^") for one in fields)]


def _operator(body: Mapping[str, Any], key: str = "operator") -> bool:
    said = str(body.get(key, "or")).lower()
    if said not in ("and", "or"):
        raise bad_request(f"[{key}] is `and` or `or`")
    return said == "and"


def _one_field(name: str, body: Mapping[str, Any], inner: str | None) -> tuple[str, Any]:
    if len(body) != 1:
        raise (
            unsupported(f"[{name}] with {len(body)} fields or parameters")
            if body
            else bad_request(f"[{name}] is empty")
        )
    path, value = next(iter(body.items()))
    if inner is not None and isinstance(value, Mapping):
        _only(name, value, inner)
        value = value[inner]
    return str(path), value


def _only(name: str, body: Mapping[str, Any], *keys: str) -> None:
    for key in body:
        if key not in keys:
            raise unsupported(f"[{key}] of the query [{name}]")
