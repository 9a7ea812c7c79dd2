"""Views: materialized views, kept from events so that queries need no other service (CQRS)."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from cncb_compiler.model.base import (
    Duration,
    FieldName,
    FieldNames,
    Flag,
    IndexName,
    Integer,
    MappingNotation,
    Name,
    Names,
    Node,
    as_tuple,
    distinct,
    exactly_one,
    kind_of,
)
from cncb_compiler.model.settings import FunctionSettings, Processing
from cncb_compiler.model.store import Capacity, Index

CACHE_CONTROL_PATTERN = r"^[A-Za-z0-9=, -]{1,128}$"


class Projection(Node):
    """What one event type does to the view. What is left out is the view's own `key` and `fields`."""

    key: MappingNotation | None = None
    """The row, where this event names it differently."""
    fields: dict[FieldName, MappingNotation] | None = None
    """The fields that this event sets."""
    when: str | None = None
    """JMESPath over the event; applied only where it holds."""
    delete: Flag = False
    """The event removes the row."""


def _projections(value: Any) -> Any:
    if isinstance(value, (str, list)):
        names = as_tuple(value)
        for name in names:
            if not isinstance(name, str):
                raise ValueError(f"lists {kind_of(name)} where the name of an event type belongs")
        return {name: {} for name in distinct(tuple(names))}
    if isinstance(value, dict):
        return {name: {} if item is None else item for name, item in value.items()}
    return value


class Collect(Node):
    """A micro event store: events of interest kept per correlation key, evaluated together."""

    on: Names
    """The event types that are kept."""
    by: MappingNotation
    """The correlation key: JMESPath over the event, or a map from event type to one where they differ."""
    keep: Duration | None = None
    """How long they are kept; events older than that are not collected. Default: for ever."""


class View(Node):
    """A materialized view, kept from events: rows (`dynamodb`), documents (`opensearch`) or JSON objects (`s3`)."""

    model_config = ConfigDict(json_schema_extra=exactly_one("on", "collect"))

    description: str = ""
    """What question it answers."""
    kind: Literal["dynamodb", "opensearch", "s3"] = "dynamodb"
    """What holds it."""
    on: Annotated[
        dict[Name, Projection],
        BeforeValidator(_projections, json_schema_input_type=Name | list[Name] | dict[Name, Projection | None]),
    ] = Field(default_factory=dict)
    """The event types it is kept from: a name, a list, or a map to what each one does."""
    collect: Collect | None = None
    """Compute each row from several events, kept in a micro event store. Instead of `on`."""
    evaluate: MappingNotation | None = None
    """`{hook: module.function}` that computes the row from the collected events. Instead of `fields`."""
    key: MappingNotation | None = None
    """The row: JMESPath over the event, or a map of key and sort key."""
    fields: dict[FieldName, MappingNotation] = Field(default_factory=dict)
    """The row's fields. Of collected events: `count(EVENT)`, `sum(EVENT, X)`, `min`, `max`, `avg`, `first`, `last`."""
    indexes: dict[IndexName, Index] = Field(default_factory=dict)
    """Further keys to query by."""
    index: FieldNames = ()
    """Fields of an s3 view's objects by which queries search them: each object is also indexed, once it is written."""
    keep: Duration | None = None
    """Remove a row this long after its last event. Default: never."""
    generation: Annotated[Integer, Field(ge=1, le=9999)] = 1
    """Which copy of a view with `on` it is. `cncb rebuild` fills the next one, and counts this up when it switches."""
    cache_control: Annotated[str, Field(pattern=CACHE_CONTROL_PATTERN)] = "max-age=5"
    """The Cache-Control header of an s3 view's objects."""
    capacity: Capacity = "on-demand"
    """Pay per request, or provisioned units."""
    processing: Processing = Field(default_factory=Processing)
    """How the stream is read."""
    function: FunctionSettings = Field(default_factory=FunctionSettings)
    """Settings of its functions."""
