"""What a mapping may refer to."""

from __future__ import annotations

from msgspec import Struct

from cncb_compiler.schema.types import Record


class Scope(Struct, frozen=True):
    """The value that a mapping's expressions are evaluated against.

    `root` is its type. `variable` is the Python name that the generated function receives it under, and the word
    used in messages (`event`, `command`, `change`, `row`, `request`, `events`). `origin` names it in lineage
    (`event:order-submitted`, `store:order-bff.orders`). `seed` is a Python expression for a string that is the
    same on each retry: `uuid()` derives from it, or is random where it is None (a command).
    """

    root: Record
    variable: str
    origin: str
    seed: str | None = None
