"""Changes as they are laid out: by level, then by who is affected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cncb_compiler.compare.change import Change, Level
from cncb_compiler.compare.compare import Differences


class Group(NamedTuple):
    """Changes of one level that touch the same services; none of the system's where `services` is empty."""

    level: Level
    services: tuple[str, ...]
    changes: tuple[Change, ...]


def groups(differences: Differences) -> Iterator[Group]:
    """The groups, the worst first; changes come sorted, so that those of a group stand together."""
    found: dict[tuple[Level, tuple[str, ...]], list[Change]] = {}
    for change in differences.changes:
        found.setdefault((change.level, change.services if change.level is not Level.SAFE else ()), []).append(change)
    for (level, services), changes in found.items():
        yield Group(level, services, tuple(changes))


def counted(differences: Differences) -> str:
    """`1 breaking, 2 risky, 3 safe`; what there is none of is left out."""
    parts = [f"{number} {level}" for level in Level if (number := differences.count(level))]
    return ", ".join(parts) or "no differences"
