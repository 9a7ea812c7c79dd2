"""Commands: the write side. Each writes one thing: its own store (database-first) or the stream (event-first)."""

from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, ConfigDict, Field

from cncb_compiler.model.base import MappingNotation, Name, Node, TypeNotation, exactly_one
from cncb_compiler.model.settings import FunctionSettings

_SEGMENT = r"(?:[A-Za-z0-9._-]+|\{[A-Za-z][A-Za-z0-9]*\})"
ROUTE_PATTERN = rf"^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) /(?:{_SEGMENT}(?:/{_SEGMENT})*)?$"


def _one_each(route: str) -> str:
    segments = route.partition("/")[2].split("/")
    for segment in segments:
        if segment in (".", ".."):
            raise ValueError(f"has the segment `{segment}`, which callers take for a folder")
        if segment.startswith("{") and segments.count(segment) > 1:
            raise ValueError(f"names `{segment}` twice")
    return route


Route: TypeAlias = Annotated[str, Field(pattern=ROUTE_PATTERN, max_length=1024), AfterValidator(_one_each)]
"""`METHOD /path/{parameter}`."""

Auth: TypeAlias = Literal["none", "iam"]
"""Who may call a route: anybody, said out loud, or AWS identities that are allowed to."""


class StoreWrite(Node):
    """Exactly one of `write`, `update`, `delete` names the store that a command or reaction writes."""

    write: Name | None = None
    """The store that gets a whole row (or object) from `set`."""
    update: Name | None = None
    """The store of which the row at `key` gets the fields in `set`; the row must exist."""
    delete: Name | None = None
    """The store of which the row at `key` is removed."""
    key: MappingNotation | None = None
    """The row: a mapping of the store's key, or a map of key and sort key. Of a `write` it is part of `set`."""
    set: dict[str, MappingNotation] | None = None
    """The fields that are written."""


class Command(StoreWrite):
    """Something a user or another program asks for. It either writes one store or publishes one event."""

    model_config = ConfigDict(json_schema_extra=exactly_one("write", "update", "delete", "publish"))

    description: str = ""
    """What it does, for whom."""
    route: Route | None = None
    """`METHOD /path/{parameter}` that calls it. Without one it is invoked by name."""
    auth: Auth | None = None
    """Who may call the route. Default: what `api` says; one of both must say it."""
    input: TypeNotation | None = None
    """The type of the request's body."""
    publish: Name | None = None
    """The event that is published (event-first)."""
    with_: dict[str, MappingNotation] | None = Field(default=None, alias="with")
    """The published event's fields. Default: the input's fields of the same names."""
    function: FunctionSettings = Field(default_factory=FunctionSettings)
    """Settings of its function."""
