"""Which places of topology files declare or use names: one table for navigation, rename and completion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["event", "type", "service", "stream", "store", "outlet"]
"""Stores and views share their names, as do queues and buses."""

Path: TypeAlias = tuple[str | int, ...]
Pattern: TypeAlias = tuple[str, ...]
"""A path with `*` for each name that the team chose, and without the indexes of lists."""

OF_A_SERVICE = frozenset({"store", "outlet"})
"""Kinds whose names are known in their service alone."""

_NAMED_IN_SYSTEM = frozenset({"events", "types", "streams", "stages", "services"})
_NAMED_IN_SERVICE = frozenset(
    {"stores", "queues", "buses", "commands", "reactions", "changes", "views", "queries", "functions"}
)

DECLARING_KEYS: Mapping[Pattern, Kind] = {
    ("events",): "event",
    ("types",): "type",
    ("streams",): "stream",
    ("services",): "service",
    ("stores",): "store",
    ("views",): "store",
    ("queues",): "outlet",
    ("buses",): "outlet",
}
"""Maps whose keys declare."""

USING_KEYS: Mapping[Pattern, Kind] = {
    ("changes",): "store",
    ("views", "*", "on"): "event",
    ("views", "*", "collect", "by"): "event",
    ("transitions", "by"): "event",
    ("monitor", "alarms", "services"): "service",
}
"""Maps whose keys use what is declared elsewhere."""

USING_VALUES: Mapping[Pattern, Kind] = {
    ("events", "*", "stream"): "stream",
    ("events", "*", "owner"): "service",
    ("commands", "*", "publish"): "event",
    ("commands", "*", "write"): "store",
    ("commands", "*", "update"): "store",
    ("commands", "*", "delete"): "store",
    ("reactions", "*", "on"): "event",
    ("reactions", "*", "write"): "store",
    ("reactions", "*", "update"): "store",
    ("reactions", "*", "delete"): "store",
    ("reactions", "*", "send"): "outlet",
    ("transitions", "on"): "event",
    ("transitions", "join"): "event",
    ("transitions", "emit"): "event",
    ("changes", "*", "insert"): "event",
    ("changes", "*", "insert", "event"): "event",
    ("changes", "*", "modify"): "event",
    ("changes", "*", "modify", "event"): "event",
    ("changes", "*", "remove"): "event",
    ("changes", "*", "remove", "event"): "event",
    ("views", "*", "on"): "event",
    ("views", "*", "collect", "on"): "event",
    ("queries", "*", "from"): "store",
    ("functions", "*", "on"): "event",
    ("functions", "*", "publishes"): "event",
    ("functions", "*", "reads"): "store",
    ("functions", "*", "writes"): "store",
    ("lake", "streams"): "stream",
    ("monitor", "streams"): "stream",
}
"""Values (or the items of a list there) that use what is declared elsewhere."""

NOTATIONS: tuple[Pattern, ...] = (
    ("types", "*"),
    ("events", "*", "with"),
    ("stores", "*", "of"),
    ("queues", "*", "of"),
    ("buses", "*", "of"),
    ("commands", "*", "input"),
    ("queries", "*", "response"),
)
"""Where types are written; everything below belongs to the type."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a path leads: the service that it is in (None: the system), and what stands there."""

    service: str | None
    pattern: Pattern

    def below(self, patterns: tuple[Pattern, ...]) -> bool:
        """Whether one of the patterns leads here, or to something that this is part of."""
        return any(self.pattern[: len(pattern)] == pattern for pattern in patterns)


def spot(path: Path, file_service: str | None) -> Spot:
    """The spot of a path in a file; `file_service` is the service that the file declares."""
    keys = tuple(str(segment) for segment in path if not isinstance(segment, int))
    service = file_service
    if service is None and keys[:1] == ("services",) and len(keys) > 1:
        service, keys = keys[1], keys[2:]
    named = _NAMED_IN_SYSTEM if service is None else _NAMED_IN_SERVICE
    if len(keys) > 1 and keys[0] in named:
        keys = (keys[0], "*", *keys[2:])
    return Spot(service, keys)
