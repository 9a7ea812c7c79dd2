"""What a service owns or uses, named without regard to the cloud that will hold it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cncb_compiler.model.store import Capacity
from cncb_compiler.source.location import Location


@dataclass(frozen=True, slots=True)
class Asset:
    """What a function may be allowed to touch. `name` is unique per kind in the service (streams, claims: system)."""

    kind: Literal["table", "bucket", "stream", "claims", "queue", "bus"]
    name: str


CLAIMS = Asset("claims", "event")
"""The claim-check bucket of the system, which the event hub owns."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """A key attribute of a table; `type` is DynamoDB's: S, N or B."""

    name: str
    type: Literal["S", "N", "B"]


@dataclass(frozen=True, slots=True)
class TableIndex:
    """A global secondary index of a table."""

    name: str
    key: Attribute
    sort_key: Attribute | None
    projection: Literal["all", "keys"]


@dataclass(frozen=True, slots=True)
class Table:
    """A DynamoDB table. `captured`: its changes are read, so it needs a stream of old and new images.

    `rebuildable`: it holds nothing that a replay of events could not bring back, so it goes with its stack.
    `purpose` is `store`, `view`, `collected` (a micro event store) or `processed` (which events have been handled).
    """

    asset: Asset
    at: Location
    purpose: Literal["store", "view", "collected", "processed"]
    key: Attribute
    sort_key: Attribute | None
    indexes: tuple[TableIndex, ...]
    ttl: str | None
    capacity: Capacity
    captured: bool
    rebuildable: bool


@dataclass(frozen=True, slots=True)
class Bucket:
    """An S3 bucket: private, encrypted, TLS only. `rebuildable` and `purpose` as of a table.

    Further purposes are `lake` (the data lake) and `faults` (the monitor's). `keep_days` is after how many days an
    object goes that nothing has written since; `archive_days`, after how many it moves to a cheaper storage class.
    """

    asset: Asset
    at: Location
    purpose: Literal["store", "view", "collected", "claims", "lake", "faults"]
    rebuildable: bool
    keep_days: int | None = None
    archive_days: int | None = None


@dataclass(frozen=True, slots=True)
class EventStream:
    """A Kinesis stream that this service deploys. `shards` is None on demand; `retention` in hours."""

    asset: Asset
    at: Location
    shards: int | None
    retention_hours: int
    encryption: str


@dataclass(frozen=True, slots=True)
class Queue:
    """An SQS queue with one for the messages that its receivers give up. `fifo`: ordered, each message once."""

    asset: Asset
    at: Location
    fifo: bool


@dataclass(frozen=True, slots=True)
class Bus:
    """An EventBridge event bus."""

    asset: Asset
    at: Location
