"""Buses: events for partners, who choose by rules what they get (Amazon EventBridge)."""

from typing import Annotated

from pydantic import AfterValidator, Field

from cncb_compiler.model.base import Node, TypeNotation

SOURCE_PATTERN = r"^[A-Za-z0-9._/-]+$"
DETAIL_TYPE_PATTERN = r"^[^\x00-\x1f\x7f]+$"


def _not_of_aws(source: str) -> str:
    if source.lower().startswith("aws."):
        raise ValueError("begins with `aws.`, which are the sources of AWS itself")
    return source


class Bus(Node):
    """An event bus of the service, for systems outside that add rules to it."""

    of: TypeNotation
    """The type of `detail`: what an event on the bus says."""
    source: Annotated[str, Field(pattern=SOURCE_PATTERN, max_length=256), AfterValidator(_not_of_aws)] | None = None
    """The `source` of its events. Default: `SYSTEM.SERVICE`."""
    detail_type: Annotated[str, Field(pattern=DETAIL_TYPE_PATTERN, max_length=128)] | None = None
    """The `detail-type` of its events. Default: the type of the event that is sent on."""
    description: str = ""
    """What its events are for, and who listens."""
