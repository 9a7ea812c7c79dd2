"""Transitions: event orchestration. On one event emit another, its context carried along."""

from pydantic import ConfigDict, Field

from cncb_compiler.model.base import Duration, MappingNotation, Name, Names, Node, exactly_one, says


class Transition(Node):
    """A step of a business process. `on` fires for each of its events; `join` once all of them have come."""

    model_config = ConfigDict(json_schema_extra={**exactly_one("on", "join"), "if": says("join"), "then": says("by")})

    on: Names = ()
    """The event type (or types) that triggers it."""
    join: Names = ()
    """The event types of parallel flows that must all have come. Instead of `on`."""
    by: MappingNotation | None = None
    """The correlation key of a `join`: JMESPath over each event, or a map from event type to one."""
    keep: Duration = "30d"
    """How long a `join` waits for its last event."""
    when: str | None = None
    """JMESPath over the event (of a `join`, over the events by type); emitted only where it holds."""
    emit: Name
    """The event type that is published."""
    with_: dict[str, MappingNotation] | None = Field(default=None, alias="with")
    """The emitted event's fields. Default: the trigger's fields of the same names."""
    description: str = ""
    """What this step of the process means."""
