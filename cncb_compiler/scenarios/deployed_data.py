"""What a deployed system holds: rows, objects, and messages in failure queues."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from cncb_compiler.aws import naming
from cncb_compiler.graph.system import LinkedStore
from cncb_compiler.plan.assets import CLAIMS, asset_of, index_name
from cncb_compiler.runtime.jsons import without_decimals
from cncb_compiler.runtime.names import MARKERS, object_name
from cncb_compiler.runtime.rows import AS_OF, decode, encode
from cncb_compiler.runtime.search_mapping import index_of
from cncb_compiler.schema.indexing import indexed, indexed_fields
from cncb_compiler.schema.types import TypeTable
from cncb_compiler.target.search import SearchDomain
from cncb_compiler.target.target import Target

JSON_TYPE = "application/json"
EVERY_DAY = "events.*"
"""The data lake's indexes."""
EVENT_FIELDS = ("words", "type", "id", "partitionKey")
"""Where words are looked for in them."""
BATCH = 25
"""The most writes of one request (DynamoDB: BatchWriteItem)."""


class DeployedData:
    """The data of a system at a target. `physical` gives the physical ids of each service by logical id."""

    def __init__(self, target: Target, physical: Mapping[str, Mapping[str, str]], types: TypeTable) -> None:
        self._target = target
        self._client = target.client
        self._physical = physical
        self._types = types
        self._domains: dict[str, SearchDomain] = {}

    def physical(self, store: LinkedStore) -> str:
        """The name of a table, bucket or search index on the machine."""
        asset = asset_of(store.kind, store.name, store.generation)
        if asset.kind == "index":
            return index_name(asset)
        return self._physical[store.construct.service][naming.asset_id(asset)]

    def _domain(self, service: str) -> SearchDomain:
        if service not in self._domains:
            self._domains[service] = SearchDomain(self._target, self._physical[service][naming.SEARCH_DOMAIN])
        return self._domains[service]

    def put_rows(self, store: LinkedStore, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write whole rows."""
        if store.kind == "opensearch":
            self._put_documents(store, rows)
            return
        for row in rows:
            self._client("dynamodb").put_item(TableName=self.physical(store), Item=encode(row))

    def remove_row(self, store: LinkedStore, key: Mapping[str, Any]) -> None:
        """Remove a row."""
        if store.kind == "opensearch":
            named = {"ids": {"values": [object_name(store.key_names, key)]}}
            path = f"/{self.physical(store)}/_delete_by_query"
            self._domain(store.construct.service).done("POST", path, {"query": named})
            return
        self._client("dynamodb").delete_item(TableName=self.physical(store), Key=encode(key))

    def put_object(self, store: LinkedStore, key: str, content: Any) -> None:
        """Write an object: JSON, or a text."""
        text = isinstance(content, str)
        body = content if text else json.dumps(content, ensure_ascii=False)
        kind = "text/plain; charset=utf-8" if text else JSON_TYPE
        self._client("s3").put_object(Bucket=self.physical(store), Key=key, Body=body.encode(), ContentType=kind)

    def rows(self, store: LinkedStore) -> list[dict[str, Any]]:
        """All rows of a table, or documents of an index, with everything that is stored in them."""
        if store.kind == "opensearch":
            fields = indexed_fields(store.record, self._types)
            order = [fields[name].exact for name in store.key_names]
            return list(self._domain(store.construct.service).documents(self.physical(store), order))
        return [without_decimals(decode(item)) for item in self._items(store)]

    def objects(self, store: LinkedStore) -> dict[str, Any]:
        """All objects of a bucket by key: JSON values, or texts; without the runtime's own."""
        bucket, client = self.physical(store), self._client("s3")
        keys = [key for key in self._keys_of(bucket) if not key.startswith(MARKERS)]
        return {key: decoded(client.get_object(Bucket=bucket, Key=key)["Body"].read()) for key in keys}

    def _put_documents(self, store: LinkedStore, rows: Iterable[Mapping[str, Any]]) -> None:
        name, domain = self.physical(store), self._domain(store.construct.service)
        # The function makes the index when it first writes; it may not have done so yet.
        domain.ask("PUT", f"/{name}", index_of(indexed(store.record, self._types)))
        for row in rows:
            identity = quote(object_name(store.key_names, row), safe="")
            version = f"version={row.get(AS_OF, 0)}&version_type=external_gte"
            domain.done("PUT", f"/{name}/_doc/{identity}?{version}", row)

    def events_found(self, service: str, words: str) -> list[dict[str, Any]]:
        """The events that a data lake's index finds by words."""
        found = self._domain(service).found(EVERY_DAY, words, EVENT_FIELDS)
        return [{**one["event"], **{name: one[name] for name in one if name != "event"}} for one in found]

    def empty_events(self, service: str) -> None:
        """Remove all events from a data lake's index."""
        self._domain(service).empty(EVERY_DAY)

    def claimed(self, key: str) -> bytes:
        """What the system's claim-check bucket keeps under a key."""
        claims = naming.asset_id(CLAIMS)
        bucket = next(physical[claims] for physical in self._physical.values() if claims in physical)
        content: bytes = self._client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
        return content

    def bodies(self, bucket: str, prefix: str) -> Iterator[bytes]:
        """What is in the objects of a bucket whose keys begin so; `bucket` is its physical name."""
        for key in self._keys_of(bucket, prefix):
            yield self._client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()

    def empty_bucket(self, bucket: str) -> None:
        """Remove all objects of a bucket; `bucket` is its physical name."""
        for key in self._keys_of(bucket):
            self._client("s3").delete_object(Bucket=bucket, Key=key)

    def _items(self, store: LinkedStore) -> Iterator[dict[str, Any]]:
        pages = (
            self._client("dynamodb").get_paginator("scan").paginate(TableName=self.physical(store), ConsistentRead=True)
        )
        for page in pages:
            yield from page["Items"]

    def _keys_of(self, bucket: str, prefix: str = "") -> list[str]:
        pages = self._client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        return [entry["Key"] for page in pages for entry in page.get("Contents", [])]

    def empty(self, store: LinkedStore) -> None:
        """Remove all rows, or all objects."""
        name = self.physical(store)
        if store.kind == "opensearch":
            self._domain(store.construct.service).empty(name)
            return
        if store.kind == "s3":
            self.empty_bucket(name)
            return
        keys = [{part: item[part] for part in store.key_names} for item in self._items(store)]
        for start in range(0, len(keys), BATCH):
            deletes = [{"DeleteRequest": {"Key": key}} for key in keys[start : start + BATCH]]
            self._client("dynamodb").batch_write_item(RequestItems={name: deletes})

    def failed(self, service: str) -> list[Any]:
        """The messages of a service's failure queue, which then is empty."""
        queue = self._physical[service].get(naming.FAILURE_QUEUE)
        return [] if queue is None else self.taken(queue)

    def taken(self, queue: str) -> list[Any]:
        """The messages of the queue at a URL, which then is empty: PurgeQueue may be called once a minute."""
        client = self._client("sqs")
        taken: list[Any] = []
        while True:
            messages = client.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
            if not messages:
                break
            for message in messages:
                client.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
                taken.append(decoded(message["Body"].encode()))
        return taken


def decoded(content: bytes) -> Any:
    """The JSON value; the text where it is none."""
    try:
        return json.loads(content)
    except ValueError:
        return content.decode("utf-8", "replace")
