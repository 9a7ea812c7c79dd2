"""What an event does to a store of the service: the sinks of reactions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from .stamp import Stamp, stamp_of
from .unit import UnitOfWork, Work

Mapped = Callable[[Any], Any]


class Store(Protocol):
    """A table or bucket."""

    def put(self, row: Mapping[str, Any], stamp: Stamp | None = None) -> dict[str, Any]:
        """Write a whole row."""

    def update(self, key: Mapping[str, Any], fields: Mapping[str, Any], stamp: Stamp | None = None) -> dict[str, Any]:
        """Set fields of a row."""

    def delete(self, key: Mapping[str, Any], stamp: Stamp | None = None) -> None:
        """Remove a row."""


def put(store: Store, fields: Mapped, *, idempotence: str = "oplock") -> Work:
    """Write the row that the event makes."""

    def work(unit: UnitOfWork) -> Iterator[UnitOfWork]:
        store.put(fields(unit.event), stamp_of(unit, idempotence))
        yield unit

    return work


def update(store: Store, key: Mapped, fields: Mapped, *, idempotence: str = "oplock") -> Work:
    """Set fields of the row at the event's key. That there is none is an error of the event."""

    def work(unit: UnitOfWork) -> Iterator[UnitOfWork]:
        store.update(key(unit.event), fields(unit.event), stamp_of(unit, idempotence))
        yield unit

    return work


def delete(store: Store, key: Mapped, *, idempotence: str = "oplock") -> Work:
    """Remove the row at the event's key, if there is one."""

    def work(unit: UnitOfWork) -> Iterator[UnitOfWork]:
        store.delete(key(unit.event), stamp_of(unit, idempotence))
        yield unit

    return work
