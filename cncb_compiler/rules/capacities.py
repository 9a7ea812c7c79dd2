"""Where capacity is provisioned, and what of it is scaled: what rules about it walk through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.model.store import Bounds, CapacitySchedule, Scaled, Throughput
from cncb_compiler.source.location import Location

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedService


def provisioned(service: LinkedService) -> Iterator[tuple[Throughput, Location]]:
    """The provisioned capacities of a service's tables, each with its place."""
    for table in service.tables:
        if isinstance(table.capacity, Throughput):
            yield table.capacity, table.construct.at / "capacity"


def scaled(service: LinkedService) -> Iterator[tuple[Scaled, Location]]:
    """What is scaled, each with its place."""
    for capacity, at in provisioned(service):
        for word, units in (("read", capacity.read), ("write", capacity.write)):
            if isinstance(units, Scaled):
                yield units, at / word


def schedules(service: LinkedService) -> Iterator[tuple[CapacitySchedule, Location]]:
    """The schedules of capacity, each with its place."""
    for capacity, at in provisioned(service):
        for index, one in enumerate(capacity.schedules):
            yield one, at / "schedules" / index


def bounds(service: LinkedService) -> Iterator[tuple[int | Scaled, Bounds, Location]]:
    """What schedules change: the units as declared, the new bounds, and their place."""
    for capacity, at in provisioned(service):
        for index, one in enumerate(capacity.schedules):
            for word, units, new in (("read", capacity.read, one.read), ("write", capacity.write, one.write)):
                if new is not None:
                    yield units, new, at / "schedules" / index / word
