"""Which lines of the lake a replay sends."""

from __future__ import annotations

from typing import NamedTuple

from .lines import Line

TYPE, KEY, TIME, NO_EVENT = "other types", "other keys", "another time", "no event"
"""Why a line is passed over."""


class Selection(NamedTuple):
    """Event types (none: all), partition keys (None: all), arrival from `since` until before `until` (ms)."""

    types: tuple[str, ...]
    keys: tuple[str, ...] | None = None
    since: int | None = None
    until: int | None = None

    def passes_over(self, line: Line) -> str | None:
        """Why a line is not sent; None where it is."""
        if line.type is None:
            return NO_EVENT
        if self.types and line.type not in self.types:
            return TYPE
        if self.keys is not None and line.partition_key not in self.keys:
            return KEY
        early = self.since is not None and line.arrival < self.since
        return TIME if early or (self.until is not None and line.arrival >= self.until) else None
