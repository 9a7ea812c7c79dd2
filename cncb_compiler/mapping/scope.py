"""What a mapping may refer to."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from cncb_compiler.schema.merge import merged_record
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


def merged_scope(scopes: Sequence[Scope]) -> Scope:
    """One scope that holds whichever of several it is: what not all of them have is optional."""
    first = scopes[0]
    if len(scopes) == 1:
        return first
    return Scope(merged_record([scope.root for scope in scopes]), first.variable, first.origin, first.seed)
