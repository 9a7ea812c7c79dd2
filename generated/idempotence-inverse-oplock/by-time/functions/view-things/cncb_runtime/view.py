"""A materialized view in a DynamoDB table, right under duplicates and disorder.

Each event sets some fields of a row and stamps their lock with its timestamp; an older event that comes
later is left out (see `stamp`). A deleted row stays for 30 days as a tombstone, so that an older event cannot bring
it back; `asOf:deleted` remembers the time of the deletion for as long as the row lives.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from . import aws
from .errors import TransientError
from .expression import Expression, is_refused, refused_row, statement
from .projection import Gone, Row, key_of
from .rows import AS_OF, DELETED_AT, EXPIRES, Whole, decode, encode, encode_value, tombstone_goes, trigger_of
from .stamp import is_behind
from .unit import UnitOfWork


class View(NamedTuple):
    """A view's table, named by the variable `variable`, with its `key` attributes, partition key first.

    `keep` is after how many seconds from its last event a row may go. `locks` names the fields under each
    lock where there are several: events that set different fields do not hold each other up. If it is not
    `locked`, nothing is compared.
    """

    variable: str
    key: tuple[str, ...]
    keep: int | None = None
    locked: bool = True
    locks: Mapping[str, tuple[str, ...]] = MappingProxyType({AS_OF: ()})

    def apply(self, unit: UnitOfWork) -> tuple[UnitOfWork]:
        """The sink: do to the view what the unit's value says."""
        if isinstance(unit.value, Gone):
            self.remove(unit.value)
        else:
            self.set(unit.value)
        return (unit,)

    def row(self, unit: UnitOfWork) -> tuple[Any, ...]:
        """The row that the unit's value is about."""
        return tuple(unit.value.key.get(name) for name in self.key)

    def whole(self, unit: UnitOfWork) -> Whole:
        """The row as it is after the unit, where all events set the same fields and there is no lock."""
        value = unit.value
        key = key_of(self.key, value.key)
        if isinstance(value, Gone):
            return Whole(key, self._tombstone(value))
        fields = {**value.fields, trigger_of(value.lock): value.trigger}
        return Whole(key, fields if self.keep is None else {**fields, EXPIRES: value.timestamp // 1000 + self.keep})

    def set(self, row: Row) -> None:
        """Set a row's fields, if nothing newer has set or deleted them."""
        fields = dict(row.fields)
        for name in self.key:
            fields.pop(name, None)
        expires = None if self.keep is None else row.timestamp // 1000 + self.keep
        if expires is None or len(self.locks) == 1:
            fields[EXPIRES] = expires
        if self.locked:
            fields[row.lock] = row.held
        fields[trigger_of(row.lock)] = row.trigger
        fields[DELETED_AT] = None
        key = encode(key_of(self.key, row.key))
        self._write(key, fields, row.held, (row.lock, row.floor))
        if expires is not None and len(self.locks) > 1:
            self._extend(key, expires)

    def remove(self, gone: Gone) -> None:
        """Delete a row, but not the fields that something newer has set."""
        key = encode(key_of(self.key, gone.key))
        newer = self._clear(key, gone, tuple(self.locks), self._tombstone(gone))
        if newer is None or is_behind(gone.held, newer.get(gone.floor)) or len(self.locks) == 1:
            return
        older = tuple(lock for lock in self.locks if not is_behind(gone.held, newer.get(lock)))
        if self._clear(key, gone, older, {gone.floor: gone.held}) is not None:
            raise TransientError("the row has changed meanwhile")

    def _tombstone(self, gone: Gone) -> dict[str, Any]:
        return {
            DELETED_AT: gone.timestamp,
            gone.floor: gone.held,
            EXPIRES: tombstone_goes(),
            trigger_of(gone.floor): gone.trigger,
        }

    def _extend(self, key: dict[str, Any], expires: int) -> None:
        """Let a row live until `expires` at least: an older event of another lock must not shorten its life."""
        expression = Expression()
        life = expression.name(EXPIRES)
        longer = f"(attribute_not_exists({life}) OR {life} < {expression.value(expires)})"
        request = {
            "UpdateExpression": expression.update({EXPIRES: expires}),
            "ConditionExpression": f"attribute_exists({expression.name(self.key[0])}) AND {longer}",
        }
        self._update(key, {**request, **expression.parameters()})

    def _clear(
        self, key: dict[str, Any], gone: Gone, locks: tuple[str, ...], marks: dict[str, Any]
    ) -> dict[str, Any] | None:
        """Remove the fields under these locks; the answer is the row that refused."""
        removed = [name for lock in locks for name in (*self.locks[lock], lock, trigger_of(lock))]
        return self._write(key, {**dict.fromkeys(removed), **marks}, gone.held, (*locks, gone.floor))

    def _write(
        self, key: dict[str, Any], fields: Mapping[str, Any], held: int | str, locks: tuple[str, ...]
    ) -> dict[str, Any] | None:
        """Set fields (remove those that are None) unless a lock is newer; the answer is the row that refused."""
        nulls = tuple([name for name, value in fields.items() if value is None])
        made = statement(tuple(fields), nulls, locks if self.locked else (), isinstance(held, str))
        values = {placeholder: encode_value(fields[name]) for placeholder, name in made.values}
        if made.locked:
            values[":at"] = encode_value(held)
        parameters = {**made.parameters, "ExpressionAttributeValues": values} if values else made.parameters
        return self._update(key, parameters)

    def _update(self, key: dict[str, Any], parameters: Mapping[str, Any]) -> dict[str, Any] | None:
        """Update on a condition. The answer is the row that refused, or None where none did."""
        try:
            aws.client("dynamodb").update_item(TableName=os.environ[self.variable], Key=key, **parameters)
        except Exception as error:
            if not is_refused(error):
                raise
            return decode(refused_row(error))
        return None
