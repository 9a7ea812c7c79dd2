"""Rows of DynamoDB tables as Python values, without what the runtime keeps beside a row's own fields.

Reserved attributes: `asOf` and `asOf:<name>` (inverse oplock; when a row was written; `...:trigger`: by which event;
when a deleted row goes), `latched`, `deletedAt`, and in tables that the runtime alone writes `expires` (time to live,
epoch seconds).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from . import jsons

AS_OF = "asOf"
FLOOR = "asOf:deleted"
SEQUENCE = "asOf:sequence"
SEQUENCE_FLOOR = "asOf:sequence:deleted"
ORIGIN = "asOf:origin"
GOES = "asOf:expires"
WRITTEN = "asOf:written"
LATCHED = "latched"
DELETED_AT = "deletedAt"
EXPIRES = "expires"
TRIGGER = "asOf:trigger"
TRACE = "asOf:traceparent"

TOMBSTONE_SECONDS = 30 * 86400
"""How long a deleted row is remembered, so that an older event cannot bring it back."""

EXACT = 10**38
"""Numbers of more digits are refused by DynamoDB (AWS: Supported data types)."""


class Whole(NamedTuple):
    """What is written of a row on no condition: all of it, or without a `row` its removal."""

    key: Mapping[str, Any]
    row: Mapping[str, Any] | None = None

    @property
    def item(self) -> dict[str, Any]:
        """The whole row, as DynamoDB's API wants it."""
        return encode({**(self.row or {}), **self.key})


def trigger_of(lock: str) -> str:
    """The attribute that holds the id of the event that has set a lock."""
    return f"{lock}:trigger"


def encode(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as DynamoDB's API wants it. Null is not stored: it could be the key of no index."""
    return {name: encode_value(value) for name, value in row.items() if value is not None}


def encode_value(value: Any) -> Any:
    """One value as DynamoDB's API wants it.

    What events are made of is encoded here, all else by boto3, which is several times slower.
    """
    kind = type(value)
    if kind is str:
        return {"S": value}
    if kind is bool:
        return {"BOOL": value}
    if kind is int and -EXACT < value < EXACT:
        return {"N": str(value)}
    if kind is dict:
        return {"M": {name: encode_value(inner) for name, inner in value.items()}}
    if kind is list:
        return {"L": [encode_value(inner) for inner in value]}
    return _serializer().serialize(_storable(value))


def decode(item: Mapping[str, Any]) -> dict[str, Any]:
    """A row as it came from DynamoDB's API; whole numbers are int."""
    deserialize = _deserializer().deserialize
    return {name: _plain(deserialize(value)) for name, value in item.items()}


def public(row: Mapping[str, Any], *, expires: bool = False) -> dict[str, Any]:
    """The row's own fields. `expires`: the runtime keeps the time to live, so that is none of them."""
    return {name: value for name, value in row.items() if not _is_reserved(name, expires)}


def is_gone(row: Mapping[str, Any], *, expires: bool = False) -> bool:
    """Whether the row is marked deleted, or has outlived its time: DynamoDB takes days to remove it."""
    return DELETED_AT in row or (expires and EXPIRES in row and row[EXPIRES] <= time.time())


def tombstone_goes() -> int:
    """When a tombstone that is written now may go, in epoch seconds.

    It is not counted from the deletion: a replay writes the tombstones of old ones, and has to find them to its end.
    """
    return int(time.time()) + TOMBSTONE_SECONDS


def _is_reserved(name: str, expires: bool) -> bool:
    return name in (AS_OF, LATCHED, DELETED_AT) or name.startswith("asOf:") or (expires and name == EXPIRES)


def _storable(value: Any) -> Any:
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, Mapping):
        return {name: _storable(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_storable(inner) for inner in value]
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return jsons.number(value)
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value


@cache
def _serializer() -> Any:
    from boto3.dynamodb.types import TypeSerializer

    return TypeSerializer()


@cache
def _deserializer() -> Any:
    from boto3.dynamodb.types import TypeDeserializer

    return TypeDeserializer()
