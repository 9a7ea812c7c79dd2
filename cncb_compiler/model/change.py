"""Changes: change data capture. Which change of a store publishes which event (database-first)."""

from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field

from cncb_compiler.model.base import Flag, MappingNotation, Name, Node, says
from cncb_compiler.model.settings import FunctionSettings, Processing


class Publication(Node):
    """An event that a change publishes."""

    event: Name
    """The event type."""
    when: str | None = None
    """JMESPath over `old` and `new`; published only where it holds."""
    with_: dict[str, MappingNotation] | None = Field(default=None, alias="with")
    """The event's fields, from `old` and `new`. Default: the entity is the row; the rest, fields of the same names."""


def _publications(value: Any) -> Any:
    items = value if isinstance(value, list) else [value]
    return [{"event": item} if isinstance(item, str) else item for item in items]


Publications = Annotated[
    tuple[Publication, ...],
    BeforeValidator(_publications, json_schema_input_type=Name | Publication | list[Name | Publication]),
]


class Change(Node):
    """What the changes of one store publish. A name is short for `{event: NAME}`; a list gives several, by `when`."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [says("insert"), says("modify"), says("remove")]})

    insert: Publications = ()
    """A row that was not there before."""
    modify: Publications = ()
    """A row that is different now."""
    remove: Publications = ()
    """A row that is gone, by command or by its time to live."""
    latch: Flag = False
    """Leave out what a reaction of this service wrote, so that two services keeping one entity do not echo."""
    processing: Processing = Field(default_factory=Processing)
    """How the table's stream is read."""
    function: FunctionSettings = Field(default_factory=FunctionSettings)
    """Settings of its function."""
