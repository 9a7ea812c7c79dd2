"""A function as the patterns plan it: what runs, when, and what it may touch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct, field

from cncb_compiler.plan.assets import Asset
from cncb_compiler.plan.handlers import Handler
from cncb_compiler.source.location import Location


class Grant(Struct, frozen=True):
    """One thing a function may do to one asset; a target turns it into its own permissions.

    Verbs on tables and buckets: get, put, delete; on tables also update, query, scan, batch (writes of whole rows).
    On search indexes: get, put, query. On streams: publish; on queues and buses: send. What a trigger needs to read its
    source is derived from the trigger. `index` narrows `query`, `prefix` (of object names) what is done to the
    claim-check bucket.
    """

    verb: Literal["get", "put", "update", "delete", "query", "scan", "batch", "publish", "send"]
    asset: Asset
    index: str | None = None
    prefix: str | None = None


class ReadSettings(Struct, frozen=True):
    """How an event source is read (durations in seconds; `max_age` too), and what becomes of bad events."""

    batch_size: int
    window: int
    attempts: int
    max_age: int
    parallelization: int
    starting_position: Literal["TRIM_HORIZON", "LATEST"]
    faults: Literal["publish", "retry"] = "publish"


class StreamTrigger(Struct, frozen=True):
    """The function is called with batches of these event types (sorted; none: of every event) of a stream.

    Its events may be `packed`.
    """

    stream: Asset
    types: tuple[str, ...]
    read: ReadSettings
    packed: bool = False


class TableTrigger(Struct, frozen=True):
    """The function is called with batches of changes of a table of its service: INSERT, MODIFY, REMOVE (sorted)."""

    table: Asset
    operations: tuple[Literal["INSERT", "MODIFY", "REMOVE"], ...]
    read: ReadSettings


class BucketTrigger(Struct, frozen=True):
    """The function is called with word of objects of a bucket of its service that were written or removed."""

    bucket: Asset
    faults: Literal["publish", "retry"]


class RouteTrigger(Struct, frozen=True):
    """The function answers a route of the service's API."""

    method: str
    path: str
    auth: Literal["none", "iam"]
    at: Location


class ScheduleTrigger(Struct, frozen=True):
    """The function is called by the clock: `rate(...)` or `cron(...)`."""

    expression: str


class DeliveryTrigger(Struct, frozen=True):
    """The function is called with batches of all records of a stream, on their way into the data lake."""

    stream: Asset


Trigger = StreamTrigger | TableTrigger | BucketTrigger | RouteTrigger | ScheduleTrigger | DeliveryTrigger


class Settings(Struct, frozen=True):
    """Resolved settings: memory in MB, durations in seconds, `environment` as the user wrote it."""

    runtime: str
    memory: int
    timeout: int
    log_level: str
    log_retention_days: int
    call_timeout: int
    attempts: int
    environment: dict[str, str]
    concurrency: int | None


class FunctionPlan(Struct, frozen=True):
    """One function. `name` is unique in its service; `pattern` and `at` say what asked for it.

    `assets` are those whose names the handler needs in its environment, each under `environment_name(asset)`.
    `faults_to` is the stream that gets a `fault` event for each event that the function cannot handle. `sensitive` are
    the paths that faults must not show, by event type; of a table's changes, by `change`.
    """

    name: str
    pattern: str
    description: str
    at: Location
    settings: Settings
    triggers: tuple[Trigger, ...]
    grants: tuple[Grant, ...]
    assets: tuple[Asset, ...]
    handler: Handler
    faults_to: Asset | None = None
    sensitive: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def environment_name(asset: Asset) -> str:
    """The environment variable that holds an asset's physical name: table `daily-orders` is `DAILY_ORDERS_TABLE`."""
    words = "".join(f"_{letter}" if letter.isupper() else letter for letter in asset.name)
    return f"{words.replace('-', '_')}_{asset.kind}".upper()
