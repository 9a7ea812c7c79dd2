"""A materialized view as one JSON object per entity, right under duplicates and disorder as `view` is.

The locks stand in the object's metadata. A deleted object leaves a marker under `.deleted/`, so that
whoever reads the bucket finds nothing in its place, and an older event cannot bring it back. A lifecycle
rule may remove markers after 30 days.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from . import aws
from .errors import TransientError
from .objects import ATTEMPTS, Stored, as_of, object_name, read, triggered, unless_changed, write
from .projection import Gone, Row, key_of
from .unit import UnitOfWork

MARKERS = ".deleted/"


class ObjectView(NamedTuple):
    """A view's bucket, named by the environment variable `variable`, with the fields that name an object.

    `deletes`: some event deletes objects, so that their markers count. `locks` as of a `View`.
    """

    variable: str
    key: tuple[str, ...]
    cache_control: str = "no-store"
    oplock: bool = True
    deletes: bool = False
    locks: Mapping[str, tuple[str, ...]] = MappingProxyType({"asOf": ()})

    def apply(self, unit: UnitOfWork) -> tuple[UnitOfWork]:
        """The sink: do to the view what the unit's value says."""
        if isinstance(unit.value, Gone):
            self.remove(unit.value)
        else:
            self.set(unit.value)
        return (unit,)

    def set(self, row: Row) -> None:
        """Set an object's fields, if nothing newer has set or deleted them."""
        key = key_of(self.key, row.key)
        name = object_name(self.key, key)
        for _ in range(ATTEMPTS):
            if self._deleted_at(name) > row.timestamp:
                return
            stored = read(self.variable, name)
            if stored is not None and self.oplock and as_of(stored, _tag(row.lock)) > row.timestamp:
                return
            fields = {**({} if stored is None else stored.fields), **row.fields, **key}
            metadata = {**({} if stored is None else stored.metadata), _tag(row.lock): str(row.timestamp)}
            metadata |= triggered(row.trigger, _tag(row.lock))
            if write(self.variable, name, fields, metadata, unless_changed(stored), self.cache_control):
                return
        raise TransientError("the object keeps changing")

    def remove(self, gone: Gone) -> None:
        """Delete an object, but not the fields that something newer has set."""
        name = object_name(self.key, key_of(self.key, gone.key))
        if self.oplock:
            if self._deleted_at(name) > gone.timestamp:
                return
            marker = read(self.variable, MARKERS + name)
            if not write(
                self.variable,
                MARKERS + name,
                {},
                {"asof": str(gone.timestamp)} | triggered(gone.trigger),
                unless_changed(marker),
            ):
                raise TransientError("the object keeps changing")
            stored = read(self.variable, name)
            newer = [] if stored is None else self._newer(stored, gone.timestamp)
            if stored is not None and newer:
                self._keep(name, stored, newer)
                return
        aws.client("s3").delete_object(Bucket=os.environ[self.variable], Key=name)

    def _newer(self, stored: Stored, timestamp: int) -> list[str]:
        return [lock for lock in self.locks if as_of(stored, _tag(lock)) > timestamp]

    def _keep(self, name: str, stored: Stored, locks: list[str]) -> None:
        removed = {name for lock, names in self.locks.items() if lock not in locks for name in names}
        fields: dict[str, Any] = {name: value for name, value in stored.fields.items() if name not in removed}
        kept = tuple(_tag(lock) for lock in locks)
        metadata = {name: value for name, value in stored.metadata.items() if name.removesuffix("-trigger") in kept}
        if not write(self.variable, name, fields, metadata, unless_changed(stored), self.cache_control):
            raise TransientError("the object keeps changing")

    def _deleted_at(self, name: str) -> int:
        if not self.deletes or not self.oplock:
            return 0
        marker = read(self.variable, MARKERS + name)
        return 0 if marker is None else as_of(marker)


def _tag(lock: str) -> str:
    """The name of a lock among an object's metadata, where S3 keeps small letters only."""
    return lock.lower().replace(":", "-")
