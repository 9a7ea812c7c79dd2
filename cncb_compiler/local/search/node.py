"""A domain's search engine: its indexes, templates and aliases, and what each request does to them.

OpenSearch documentation: "Index APIs", "Document APIs", "Search APIs". Whatever else is asked for is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import parse_qsl, unquote

from cncb_compiler.local.search.bulk import bulk, written
from cncb_compiler.local.search.errors import SearchError, bad_request, no_index, unsupported
from cncb_compiler.local.search.index import Index
from cncb_compiler.local.search.mapping import IndexMapping
from cncb_compiler.local.search.paging import search
from cncb_compiler.local.search.query import read_query

Answer = tuple[int, Any]
Body = Callable[[], Any]
"""The JSON value of a request's body; None where it has none."""

VERSION = "2.19.0"
_NAME = re.compile(r"[^A-Z\\/*?\"<>| ,#:_.+-][^A-Z\\/*?\"<>| ,#:]*\Z")
_COMMON = frozenset({"pretty", "filter_path", "human"})


class Node:
    """One search engine, in memory."""

    def __init__(self) -> None:
        self.indexes: dict[str, Index] = {}
        self.aliases: dict[str, set[str]] = {}
        self.templates: dict[str, dict[str, Any]] = {}
        self.explicit_index = True
        """Whether a bulk request may name indexes in its body."""

    def answer(self, method: str, path: str, query: str, content: bytes) -> Answer:
        """The status and the JSON value that answer one request; None where there is nothing to say."""
        parts = [unquote(part) for part in path.split("/") if part]
        parameters = dict(parse_qsl(query, keep_blank_values=True))
        try:
            return self._routed(method, parts, parameters, content)
        except SearchError as error:
            return error.status, error.answer

    def _routed(self, method: str, parts: list[str], given: dict[str, str], content: bytes) -> Answer:
        match method, parts:
            case "GET" | "HEAD", []:
                return 200, {"version": {"number": VERSION, "distribution": "opensearch"}, "cluster_name": "local"}
            case "GET", ["_cluster", "health"]:
                return 200, {"status": "green", "cluster_name": "local", "number_of_nodes": 1}
            case "GET", ["_aliases" | "_alias"]:
                return 200, {name: {"aliases": self._aliases_of(name)} for name in sorted(self.indexes)}
            case "POST", ["_aliases"]:
                return 200, self._change_aliases(_json(content))
            case (("POST" | "PUT"), ["_bulk"]):
                return 200, bulk(self, content, None, given, explicit=self.explicit_index)
            case (("POST" | "PUT"), [name, "_bulk"]):
                return 200, bulk(self, content, name, given, explicit=self.explicit_index)
            case "PUT", ["_index_template", name]:
                return 200, self._put_template(name, _json(content))
            case "GET", ["_index_template", name]:
                return 200, self._template(name)
            case "HEAD", ["_index_template", name]:
                return (200 if name in self.templates else 404), None
            case "DELETE", ["_index_template", name]:
                self._template(name)
                del self.templates[name]
                return 200, {"acknowledged": True}
            case (("GET" | "POST"), [*names, "_search" | "_count" as what]) if len(names) < 2:
                return 200, self._search(names, what, given, _json(content) or {})
            case "POST", [name, "_delete_by_query"]:
                return 200, self._delete_by_query(name, given, _json(content) or {})
            case (("POST" | "GET"), [name, "_refresh"]):
                self._named(name)
                return 200, {"_shards": {"total": 1, "successful": 1, "failed": 0}}
            case (("PUT" | "POST"), [name, "_mapping"]):
                for index in self._named(name):
                    index.mapping.update(_json(content) or {})
                return 200, {"acknowledged": True}
            case "GET", [name, "_mapping"]:
                return 200, {one.name: {"mappings": one.mapping.declared} for one in self._named(name)}
            case method, [name]:
                return self._of_index(method, name, given, _json(content) or {})
            case method, [name, "_doc" | "_create" as what, identity]:
                return self._of_document(method, (name, what, identity), given, content)
        raise unsupported(f"{method} /{'/'.join(parts)}")

    def _of_index(self, method: str, name: str, given: dict[str, str], body: dict[str, Any]) -> Answer:
        if name.startswith("_"):
            raise unsupported(f"{method} /{name}")
        match method:
            case "PUT":
                _only(given, "wait_for_active_shards", "timeout")
                self.create(name, body)
                return 200, {"acknowledged": True, "shards_acknowledged": True, "index": name}
            case "HEAD":
                return (200 if name in self.indexes or name in self.aliases else 404), None
            case "GET":
                return 200, {
                    one.name: {
                        "aliases": self._aliases_of(one.name),
                        "mappings": one.mapping.declared,
                        "settings": {"index": one.settings},
                    }
                    for one in self._named(name)
                }
            case "DELETE":
                if name in self.aliases:
                    reason = f"The provided expression [{name}] matches an alias, specify the index instead."
                    raise bad_request(reason, "illegal_argument_exception")
                ignored = given.get("ignore_unavailable") == "true"
                for index in self._named(name, missing_ok=ignored):
                    del self.indexes[index.name]
                    for names in self.aliases.values():
                        names.discard(index.name)
                self.aliases = {alias: names for alias, names in self.aliases.items() if names}
                return 200, {"acknowledged": True}
        raise unsupported(f"{method} /{name}")

    def _of_document(self, method: str, at: tuple[str, str, str], given: dict[str, str], content: bytes) -> Answer:
        name, what, identity = at
        if method in ("GET", "HEAD") and what == "_doc":
            _only(given)
            [index] = self._named(name)
            document = index.documents.get(identity)
            head = {"_index": index.name, "_id": identity}
            if document is None:
                return 404, {**head, "found": False}
            stored = {"_version": document.version, "_seq_no": document.number, "_primary_term": 1, "found": True}
            return 200, {**head, **stored, "_source": document.source}
        if method in ("PUT", "POST") or (method == "DELETE" and what == "_doc"):
            _only(given, "version", "version_type", "refresh", "op_type")
            operation = "delete" if method == "DELETE" else "create" if what == "_create" else "index"
            operation = given.get("op_type", operation)
            version: dict[str, Any] = {key: given[key] for key in ("version", "version_type") if key in given}
            answer: dict[str, Any] = written(self, operation, name, identity, _json(content), version)
            return answer.pop("status"), answer
        raise unsupported(f"{method} /{name}/{what}")

    def create(self, name: str, body: Mapping[str, Any]) -> Index:
        """Make an index, as its templates and the request say. Raises SearchError."""
        if name in self.indexes:
            raise bad_request(f"index [{name}] already exists", "resource_already_exists_exception")
        if name in self.aliases or not _NAME.match(name):
            raise bad_request(f"Invalid index name [{name}]", "invalid_index_name_exception")
        for key in body:
            if key not in ("mappings", "settings", "aliases"):
                raise unsupported(f"[{key}] of an index")
        template = self._template_for(name)
        mapping = IndexMapping(template.get("mappings") or body.get("mappings") or {})
        if template.get("mappings") and body.get("mappings"):
            mapping.update(body["mappings"])
        index = Index(name, mapping, {**template.get("settings", {}), **body.get("settings", {})})
        self.indexes[name] = index
        for alias in {**template.get("aliases", {}), **body.get("aliases", {})}:
            self.aliases.setdefault(alias, set()).add(name)
        return index

    def to_write(self, name: str) -> Index:
        """The index that a write is for, made as its template says where it is not there yet."""
        if name in self.aliases:
            names = self.aliases[name]
            if len(names) > 1:
                raise bad_request(f"no write index is defined for alias [{name}]", "illegal_argument_exception")
            return self.indexes[next(iter(names))]
        return self.indexes[name] if name in self.indexes else self.create(name, {})

    def _named(self, pattern: str, *, missing_ok: bool = False) -> list[Index]:
        """The indexes of a name: an index, an alias, several with commas between, or with `*`."""
        found: dict[str, Index] = {}
        for one in pattern.split(","):
            names = [name for name in self.indexes if fnmatchcase(name, one)] if "*" in one or one == "_all" else []
            names = list(self.indexes) if one == "_all" else names
            for alias, members in self.aliases.items():
                if fnmatchcase(alias, one):
                    names += sorted(members)
            if one in self.indexes:
                names.append(one)
            if not names and "*" not in one and one != "_all" and not missing_ok:
                raise no_index(one)
            found |= {name: self.indexes[name] for name in names}
        return [found[name] for name in sorted(found)]

    def _search(self, names: list[str], what: str, given: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        _only(given, "ignore_unavailable", "allow_no_indices", "size", "from")
        indexes = self._named(names[0] if names else "_all", missing_ok=given.get("ignore_unavailable") == "true")
        paged: dict[str, Any] = {key: int(given[key]) for key in ("size", "from") if key in given}
        if what == "_search":
            return search(indexes, {**body, **paged})
        for key in body:
            if key != "query":
                raise unsupported(f"[{key}] of a count")
        return {"count": search(indexes, {**body, "size": 0})["hits"]["total"]["value"]}

    def _delete_by_query(self, name: str, given: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        _only(given, "conflicts", "ignore_unavailable", "refresh", "wait_for_completion")
        if set(body) != {"query"}:
            raise bad_request("a deletion by query has a query and nothing else")
        query = read_query(body["query"])
        deleted = 0
        for index in self._named(name, missing_ok=given.get("ignore_unavailable") == "true"):
            for identity in list(query(index)):
                index.forget(identity)
                deleted += 1
        return {"deleted": deleted, "total": deleted, "failures": [], "version_conflicts": 0}

    def _put_template(self, name: str, body: Any) -> dict[str, Any]:
        if not isinstance(body, Mapping) or not body.get("index_patterns"):
            raise bad_request("an index template has index_patterns", "action_request_validation_exception")
        for key in body:
            if key not in ("index_patterns", "template", "priority", "version", "_meta"):
                raise unsupported(f"[{key}] of an index template")
        IndexMapping(body.get("template", {}).get("mappings", {"dynamic": "strict"}))
        self.templates[name] = dict(body)
        return {"acknowledged": True}

    def _template(self, name: str) -> dict[str, Any]:
        if name not in self.templates:
            raise SearchError(404, "resource_not_found_exception", f"index template matching [{name}] not found")
        return {"index_templates": [{"name": name, "index_template": self.templates[name]}]}

    def _template_for(self, name: str) -> dict[str, Any]:
        fitting = [
            one
            for one in self.templates.values()
            if any(fnmatchcase(name, pattern) for pattern in _several(one["index_patterns"]))
        ]
        best: dict[str, Any] = max(fitting, key=lambda one: int(one.get("priority", 0)), default={})
        found: dict[str, Any] = best.get("template", {})
        return found

    def _aliases_of(self, name: str) -> dict[str, Any]:
        return {alias: {} for alias in sorted(self.aliases) if name in self.aliases[alias]}

    def _change_aliases(self, body: Any) -> dict[str, Any]:
        """All of the changes, or none. Raises SearchError."""
        changed = {alias: set(names) for alias, names in self.aliases.items()}
        for action in (body or {}).get("actions", ()):
            [(what, said)] = action.items()
            if what not in ("add", "remove") or set(said) != {"index", "alias"}:
                raise unsupported("A change of aliases other than to add or remove one of one index")
            [index] = self._named(said["index"])
            names = changed.setdefault(said["alias"], set())
            if what == "remove" and index.name not in names:
                raise SearchError(404, "aliases_not_found_exception", f"aliases [{said['alias']}] missing")
            (names.add if what == "add" else names.remove)(index.name)
        self.aliases = {alias: names for alias, names in changed.items() if names}
        return {"acknowledged": True}


def _several(value: Any) -> Iterable[str]:
    return value if isinstance(value, list) else [value]


def _only(given: Mapping[str, str], *known: str) -> None:
    for name in given:
        if name not in known and name not in _COMMON:
            raise unsupported(f"The parameter [{name}]")


def _json(content: bytes) -> Any:
    if not content:
        return None
    try:
        return json.loads(content)
    except ValueError:
        raise bad_request("the body is no JSON", "json_parse_exception") from None
