"""Reactions: what else a consumed event does: to a store, through a hook, or to a system outside."""

from pydantic import ConfigDict, Field

from cncb_compiler.model.base import Flag, MappingNotation, Name, Names, exactly_one
from cncb_compiler.model.command import StoreWrite
from cncb_compiler.model.settings import FunctionSettings, Processing


class Reaction(StoreWrite):
    """On an event, write one store, call one hook, or send one message."""

    model_config = ConfigDict(json_schema_extra=exactly_one("write", "update", "delete", "call", "send"))

    description: str = ""
    """What it is for."""
    on: Names
    """The event type (or types) that triggers it."""
    when: str | None = None
    """JMESPath over the event; done only where it holds."""
    call: MappingNotation | None = None
    """`{hook: module.function}`, called with the event, instead of a write."""
    send: Name | None = None
    """The queue or bus of the service that gets the message in `set`, instead of a write."""
    compensates: Flag = False
    """It undoes an earlier step of the process, because the event says that a later one failed (saga)."""
    processing: Processing = Field(default_factory=Processing)
    """How the stream is read."""
    function: FunctionSettings = Field(default_factory=FunctionSettings)
    """Settings of its function."""
