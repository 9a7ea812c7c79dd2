"""What is remembered of one system, each value under the digest of all that it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

Known: TypeAlias = Mapping[str, Mapping[str, list[Any]]]
"""Digest and value, by kind and name."""


class Memory:
    """Values by kind and name, such as that of a file. What is not asked for again is not `kept`: it is forgotten."""

    def __init__(self, known: Known | None = None) -> None:
        """A memory of what another one has `kept`."""
        self.known: Known = known or {}
        self.kept: dict[str, dict[str, list[Any]]] = {}

    def recall(self, kind: str, name: str, key: str) -> Any:
        """The value that was kept under the same key; None where it was another one, or nothing."""
        known = self.known.get(kind, {}).get(name)
        if known is None or known[0] != key:
            return None
        self.kept.setdefault(kind, {})[name] = known
        return known[1]

    def keep(self, kind: str, name: str, key: str, value: Any) -> None:
        """Keep a value, which is not None; to be saved it has to be of JSON."""
        self.kept.setdefault(kind, {})[name] = [key, value]
