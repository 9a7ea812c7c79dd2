"""What carries typed fields from one revision to the other: events, rows, requests, responses, messages.

Which direction counts depends on the carrier. Events are read in both: old ones stay in the lake and the stream, and
consumers of the old revision get new ones until they are deployed too. Old rows are read by new code. Old callers send
old requests, and read new responses. Receivers outside read new messages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from cncb_compiler.compare.change import Affected, Change, ChangeRule, Incompatible, Level
from cncb_compiler.compare.fields import FieldDifference
from cncb_compiler.compare.places import field_place
from cncb_compiler.compare.readers import Readers
from cncb_compiler.compare.side import Side
from cncb_compiler.schema.types import Record
from cncb_compiler.source.location import Location

CarrierKind = Literal["event", "store", "view", "request", "response", "message"]

READ_OUTSIDE: tuple[CarrierKind, ...] = ("response", "message")
"""Only ever read by those outside, never again by the system."""


class Declaration(NamedTuple):
    """Where a carrier's fields are declared, and the notation that stands there."""

    raw: Any
    at: Location


@dataclass(frozen=True, slots=True)
class Carrier:
    """One carrier on both sides. `old_origin` and `new_origin` name it in lineage; `noun` in messages."""

    kind: CarrierKind
    noun: str
    old_origin: str
    new_origin: str
    old: Record
    new: Record
    old_declared: Declaration
    new_declared: Declaration
    callers: tuple[Affected, ...] = ()


@dataclass(frozen=True, slots=True)
class CarriedDifference:
    """A field that differs, in the carrier that has it."""

    carrier: Carrier
    field: FieldDifference

    @property
    def subject(self) -> str:
        """The field as lineage names it; by its new name where it has one."""
        path = self.field.path if self.field.new is None else self.field.new_path
        return f"{self.carrier.new_origin if self.field.new is not None else self.carrier.old_origin}#{path}"


@dataclass(frozen=True, slots=True)
class Judge:
    """Says of a carried difference how bad it is, in which direction, and who is hit."""

    before: Side
    after: Side
    readers_before: Readers
    readers_after: Readers

    def change(self, rule: ChangeRule, one: CarriedDifference, message: str, *, least: Level = Level.SAFE) -> Change:
        """The change that a difference is. `least` is its level where both directions hold."""
        carrier, field = one.carrier, one.field
        incompatible = tuple(self._incompatible(carrier, field))
        affected = self._affected(carrier, field, incompatible)
        level = least
        if incompatible:
            hit = affected or carrier.callers
            level = Level.RISKY if carrier.kind == "view" or not hit else Level.BREAKING
        before = None if field.old is None else self._place(self.before, carrier.old_declared, field.path)
        after = None if field.new is None else self._place(self.after, carrier.new_declared, field.new_path)
        return rule(
            level,
            one.subject,
            f"{carrier.noun}: {message}",
            before=before,
            after=after,
            affected=affected,
            incompatible=incompatible,
            mend=_mend(carrier, field, incompatible),
        )

    def _incompatible(self, carrier: Carrier, field: FieldDifference) -> Iterable[Incompatible]:
        if field.backward and carrier.kind not in READ_OUTSIDE:
            yield Incompatible("backward", field.backward)
        if field.forward and carrier.kind in ("event", *READ_OUTSIDE):
            yield Incompatible("forward", field.forward)

    def _affected(
        self, carrier: Carrier, field: FieldDifference, incompatible: tuple[Incompatible, ...]
    ) -> tuple[Affected, ...]:
        directions = {one.direction for one in incompatible}
        if carrier.callers:
            return carrier.callers if directions else ()
        found: dict[str, Affected] = {}
        if "forward" in directions:
            found |= {one.node: one for one in self.readers_before.affected(carrier.old_origin, field.path)}
        if "backward" in directions:
            found |= {one.node: one for one in self.readers_after.affected(carrier.new_origin, field.new_path)}
        return tuple(sorted(found.values()))

    @staticmethod
    def _place(side: Side, declared: Declaration, path: str) -> Location:
        return field_place(side.system, declared.raw, declared.at, path)


def _mend(carrier: Carrier, field: FieldDifference, incompatible: tuple[Incompatible, ...]) -> str:
    if not incompatible:
        return ""
    directions = {one.direction for one in incompatible}
    if carrier.kind == "view":
        return "Rebuild the view once this is deployed; until then its rows are as they were."
    if field.kind == "added" and "backward" in directions:
        return "Make it optional (`?`): what was written before has it not."
    if field.kind in ("removed", "renamed") and carrier.kind in ("event", *READ_OUTSIDE):
        return "Keep the old field beside the new one until nobody reads it, and remove it then."
    if carrier.kind == "event":
        return "Add a new field, or a new event type, beside this one; move the consumers; remove the old one last."
    if carrier.kind == "request":
        return "Accept what callers send today too, or give the new form a route of its own."
    if carrier.kind == "response":
        return "Add a field beside it, or give the new form a route of its own."
    if carrier.kind == "message":
        return "Add a field beside it, or send the new form to a queue or bus of its own."
    return "Rewrite the rows that are there, or let the type allow what they hold."
