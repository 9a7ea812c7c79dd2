"""What has happened in a live run, as values: what a recording is made from."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict


class RequestDump(TypedDict):
    """A request that a route answered. `route` is as declared (`GET /orders/{id}`); `at` in seconds."""

    service: str
    route: str
    path: dict[str, str]
    query: dict[str, Any]
    body: Any
    status: int
    response: Any
    at: float


class InvocationDump(TypedDict):
    """A function that somebody invoked, and what it gave back; `at` in seconds since the epoch."""

    function: str
    payload: Any
    response: Any
    failed: bool
    at: float


class PutDump(TypedDict):
    """A row that somebody wrote by hand, whole; `at` in seconds since the epoch."""

    place: str
    row: dict[str, Any]
    at: float


class EventDump(TypedDict):
    """An event on a stream, whole; `at` is when it arrived, in seconds since the epoch."""

    stream: str
    event: dict[str, Any]
    at: float


class ExternalDump(TypedDict):
    """A request that an external system was asked, and what it answered."""

    variable: str
    on: str
    body: Any
    status: int
    response: Any


class Dump(TypedDict):
    """What happened in a live run, in order. Rows and objects are those at its end; `before` those at its beginning.

    Rows are without what the runtime keeps in them; without those of micro event stores. `shared` are the routes that
    several services have. `messages` are by queue or bus.
    """

    requests: list[RequestDump]
    events: list[EventDump]
    rows: dict[str, list[dict[str, Any]]]
    objects: NotRequired[dict[str, dict[str, Any]]]
    external: NotRequired[list[ExternalDump]]
    before: NotRequired[dict[str, list[dict[str, Any]]]]
    invocations: NotRequired[list[InvocationDump]]
    puts: NotRequired[list[PutDump]]
    shared: NotRequired[list[str]]
    messages: NotRequired[dict[str, list[Any]]]
