"""Deployed APIs as values: what both kinds, HTTP API and REST API, have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cncb_compiler.local.front.mock import Mock
from cncb_compiler.local.front.server import Answer, Request
from cncb_compiler.local.front.signing import Caller

PAYLOAD_BYTES = 10_485_760
"""The largest body of a request (Amazon API Gateway quotas: payload size, 10 MB)."""


class Invocation(Protocol):
    """What an invoked function gave. `error` is None where it answered; `payload` is what it gave either way."""

    @property
    def error(self) -> str | None:
        """What failed, or None."""

    @property
    def payload(self) -> bytes:
        """The function's answer, or the error as Lambda writes it."""


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda proxy integration. `payload` is its payload format; `seconds` is how long it may take."""

    name: str
    payload: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Route:
    """A method and path that is answered. `path` has its {parameters}; it is None for the default route."""

    method: str
    path: str | None
    integration: Function | Mock
    signed: bool = False
    resource_id: str = ""

    @property
    def key(self) -> str:
        """The route's key, as in `GET /orders/{id}`."""
        return "$default" if self.path is None else f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of an API with its stage variables."""

    name: str
    variables: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request at an API. `path` is the part behind the API's prefix, as sent; `at` is in UTC."""

    request: Request
    path: str
    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Gate:
    """How an API reaches its surroundings.

    `invoke` gives None where the function took longer than it may. `verify` gives who signed a request, and
    raises SignatureError.
    """

    invoke: Callable[[Function, bytes], Invocation | None]
    verify: Callable[[Request], Caller]


class Api(Protocol):
    """A deployed API."""

    @property
    def id(self) -> str:
        """Its id, as in `a1b2c3d4e5`."""

    @property
    def base(self) -> str:
        """What comes between the API's address and the paths of its routes: empty, or `/<stage name>`."""

    def answer(self, arrival: Arrival, gate: Gate) -> Answer:
        """Answer a request as API Gateway does."""

    def too_large(self, arrival: Arrival) -> Answer:
        """Answer a request whose body passes PAYLOAD_BYTES."""
