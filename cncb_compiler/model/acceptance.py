"""Acceptances: changes that are known to break something, and wanted nevertheless, until a day."""

from typing import Annotated

from pydantic import Field

from cncb_compiler.model.base import OWNER_PATTERN, Day, Node

CHANGE_PATTERN = r"^(DIFF[0-9]{3}|[a-z]+(-[a-z]+)+)$"
SUBJECT_PATTERN = r"^[a-z]+(:[A-Za-z0-9_.*?/-]+(#[A-Za-z0-9_.*?\[\]-]+)?)?$"


class Acceptance(Node):
    """A change that `cncb diff` is to take as safe: somebody has looked at it, and says why."""

    change: Annotated[str, Field(pattern=CHANGE_PATTERN, max_length=64)]
    """The kind of change, by code or name: `DIFF101`, `field-removed`. `cncb rules` lists them."""
    of: Annotated[str, Field(pattern=SUBJECT_PATTERN, max_length=512)]
    """Of what, as `cncb diff` names it: `event:order-submitted#order.sku`; `*` stands for any text."""
    reason: Annotated[str, Field(pattern=OWNER_PATTERN, max_length=512)]
    """Why it is acceptable."""
    until: Day
    """The last day on which it is, `2026-12-31`: by the date of the commit, not of the clock."""
