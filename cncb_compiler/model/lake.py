"""The data lake: every event of every stream, kept for ever (book: "Creating a data lake")."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from cncb_compiler.model.base import Duration, Flag, Integer, Names, Node, seconds

DAY = 24 * 3600
LONGEST_BUFFER_SECONDS = 900
"""The longest that Firehose gathers an object (Amazon Data Firehose: BufferingHints)."""


def _buffered(duration: str) -> str:
    if seconds(duration) > LONGEST_BUFFER_SECONDS:
        raise ValueError("is longer than `900s`, the longest that Firehose waits for an object to fill")
    return duration


def whole_days(duration: str) -> str:
    """The duration, which is whole days. Raises ValueError."""
    if seconds(duration) % DAY:
        raise ValueError("is not a whole number of days")
    return duration


class Buffer(Node):
    """How much is gathered before it is written as one object; what is reached first counts."""

    time: Annotated[Duration, AfterValidator(_buffered)] = "300s"
    """How long an object is gathered: `900s` at most."""
    size: Annotated[Integer, Field(ge=1, le=128)] = 64
    """How many MB an object gathers before it is compressed."""


class Lake(Node):
    """What a service of kind `data-lake` keeps. With nothing said: every record of every stream, for ever."""

    streams: Names | None = None
    """The event streams that are kept. Default: all of the system."""
    buffer: Buffer = Field(default_factory=Buffer)
    """How much is gathered before it is written."""
    archive: Annotated[Duration, AfterValidator(whole_days)] | Literal["never"] = "90d"
    """After how long objects move to a cheaper storage class, from which they are still read at once; or `never`."""
    index: Flag = False
    """Whether each event can also be searched, in an index for each day."""
