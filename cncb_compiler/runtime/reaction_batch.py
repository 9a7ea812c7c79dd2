"""What an event does to a table of the service on no condition, so that one request can hold several."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .rows import Whole
from .stamp import stamp_of
from .table import Table
from .unit import UnitOfWork

Mapped = Callable[[Any], Any]


def putting(table: Table, fields: Mapped) -> Callable[[UnitOfWork], Whole]:
    """The row that the event makes."""

    def whole(unit: UnitOfWork) -> Whole:
        return table.whole(fields(unit.event), stamp_of(unit, "none"))

    return whole


def deleting(table: Table, key: Mapped) -> Callable[[UnitOfWork], Whole]:
    """The removal of the row at the event's key."""

    def whole(unit: UnitOfWork) -> Whole:
        return table.removal(key(unit.event))

    return whole
