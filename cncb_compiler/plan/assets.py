"""What a service owns or uses, named without regard to the cloud that will hold it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from cncb_compiler.model.store import Capacity
from cncb_compiler.schema.indexing import Fields
from cncb_compiler.source.location import Location

Purpose: TypeAlias = Literal["store", "view", "collected", "index", "processed", "claims", "lake", "faults"]
"""What data is held for: a store, a view, a micro event store, the search of an s3 view's objects, what was processed,
what is too large for a stream, a data lake, the faults that a monitor keeps."""


class Asset(Struct, frozen=True):
    """What a function may be allowed to touch. `name` is unique per kind in the service (streams, claims: system).

    Of a view, a later `generation` is a fresh copy: a table, bucket or index of its own beside the one before.
    """

    kind: Literal["table", "bucket", "index", "stream", "claims", "queue", "bus"]
    name: str
    generation: int = 1


CLAIMS = Asset("claims", "event")
"""The claim-check bucket of the system, which the event hub owns."""


def asset_of(kind: Literal["dynamodb", "opensearch", "s3"], name: str, generation: int = 1) -> Asset:
    """What a store or view of a kind is."""
    return Asset(_HELD_IN[kind], name, generation)


_HELD_IN: dict[str, Literal["table", "bucket", "index"]] = {"dynamodb": "table", "opensearch": "index", "s3": "bucket"}


class Attribute(Struct, frozen=True):
    """A key attribute of a table; `type` is DynamoDB's: S, N or B."""

    name: str
    type: Literal["S", "N", "B"]


class TableIndex(Struct, frozen=True):
    """A global secondary index of a table."""

    name: str
    key: Attribute
    sort_key: Attribute | None
    projection: Literal["all", "keys"]


class Table(Struct, frozen=True):
    """A DynamoDB table. `captured`: its changes are read, so it needs a stream of old and new images.

    `rebuildable`: it holds nothing that a replay of events could not bring back, so it goes with its stack.
    `purpose` is `store`, `view`, `collected` (a micro event store) or `processed` (which events have been handled).
    """

    asset: Asset
    at: Location
    purpose: Purpose
    key: Attribute
    sort_key: Attribute | None
    indexes: tuple[TableIndex, ...]
    ttl: str | None
    capacity: Capacity
    captured: bool
    rebuildable: bool


class Bucket(Struct, frozen=True):
    """An S3 bucket: private, encrypted, TLS only. `rebuildable` and `purpose` as of a table.

    Further purposes are `lake` (the data lake) and `faults` (the monitor's). `keep_days` is after how many days an
    object goes that nothing has written since; `archive_days`, after how many it moves to a cheaper storage class.
    """

    asset: Asset
    at: Location
    purpose: Purpose
    rebuildable: bool
    keep_days: int | None = None
    archive_days: int | None = None


class SearchIndex(Struct, frozen=True):
    """A search index. `fields` says how it holds each field of a document, whose id is made of `key_names`.

    One that is `daily` is an index for each day, `<daily>.yyyy-MM-dd`: no other has a dot in its name.
    """

    asset: Asset
    at: Location
    purpose: Purpose
    key_names: tuple[str, ...]
    fields: Fields
    daily: str | None = None

    @property
    def physical_name(self) -> str:
        """Its name in the domain, where no letter is a capital; of a daily one, what all its names begin with."""
        return self.daily or index_name(self.asset)


def index_name(asset: Asset) -> str:
    """The name of an index in its domain: a capital letter is escaped, so that no two names become one."""
    lower = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in asset.name)
    return f"{lower}-{asset.generation}"


class EventStream(Struct, frozen=True):
    """A Kinesis stream that this service deploys. `shards` is None on demand; `retention` in hours."""

    asset: Asset
    at: Location
    shards: int | None
    retention_hours: int
    encryption: str


class Queue(Struct, frozen=True):
    """An SQS queue with one for the messages that its receivers give up. `fifo`: ordered, each message once."""

    asset: Asset
    at: Location
    fifo: bool


class Bus(Struct, frozen=True):
    """An EventBridge event bus."""

    asset: Asset
    at: Location
