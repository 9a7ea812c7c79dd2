"""Stores: what a service alone owns."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from cncb_compiler.model.base import FieldName, IndexName, Integer, Node, TypeNotation


class Throughput(Node):
    """Provisioned capacity of a table, in units a second."""

    read: Annotated[Integer, Field(ge=1, le=1_000_000)]
    """Read capacity units."""
    write: Annotated[Integer, Field(ge=1, le=1_000_000)]
    """Write capacity units."""


Capacity: TypeAlias = Literal["on-demand"] | Throughput


class Index(Node):
    """A global secondary index: another key to query by."""

    key: FieldName
    """The field that is its partition key."""
    sort_key: FieldName | None = None
    """The field that orders it."""
    projection: Literal["all", "keys"] = "all"
    """What the index holds of each row."""


class Store(Node):
    """A table (`dynamodb`) or bucket (`s3`) of the service."""

    kind: Literal["dynamodb", "s3"] = "dynamodb"
    """What holds it."""
    of: TypeNotation
    """The type of a row or object."""
    key: FieldName = "id"
    """The field that is the partition key; of an s3 store, the object's name."""
    sort_key: FieldName | None = None
    """The field that orders rows of one key."""
    indexes: dict[IndexName, Index] = Field(default_factory=dict)
    """Further keys to query by."""
    ttl: FieldName | None = None
    """The field that holds the second (epoch) at which a row may be removed."""
    capacity: Capacity = "on-demand"
    """Pay per request, or provisioned units."""
    description: str = ""
    """What it holds."""
