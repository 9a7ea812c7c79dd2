"""A service as the patterns plan it: everything that its stack will hold, still free of any cloud's words."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct, field

from cncb_compiler.model.function import Cors
from cncb_compiler.model.search_domain import SearchDomain
from cncb_compiler.plan.assets import Asset, Bucket, Bus, EventStream, Queue, SearchIndex, Table
from cncb_compiler.plan.function import FunctionPlan
from cncb_compiler.source.location import Location


class Api(Struct, frozen=True):
    """The HTTP interface of a service; its routes are the functions' `RouteTrigger`s."""

    kind: Literal["http", "rest"]
    cors: Cors | None
    at: Location


class Delivery(Struct, frozen=True):
    """A stream's records on their way into a bucket: what reads the stream, calls `function`, and writes objects.

    `name` is unique in the service. An object is written after `seconds`, or when it has gathered `megabytes`.
    """

    name: str
    at: Location
    stream: Asset
    bucket: Asset
    function: str
    seconds: int
    megabytes: int


class FaultAlarm(Struct, frozen=True):
    """An alarm that is raised when a service has so many `faults` within `period` seconds; `topic` is told."""

    service: str
    at: Location
    faults: int
    period: int
    topic: str | None


class ServicePlan(Struct, frozen=True):
    """One stack. `resources` and `overrides` are the user's raw CloudFormation, with the service's place `at`.

    `stream_keys` gives, by name, the KMS key of each stream that the service's functions use (alias or ARN), so that
    they may use it. A stream that is missing has the key that AWS manages, which needs no permission.
    """

    system: str
    service: str
    kind: str
    owner: str
    description: str
    at: Location
    stages: tuple[str, ...]
    tags: dict[str, str]
    streams: tuple[EventStream, ...]
    tables: tuple[Table, ...]
    buckets: tuple[Bucket, ...]
    functions: tuple[FunctionPlan, ...]
    api: Api | None
    resources: dict[str, dict[str, Any]]
    overrides: dict[str, dict[str, Any]]
    stream_keys: dict[str, str] = field(default_factory=dict)
    deliveries: tuple[Delivery, ...] = ()
    alarms: tuple[FaultAlarm, ...] = ()
    indexes: tuple[SearchIndex, ...] = ()
    search_domain: SearchDomain = field(default_factory=SearchDomain)
    queues: tuple[Queue, ...] = ()
    buses: tuple[Bus, ...] = ()
