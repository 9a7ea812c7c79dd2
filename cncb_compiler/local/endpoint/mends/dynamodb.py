"""What moto's DynamoDB does otherwise than Amazon DynamoDB (developer guide, API reference), or slowly."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from cncb_compiler.local.endpoint.mends import dynamodb_streams, dynamodb_values


@cache
def mend() -> None:
    """Mend moto's DynamoDB and DynamoDB Streams for the rest of this process."""
    from moto.dynamodb.models import DynamoDBBackend
    from moto.dynamodb.models.table import Table
    from moto.dynamodb.responses import DynamoHandler

    backend: Any = DynamoDBBackend
    table: Any = Table
    handler: Any = DynamoHandler
    handler.update_table = _with_encryption(handler.update_table)
    backend.tag_resource = _replacing(backend.tag_resource)
    backend.update_item = _at_once(backend.update_item)
    backend.transact_write_items = _all_or_nothing(backend.transact_write_items)
    table.__deepcopy__ = _copied
    table.query = _by_key(table.query)
    table.all_items = _all_items
    dynamodb_streams.mend()
    dynamodb_values.mend()


def _with_encryption(original: Callable[..., Any]) -> Callable[..., Any]:
    """UpdateTable takes a new server-side encryption."""

    @wraps(original)
    def update_table(response: Any) -> Any:
        if wanted := response.body.get("SSESpecification"):
            table = response.dynamodb_backend.get_table(response.body["TableName"])
            default = table._get_default_encryption_key(table.account_id, table.region_name)
            table.sse_specification = {"KMSMasterKeyId": default} | wanted
        return original(response)

    return update_table


def _replacing(original: Callable[..., Any]) -> Callable[..., Any]:
    """A tag that is put again has one value: the new one."""

    @wraps(original)
    def tag_resource(backend: Any, arn: str, tags: dict[str, str]) -> None:
        backend.untag_resource(arn, list(tags))
        original(backend, arn, tags)

    return tag_resource


def _at_once(original: Callable[..., Any]) -> Callable[..., Any]:
    """An update that makes an item is one record of the table's stream, and one that fails leaves nothing behind."""

    @wraps(original)
    def update_item(backend: Any, table_name: str, key: dict[str, Any], *given: Any, **named: Any) -> Any:
        table = backend.get_table(table_name)
        keys = backend.get_keys_value(table, key)
        before = copy.deepcopy(table.get_item(*keys))
        shard, table.stream_shard = table.stream_shard, None
        try:
            item = original(backend, table_name, key, *given, **named)
        except BaseException:
            _put_back(table, keys, before)
            raise
        finally:
            table.stream_shard = shard
        if shard is not None:
            shard.add(before, item)
        return item

    return update_item


def _all_or_nothing(original: Callable[..., Any]) -> Callable[..., Any]:
    """A transaction that fails is undone item by item.

    moto copies its tables beforehand, with all their items and streams: half a second at a thousand items.
    """

    @wraps(original)
    def transact_write_items(backend: Any, transact_items: list[dict[str, Any]]) -> None:
        touched = [_touched(backend, operation) for item in transact_items for operation in item.values()]
        tables = {id(table): table for table, _ in touched}.values()
        before = [(table, keys, copy.deepcopy(table.get_item(*keys))) for table, keys in touched]
        written = [(table.stream_shard, len(table.stream_shard.items)) for table in tables if table.stream_shard]
        for table in tables:
            table.is_its_own_copy = True
        try:
            original(backend, transact_items)
        except BaseException:
            for table, keys, item in reversed(before):
                _put_back(table, keys, item)
            for shard, count in written:
                del shard.items[count:]
            raise
        finally:
            for table in tables:
                table.is_its_own_copy = False

    return transact_write_items


def _touched(backend: Any, operation: dict[str, Any]) -> tuple[Any, tuple[Any, Any]]:
    table = backend.get_table(operation["TableName"])
    return table, backend.get_keys_value(table, operation.get("Key") or operation["Item"])


def _put_back(table: Any, keys: tuple[Any, Any], item: Any) -> None:
    """Make an item what it was, without a record in the table's stream."""
    hash_key, range_key = keys
    items = table.items if range_key is None else table.items[hash_key]
    key = hash_key if range_key is None else range_key
    if item is None:
        items.pop(key, None)
    else:
        items[key] = item


def _copied(table: Any, memo: dict[int, Any]) -> Any:
    """A deep copy of a table; the table itself while a transaction is at work on it, which undoes by itself."""
    if getattr(table, "is_its_own_copy", False):
        return table
    made = table.__class__.__new__(table.__class__)
    memo[id(table)] = made
    made.__dict__.update(copy.deepcopy(table.__dict__, memo))
    return made


def _by_key(original: Callable[..., Any]) -> Callable[..., Any]:
    """A query looks at the items under its key only: moto sorts and walks the whole table."""

    @wraps(original)
    def query(table: Any, hash_key: Any, *given: Any, **named: Any) -> Any:
        index_name = named.get("index_name") or (given[6] if len(given) > 6 else None)
        conditions = named.get("hash_key_conditions") or []
        if index_name is None:
            table.looked_at = _under(table, hash_key)
        elif conditions:
            table.looked_at = _having(table, *conditions[0])
        try:
            return original(table, hash_key, *given, **named)
        finally:
            table.looked_at = None

    return query


def _under(table: Any, hash_key: Any) -> list[Any]:
    found = table.items.get(hash_key)
    if found is None:
        return []
    return list(found.values()) if table.has_range_key else [found]


def _having(table: Any, name: str, wanted: Any) -> list[Any]:
    """The items in which an index key has a value. Numbers may be written in several ways: they are compared later."""
    items = _every(table)
    if wanted.type != "S":
        return [item for item in items if name in item.attrs]
    return [item for item in items if (has := item.attrs.get(name)) is not None and has.value == wanted.value]


def _every(table: Any) -> list[Any]:
    if table.has_range_key:
        return [item for under in table.items.values() for item in under.values()]
    return list(table.items.values())


def _all_items(table: Any) -> list[Any]:
    """A table's items by key, or, unsorted, those that a query looks at: it sorts what it finds."""
    looked_at: list[Any] | None = getattr(table, "looked_at", None)
    if looked_at is not None:
        return looked_at
    if table.has_range_key:
        return sorted(_every(table), key=lambda item: (item.hash_key.cast_value, item.range_key.cast_value))
    return sorted(_every(table), key=lambda item: item.hash_key.cast_value)
