"""What the runner needs of a running system; `live` gives it of the local machine, unit tests give a fake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from cncb_compiler.graph.system import LinkedOutlet, LinkedStore
from cncb_compiler.operate.names import FunctionName, Route


class NotSettledError(Exception):
    """The bound of waiting is over; `busy` says what still goes on."""

    def __init__(self, busy: Sequence[str]) -> None:
        super().__init__("; ".join(busy))
        self.busy = tuple(busy)


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """A record as a stream gave it, in order of arrival; `arrived` in seconds since the epoch."""

    stream: str
    key: str
    data: bytes
    arrived: float = 0.0


@dataclass(frozen=True, slots=True)
class Response:
    """What a route answered. `body` is the JSON value, or the text where it is none; None where it is empty."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None


@dataclass(frozen=True, slots=True)
class Invoked:
    """What a function gave back; `failed`: it ended with an error, which is the payload."""

    payload: Any
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that an external system got. `answered`: the scenario said what to answer."""

    variable: str
    on: str
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    answered: bool = True


@dataclass(frozen=True, slots=True)
class Called:
    """How often an operation was called in all, and in the busiest second."""

    times: int
    busiest: int


@dataclass(frozen=True, slots=True)
class Stub:
    """An answer of an external system, its references replaced."""

    on: str
    status: int
    body: Any
    headers: Mapping[str, str]
    when: Any
    times: int | None


@dataclass(frozen=True, slots=True)
class Invocation:
    """A finished invocation, for coverage."""

    function: FunctionName
    payload: Any
    failed: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """What has become of trouble that was asked for: how often it happened, and what there was of its kind."""

    times: int
    there: str


class World(Protocol):
    """A deployed system that a scenario drives and looks at."""

    def reset(self) -> None:
        """Empty tables, buckets and queues; forget answers and switches; consumers begin at the end."""

    def put_rows(self, store: LinkedStore, rows: Sequence[Mapping[str, Any]], *, quiet: bool) -> None:
        """Write whole rows; `quiet`: nobody who reads the table's changes is to see them."""

    def remove_row(self, store: LinkedStore, key: Mapping[str, Any]) -> None:
        """Remove a row."""

    def put_object(self, store: LinkedStore, key: str, content: Any, *, quiet: bool) -> None:
        """Write an object: JSON, or a text."""

    def publish(self, stream: str, records: Sequence[tuple[str, bytes]]) -> None:
        """Put records, each with its partition key, on a stream, in order."""

    def call(
        self, route: Route, path: str, query: Mapping[str, Any], headers: Mapping[str, str], body: Any
    ) -> Response:
        """Call a route; `path` with its parameters filled in. Signed where the route asks for it."""

    def fetch(self, url: str) -> Response:
        """What is at a URL, asked for without a signature."""

    def invoke(self, function: FunctionName, payload: Any) -> Invoked:
        """Invoke a function and wait for its end."""

    def replay(self, function: FunctionName, types: Sequence[str]) -> Mapping[str, int]:
        """Replay the data lake to a function; how many events were `handled`, `faulted`, and `failed`."""

    def resubmit(self, function: FunctionName) -> Mapping[str, int]:
        """Resubmit a function's faults; how many were `handled`, `faulted`, and `failed`."""

    def expire(self, store: LinkedStore, keys: Sequence[Mapping[str, Any]]) -> None:
        """Remove rows as DynamoDB's time to live does."""

    def settle(self, seconds: float) -> None:
        """Wait until nothing goes on. Raises NotSettledError after so many seconds."""

    def rows(self, store: LinkedStore) -> list[dict[str, Any]]:
        """All rows of a table with everything that is stored in them."""

    def objects(self, store: LinkedStore) -> dict[str, Any]:
        """All objects of a bucket by key: JSON values, or texts; without the runtime's own."""

    def records(self) -> list[StreamRecord]:
        """Everything that came on the streams since the last reset, in order of arrival."""

    def metrics(self) -> dict[str, dict[str, Any]]:
        """The metrics that functions told since the last reset: `metrics.metrics_of`."""

    def lake(self, stream: str) -> list[bytes]:
        """What the data lake has kept of a stream since the last reset; each record once."""

    def searched(self, words: str) -> list[dict[str, Any]]:
        """The events that the data lake's index finds by words."""

    def monitored(self) -> list[dict[str, Any]]:
        """The faults that the monitor has kept since the last reset."""

    def called(self) -> dict[str, dict[str, Called]]:
        """The calls of AWS that functions made since the last reset, by function and operation."""

    def failed(self, service: str) -> list[Any]:
        """The messages in a service's failure queue, decoded."""

    def sent(self, outlet: LinkedOutlet) -> list[Any]:
        """The messages that were sent to a queue or bus since the last reset, decoded."""

    def answer(self, variable: str, stubs: Sequence[Stub]) -> None:
        """What an external system answers from now on."""

    def asked(self) -> list[Asked]:
        """What external systems were asked since the last reset."""

    def duplicate(self, function: FunctionName, times: int | None) -> None:
        """Deliver batches to a function twice."""

    def shuffle(self, function: FunctionName, seed: int, times: int | None) -> None:
        """Deliver the records of batches to a function in another order."""

    def kill(self, function: FunctionName, after_calls: int, times: int) -> None:
        """Let a function die after some of its calls to AWS."""

    def throttle(self, resource: LinkedStore | str, times: int) -> None:
        """Refuse requests to a table, or to the stream of that name."""

    def effect(self, kind: str, of: FunctionName | LinkedStore | str) -> Effect:
        """What has become of a switch (`kind`: its method's name) of a function, a table, or a stream's name."""

    def calm(self) -> None:
        """End all trouble that was asked for."""

    def restart_sources(self) -> None:
        """Stop all consumers and start them again from where they were."""

    def invocations(self) -> list[Invocation]:
        """What was invoked since the last reset."""

    def trace(self, event_ids: Sequence[str]) -> str:
        """The trees that events caused, as text."""
