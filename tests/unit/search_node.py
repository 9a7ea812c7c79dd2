"""The runtime's search client, led to a search engine of the local stand-in without a network."""

from __future__ import annotations

import json
from typing import Any

from cncb_compiler.local.search.node import Node
from cncb_compiler.runtime.search_client import Answer


class Engine:
    """A search engine that remembers what it was asked. `fail`: answers (a status, or an error) of the next requests."""

    def __init__(self) -> None:
        self.node = Node()
        self.node.explicit_index = False
        self.asked: list[tuple[str, str]] = []
        self.bodies: list[bytes] = []
        self.fail: list[int | OSError | None] = []
        self.busy: set[str] = set()
        """Documents whose next write in a bulk request is refused for now."""

    def send(self, method: str, path: str, data: bytes, kind: str) -> Answer:
        self.asked.append((method, path))
        self.bodies.append(data)
        failure = self.fail.pop(0) if self.fail else None
        if isinstance(failure, OSError):
            raise failure
        if failure is not None:
            return Answer(failure, {"error": {"type": "failed", "reason": "on purpose"}})
        path, _, query = path.partition("?")
        status, content = self.node.answer(method, path, query, data)
        if path.endswith("/_bulk") and self.busy:
            for item in content["items"]:
                if item["index"]["_id"] in self.busy:
                    error = {"type": "rejected", "reason": "busy"}
                    item["index"] = {"_id": item["index"]["_id"], "status": 429, "error": error}
            self.busy.clear()
        return Answer(status, json.loads(json.dumps(content)))

    def sources(self, index: str) -> dict[str, Any]:
        """The documents of an index, by id."""
        return {name: dict(one.source) for name, one in self.node.indexes[index].documents.items()}
