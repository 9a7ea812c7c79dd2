"""Events: the closed vocabulary of what is said between services."""

from typing import Literal

from pydantic import Field

from cncb_compiler.model.base import FieldName, Flag, Name, Names, Node, TypeNotation

ENVELOPE = ("id", "type", "timestamp", "partitionKey", "tags")
"""The fields that every event has; reserved (book: "Creating an event stream and publishing an event")."""


class Event(Node):
    """A type of event. The envelope `id, type, timestamp, partitionKey, tags` is implied."""

    description: str = ""
    """What has happened when this event is published."""
    entity: FieldName | None = None
    """The domain entity it is about; a field of `with` by this name carries it."""
    with_: TypeNotation | None = Field(default=None, alias="with")
    """The fields beside the envelope: a record, or JSON Schema of an object."""
    context: Flag = False
    """It carries the opaque context of the process that it belongs to, as the field `context`."""
    stream: Name | None = None
    """The stream that it travels on. Default: the only one."""
    partition_key: str | None = None
    """JMESPath over the event; events of one key stay in order. Default: the entity's `id`, else the trigger's."""
    owner: Names = ()
    """The service that may publish it; several where they author the entity together. Default: whoever publishes it."""
    stability: Literal["stable", "experimental", "deprecated"] = "stable"
    """What its consumers may rely on."""
    external: Flag = False
    """It is published by somebody outside the system."""
