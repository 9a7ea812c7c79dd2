"""The domains of an endpoint: each request to the host of one is answered by its search engine."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from typing import Any

from cncb_compiler.local.search.errors import SearchError
from cncb_compiler.local.search.node import Answer, Node

HOST = re.compile(r"(?P<name>[a-z][a-z0-9-]+)\.(?P<region>[a-z0-9-]+)\.es\.amazonaws\.com(:\d+)?\Z")
EXPLICIT_INDEX = "rest.action.multi.allow_explicit_index"

FindDomain = Callable[[str, str], Any]
"""The domain of a region and name, an object with `advanced_options`; None where there is none."""


class Domains:
    """The search engines, each made when its domain is first asked. Safe for threads: one request at a time."""

    def __init__(self, find: FindDomain) -> None:
        self._find = find
        self._lock = threading.Lock()

    @staticmethod
    def is_for(host: str) -> bool:
        """Whether a request to a host is for a domain."""
        return HOST.match(host) is not None

    def answer(self, host: str, method: str, target: tuple[str, str], content: bytes) -> Answer:
        """The status and the JSON value that answer a request; `target` is its path and its query."""
        found = HOST.match(host)
        domain = self._find(found["region"], found["name"]) if found else None
        if domain is None:
            return 404, SearchError(404, "domain_not_found", f"there is no domain at {host}").answer
        with self._lock:
            # A domain that was deleted takes its engine with it.
            if not hasattr(domain, "cncb_node"):
                domain.cncb_node = Node()
            node: Node = domain.cncb_node
            options: Mapping[str, str] = domain.advanced_options
            node.explicit_index = str(options.get(EXPLICIT_INDEX, "true")).lower() == "true"
            return node.answer(method, *target, content)


def of_the_mock(account: str) -> FindDomain:
    """How the mock's domains are found."""

    def find(region: str, name: str) -> Any:
        from moto.opensearch.models import opensearch_backends

        return opensearch_backends[account][region].domains.get(name)

    return find
