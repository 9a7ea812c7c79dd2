"""What is remembered of one system, each value under the digest of all that it was made from."""

from __future__ import annotations

from typing import Any

from cncb_compiler.cache.store import Store


class Memory:
    """Values by kind and name, such as that of a file. What is not asked for again is forgotten."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known = store.load()
        self._kept: dict[str, dict[str, list[Any]]] = {}

    def recall(self, kind: str, name: str, key: str) -> Any:
        """The value that was kept under the same key; None where it was another one, or nothing."""
        known = self._known.get(kind, {}).get(name)
        if known is None or known[0] != key:
            return None
        self._kept.setdefault(kind, {})[name] = known
        return known[1]

    def keep(self, kind: str, name: str, key: str, value: Any) -> None:
        """Keep a value (not None) of JSON; it is only remembered once all is saved."""
        self._kept.setdefault(kind, {})[name] = [key, value]

    def save(self) -> None:
        """Remember what was kept and recalled, for the next time."""
        if self._kept != self._known:
            self._store.save(self._kept)
