"""What an event does to a view: the values that a view's sink applies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from .rows import AS_OF, FLOOR, SEQUENCE_FLOOR
from .stamp import sequence_of
from .unit import UnitOfWork, Work

Mapped = Callable[[Any], Any]


class Row(NamedTuple):
    """Fields of a row, as of `timestamp` (milliseconds); `lock` is the attribute of their inverse oplock.

    `trigger` is the id of the event that sets them. `sequence` is the number of its record, where that is what counts.
    """

    key: Mapping[str, Any]
    fields: Mapping[str, Any]
    timestamp: int
    lock: str = AS_OF
    trigger: str | None = None
    sequence: str | None = None

    @property
    def held(self) -> int | str:
        """What it holds the lock with."""
        return self.timestamp if self.sequence is None else self.sequence

    @property
    def floor(self) -> str:
        """The lock that a deletion holds."""
        return FLOOR if self.sequence is None else SEQUENCE_FLOOR


class Gone(NamedTuple):
    """A row that is deleted, as of `timestamp` (milliseconds), by the event `trigger`. `sequence` as of a row."""

    key: Mapping[str, Any]
    timestamp: int
    trigger: str | None = None
    sequence: str | None = None

    @property
    def held(self) -> int | str:
        """What it holds the locks with."""
        return self.timestamp if self.sequence is None else self.sequence

    @property
    def floor(self) -> str:
        """The lock that it holds."""
        return FLOOR if self.sequence is None else SEQUENCE_FLOOR


def project(
    key: Mapped, fields: Mapped, *, lock: str = AS_OF, when: Mapped | None = None, sequence: bool = False
) -> Work:
    """The event sets fields of the row at its key. `sequence`: in the order of the stream, not of time."""

    def work(unit: UnitOfWork) -> tuple[UnitOfWork, ...]:
        event, cause = unit.event, unit.cause
        if when is not None and not when(event):
            return ()
        number = sequence_of(unit.record) if sequence else None
        return (unit.having(Row(key(event), fields(event), cause.timestamp, lock, cause.id, number)),)

    return work


def remove(key: Mapped, *, when: Mapped | None = None, sequence: bool = False) -> Work:
    """The event deletes the row at its key. `sequence`: in the order of the stream, not of time."""

    def work(unit: UnitOfWork) -> tuple[UnitOfWork, ...]:
        event, cause = unit.event, unit.cause
        if when is not None and not when(event):
            return ()
        number = sequence_of(unit.record) if sequence else None
        return (unit.having(Gone(key(event), cause.timestamp, cause.id, number)),)

    return work


def key_of(names: tuple[str, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """The key attributes. Raises ValueError where the event gives no value for one."""
    key = {name: values.get(name) for name in names}
    if None in key.values() or "" in key.values():
        missing = next(name for name, value in key.items() if value is None or value == "")
        raise ValueError(f"the event has no value for the key `{missing}`")
    return key


def part(unit: UnitOfWork) -> str:
    """Which part of a row a unit sets: that of its lock, or all of it where it deletes the row."""
    return unit.value.lock if isinstance(unit.value, Row) else ""


def row_at(key: Mapped, names: tuple[str, ...]) -> Callable[[UnitOfWork], tuple[Any, ...]]:
    """The row that an event is about."""

    def row(unit: UnitOfWork) -> tuple[Any, ...]:
        return tuple(key_of(names, key(unit.event)).values())

    return row
