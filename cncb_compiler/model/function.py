"""Own functions, and the API before them: the escape hatch for logic that a declaration cannot say."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from cncb_compiler.model.base import Name, Names, Node
from cncb_compiler.model.command import Auth, Route
from cncb_compiler.model.settings import FunctionSettings, Processing


class Cors(Node):
    """Which web pages may call the API (Cross-Origin Resource Sharing)."""

    origins: Annotated[tuple[str, ...], Field(min_length=1)]
    """Origins that may call, such as `https://shop.example.com`, or `"*"` alone."""
    headers: tuple[str, ...] = ("authorization", "content-type")
    """Request headers that they may send."""


def _cors(value: Any) -> Any:
    if value is True:
        return {"origins": ["*"]}
    return None if value is False else value


class Api(Node):
    """The HTTP interface of the service: every `route` of its commands, queries and functions."""

    kind: Literal["http", "rest"] = "http"
    """An HTTP API, or a REST API of API Gateway."""
    auth: Auth | None = None
    """Who may call its routes, unless a route says otherwise. There is no default: `none` must be said."""
    cors: Annotated[Cors | None, BeforeValidator(_cors, json_schema_input_type=bool | Cors | None)] = None
    """Which web pages may call; `true` for all. Default: none."""


class Function(Node):
    """A Lambda function whose handler the team writes: `hooks/<service>/<module>.py`."""

    description: str = ""
    """What it does."""
    handler: Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$")]
    """`module.function` in the service's hooks folder, called as `function(event, context)`."""
    route: Route | None = None
    """`METHOD /path/{parameter}` that calls it."""
    auth: Auth | None = None
    """Who may call the route. Default: what `api` says; one of both must say it."""
    on: Names = ()
    """Event types that it listens to; its handler gets each event."""
    schedule: Annotated[str, Field(pattern=r"^(rate|cron)\([A-Za-z0-9 ,*?/#-]+\)$")] | None = None
    """When it runs by itself: `rate(5 minutes)`, `cron(0 8 * * ? *)`."""
    reads: tuple[Name, ...] = ()
    """Stores and views of this service that it may read."""
    writes: Name | None = None
    """The one store of this service that it may write."""
    publishes: Names = ()
    """Event types that it may publish. Instead of `writes`: one function writes one thing."""
    processing: Processing = Field(default_factory=Processing)
    """How the stream is read, where it listens."""
    function: FunctionSettings = Field(default_factory=FunctionSettings)
    """Settings of the function."""
