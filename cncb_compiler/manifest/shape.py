"""The shape of `manifest.json`. `cncb schema --manifest` prints it as JSON Schema."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict

VERSION: Literal[1] = 1
"""Raised when a reader of an older manifest would misread a newer one."""


class Stage(TypedDict):
    """Where the system is deployed."""

    account: str
    regions: list[str]


class Stream(TypedDict):
    """An event stream."""

    kind: str
    declared: bool
    at: str


class Event(TypedDict):
    """An event type: its JSON Schema (envelope included), who publishes it, who reads it."""

    at: str
    description: str
    entity: str | None
    stream: str
    stability: Literal["stable", "experimental", "deprecated"]
    external: bool
    context: bool
    schema: dict[str, Any]
    publishers: list[str]
    consumers: list[str]


class Store(TypedDict):
    """A table, bucket or search index: of a store, a view, a micro event store, or of an s3 view's objects."""

    at: str
    purpose: Literal["store", "view", "collected", "index"]
    kind: Literal["dynamodb", "opensearch", "s3"]
    key: list[str]
    schema: dict[str, Any]


class Function(TypedDict):
    """A function: the pattern that made it, what triggers it."""

    at: str
    pattern: str
    logicalId: str
    triggers: list[str]


class Service(TypedDict):
    """A service and what its stack holds."""

    kind: str
    owner: str
    description: str
    at: str
    stores: dict[str, Store]
    functions: dict[str, Function]
    routes: dict[str, str]


class Edge(TypedDict):
    """An edge of the graph between two nodes `kind:name`."""

    kind: str
    source: str
    target: str


class Manifest(TypedDict):
    """The linked system. Places (`at`) are `file#/path/to/key`. `lineage` pairs a target field with its source.

    `declared` is what the system's files say, by file: all that is needed to understand the system again, as when a
    later revision is compared with this one.
    """

    version: Literal[1]
    system: str
    owner: str
    description: str
    stages: dict[str, Stage]
    streams: dict[str, Stream]
    types: dict[str, dict[str, Any]]
    events: dict[str, Event]
    services: dict[str, Service]
    edges: list[Edge]
    lineage: list[tuple[str, str]]
    declared: dict[str, Any]
