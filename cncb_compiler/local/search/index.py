"""One index: its documents with their versions, and the words that lead to them.

Versions are OpenSearch's: "Index document", parameters `version` and `version_type`. What is written can be found
at once; OpenSearch shows it after the next refresh, a second later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cncb_compiler.local.search.analysis import tokens
from cncb_compiler.local.search.errors import SearchError, bad_request
from cncb_compiler.local.search.mapping import IndexMapping

VersionType = Literal["internal", "external", "external_gte"]
Operation = Literal["index", "create", "delete"]


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was written. `values` is what it can be found by; `words` those of its text fields, in order."""

    source: Mapping[str, Any]
    version: int
    number: int
    values: Mapping[str, list[Any]]
    words: Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a write."""

    result: Literal["created", "updated", "deleted", "not_found"]
    version: int
    number: int

    @property
    def status(self) -> int:
        """The HTTP status."""
        return {"created": 201, "updated": 200, "deleted": 200, "not_found": 404}[self.result]


class Index:
    """An index. `postings` gives, by field and word, how often each document has it."""

    def __init__(self, name: str, mapping: IndexMapping, settings: Mapping[str, Any]) -> None:
        self.name = name
        self.mapping = mapping
        self.settings = dict(settings)
        self.documents: dict[str, Document] = {}
        self.postings: dict[str, dict[str, dict[str, int]]] = {}
        self._deleted: dict[str, int] = {}
        self._number = -1

    def write(
        self,
        operation: Operation,
        identity: str,
        source: Mapping[str, Any] | None = None,
        version: int | None = None,
        version_type: VersionType = "internal",
    ) -> Written:
        """Write or delete a document, unless its version stands against that. Raises SearchError."""
        if not identity or len(identity.encode()) > 512:
            raise bad_request("id must have 1 to 512 bytes", "illegal_argument_exception")
        before = self.documents.get(identity)
        if operation == "create" and before is not None:
            raise self._conflict(identity, f"document already exists (current version [{before.version}])")
        new = self._version(identity, before, version, version_type)
        # Before anything is taken away: a document that does not fit leaves the one that is there.
        parsed = self.mapping.parsed(source) if source is not None else None
        self._remove(identity)
        self._number += 1
        if parsed is None or source is None:
            self._deleted[identity] = new
            return Written("deleted" if before else "not_found", new, self._number)
        texts = {path: values for path, values in parsed.values.items() if self._is_text(path)}
        words = {path: [word for one in values for word in tokens(one)] for path, values in texts.items()}
        self.documents[identity] = Document(self.mapping.kept(source), new, self._number, parsed.values, words)
        for path, found in words.items():
            for word in found:
                counts = self.postings.setdefault(path, {}).setdefault(word, {})
                counts[identity] = counts.get(identity, 0) + 1
        return Written("updated" if before else "created", new, self._number)

    def forget(self, identity: str) -> None:
        """Remove a document and its version."""
        self._remove(identity)
        self._deleted.pop(identity, None)

    def _is_text(self, path: str) -> bool:
        type_ = self.mapping.fields.get(path)
        return type_ is not None and type_.type == "text"

    def _version(self, identity: str, before: Document | None, version: int | None, version_type: VersionType) -> int:
        current = before.version if before else self._deleted.get(identity)
        if version_type == "internal":
            if version is not None:
                raise bad_request(
                    "internal versioning can not be used for optimistic concurrency control",
                    "action_request_validation_exception",
                )
            return (current or 0) + 1
        if version is None or version < 0:
            raise bad_request("an external version is required", "action_request_validation_exception")
        higher = current is None or version > current or (version == current and version_type == "external_gte")
        if not higher:
            than = "higher than" if version_type == "external_gte" else "higher or equal to"
            raise self._conflict(identity, f"current version [{current}] is {than} the one provided [{version}]")
        return version

    def _conflict(self, identity: str, reason: str) -> SearchError:
        return SearchError(409, "version_conflict_engine_exception", f"[{identity}]: version conflict, {reason}")

    def _remove(self, identity: str) -> None:
        document = self.documents.pop(identity, None)
        for path, found in document.words.items() if document else ():
            for word in set(found):
                del self.postings[path][word][identity]
