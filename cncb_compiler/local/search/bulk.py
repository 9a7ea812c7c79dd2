"""Writes, one by one or many in one request (OpenSearch documentation: "Bulk", "Index document")."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Protocol

from cncb_compiler.local.search.errors import SearchError, bad_request, unsupported
from cncb_compiler.local.search.index import Index

_OPERATIONS = ("index", "create", "delete")
_METADATA = ("_index", "_id", "version", "version_type")


class Target(Protocol):
    """Where the index of a write is found."""

    def to_write(self, name: str) -> Index:
        """The index of that name, made where it is not there."""


def bulk(
    target: Target, content: bytes, name: str | None, given: Mapping[str, str], *, explicit: bool
) -> dict[str, Any]:
    """The answer of `_bulk`: each write succeeds or fails by itself. Raises SearchError where the body is no such."""
    for parameter in given:
        if parameter != "refresh":
            raise unsupported(f"The parameter [{parameter}]")
    if not content.endswith(b"\n"):
        raise bad_request("The bulk request must be terminated by a newline [\\n]", "illegal_argument_exception")
    lines = iter(content.decode().split("\n")[:-1])
    items = [_item(target, line, lines, name, explicit) for line in lines]
    return {"took": 0, "errors": any("error" in one for item in items for one in item.values()), "items": items}


def _item(target: Target, line: str, lines: Any, name: str | None, explicit: bool) -> dict[str, Any]:
    action = _line(line)
    if len(action) != 1 or next(iter(action)) not in _OPERATIONS:
        raise unsupported(f"The bulk action {line[:80]}")
    operation, said = next(iter(action.items()))
    for key in said:
        if key not in _METADATA:
            raise unsupported(f"[{key}] of a bulk action")
    if "_index" in said and not explicit:
        raise bad_request("explicit index in bulk is not allowed", "illegal_argument_exception")
    index = said.get("_index", name)
    if index is None:
        raise bad_request("index is missing", "action_request_validation_exception")
    source = None if operation == "delete" else _line(next(lines, ""))
    try:
        return {operation: written(target, operation, index, str(said.get("_id", "")), source, said)}
    except SearchError as error:
        return {operation: {"_index": index, "_id": said.get("_id"), "status": error.status, "error": error.cause}}


def written(
    target: Target, operation: str, name: str, identity: str, source: Any, said: Mapping[str, Any]
) -> dict[str, Any]:
    """The answer to one write. Raises SearchError."""
    if operation not in _OPERATIONS:
        raise unsupported(f"The operation [{operation}]")
    if operation != "delete" and not isinstance(source, Mapping):
        raise bad_request("a document is a JSON object", "mapper_parsing_exception")
    version_type = str(said.get("version_type", "internal"))
    if version_type not in ("internal", "external", "external_gte"):
        raise unsupported(f"The version type [{version_type}]")
    version = int(said["version"]) if "version" in said else None
    index = target.to_write(name)
    done = index.write(
        operation,  # type: ignore[arg-type]  # It is one of _OPERATIONS.
        identity,
        None if operation == "delete" else source,
        version,
        version_type,  # type: ignore[arg-type]  # It was compared above.
    )
    return {
        "_index": index.name,
        "_id": identity,
        "_version": done.version,
        "result": done.result,
        "_shards": {"total": 1, "successful": 1, "failed": 0},
        "_seq_no": done.number,
        "_primary_term": 1,
        "status": done.status,
    }


def _line(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:
        raise bad_request(f"Malformed line of a bulk request: {line[:80]}", "illegal_argument_exception") from None
    if not isinstance(value, dict):
        raise bad_request(f"Malformed line of a bulk request: {line[:80]}", "illegal_argument_exception")
    return value
