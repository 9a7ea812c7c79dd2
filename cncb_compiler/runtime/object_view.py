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
from .names import MARKERS, object_name
from .objects import (
    ATTEMPTS,
    Stored,
    is_held_against,
    read,
    tag_of,
    triggered,
    unless_changed,
    write,
)
from .projection import Gone, Row, key_of
from .unit import UnitOfWork


class ObjectView(NamedTuple):
    """A view's bucket, named by the environment variable `variable`, with the fields that name an object.

    `deletes`: some event deletes objects, so that their markers count. `locked` and `locks` as of a `View`.
    """

    variable: str
    key: tuple[str, ...]
    cache_control: str = "no-store"
    locked: bool = True
    deletes: bool = False
    locks: Mapping[str, tuple[str, ...]] = MappingProxyType({"asOf": ()})

    def apply(self, unit: UnitOfWork) -> tuple[UnitOfWork]:
        """The sink: do to the view what the unit's value says."""
        if isinstance(unit.value, Gone):
            self.remove(unit.value)
        else:
            self.set(unit.value)
        return (unit,)

    def row(self, unit: UnitOfWork) -> tuple[Any, ...]:
        """The object that the unit's value is about."""
        return tuple(unit.value.key.get(name) for name in self.key)

    def set(self, row: Row) -> None:
        """Set an object's fields, if nothing newer has set or deleted them."""
        key = key_of(self.key, row.key)
        name = object_name(self.key, key)
        for _ in range(ATTEMPTS):
            if self._is_gone(name, row):
                return
            stored = read(self.variable, name)
            if stored is not None and self.locked and is_held_against(stored, tag_of(row.lock), row.held):
                return
            fields = {**({} if stored is None else stored.fields), **row.fields, **key}
            metadata = {**({} if stored is None else stored.metadata), tag_of(row.lock): str(row.held)}
            metadata |= triggered(row.trigger, tag_of(row.lock))
            if write(self.variable, name, fields, metadata, unless_changed(stored), self.cache_control):
                return
        raise TransientError("the object keeps changing")

    def remove(self, gone: Gone) -> None:
        """Delete an object, but not the fields that something newer has set."""
        name = object_name(self.key, key_of(self.key, gone.key))
        if self.locked:
            if self._is_gone(name, gone):
                return
            marker = read(self.variable, MARKERS + name)
            if not write(
                self.variable,
                MARKERS + name,
                {},
                {tag_of(gone.floor): str(gone.held)} | triggered(gone.trigger),
                unless_changed(marker),
            ):
                raise TransientError("the object keeps changing")
            stored = read(self.variable, name)
            newer = [] if stored is None else self._newer(stored, gone)
            if stored is not None and newer:
                self._keep(name, stored, newer)
                return
        aws.client("s3").delete_object(Bucket=os.environ[self.variable], Key=name)

    def _newer(self, stored: Stored, gone: Gone) -> list[str]:
        return [lock for lock in self.locks if is_held_against(stored, tag_of(lock), gone.held)]

    def _keep(self, name: str, stored: Stored, locks: list[str]) -> None:
        removed = {name for lock, names in self.locks.items() if lock not in locks for name in names}
        fields: dict[str, Any] = {name: value for name, value in stored.fields.items() if name not in removed}
        kept = tuple(tag_of(lock) for lock in locks)
        metadata = {name: value for name, value in stored.metadata.items() if name.removesuffix("-trigger") in kept}
        if not write(self.variable, name, fields, metadata, unless_changed(stored), self.cache_control):
            raise TransientError("the object keeps changing")

    def _is_gone(self, name: str, change: Row | Gone) -> bool:
        """Whether something newer than the change has deleted the object."""
        if not self.deletes or not self.locked:
            return False
        marker = read(self.variable, MARKERS + name)
        return marker is not None and is_held_against(marker, tag_of(change.floor), change.held)
