"""Queries: the read side, over a view or store of the same service."""

from typing import Annotated

from pydantic import Field

from cncb_compiler.model.base import FieldName, FieldPaths, Integer, MappingNotation, Name, Node, TypeNotation
from cncb_compiler.model.command import Auth, Route
from cncb_compiler.model.settings import FunctionSettings


class Search(Node):
    """How the rows of a search index are found. What is not named here cannot be asked for."""

    text: FieldPaths = ()
    """Fields in which the words of the parameter `q` are looked for, each of them in any of the fields."""
    filters: FieldPaths = ()
    """Fields that the caller may filter by: the parameter of that name, in the path or the query, is the value."""
    sort: FieldPaths = ()
    """Fields that the caller may sort by: `sort=price`, `sort=-price` for the highest first. Default: best first."""


class Query(Node):
    """A read of one view or store, by its key or an index.

    With the whole key it answers one row, or 404. With the partition key alone it answers a page
    `{items, cursor}`; the opaque cursor is sent back as the query parameter `cursor`.
    """

    description: str = ""
    """What it answers."""
    route: Route | None = None
    """`METHOD /path/{parameter}` that calls it. Without one it is invoked by name."""
    auth: Auth | None = None
    """Who may call the route. Default: what `api` says; one of both must say it."""
    from_: Name = Field(alias="from")
    """The view or store of this service that it reads."""
    index: Name | None = None
    """The index it reads by."""
    key: MappingNotation | None = None
    """The key, over `path` and `query` (without a route: `input`): one mapping, or a map. Without it, all rows."""
    fields: dict[FieldName, MappingNotation] | None = None
    """The response's fields, from the row's. Default: all of the row."""
    response: TypeNotation | None = None
    """The type that the response promises; each required field must be filled."""
    search: Search | None = None
    """Search instead of a read by key: of a view of the kind `opensearch`, or of an s3 view with `index`."""
    limit: Annotated[Integer, Field(ge=1, le=1000)] = 25
    """The most rows of a page; the caller may ask for fewer with the query parameter `limit`."""
    function: FunctionSettings = Field(default_factory=FunctionSettings)
    """Settings of its function."""
