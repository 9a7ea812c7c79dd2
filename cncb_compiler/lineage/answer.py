"""The answer about one field."""

from __future__ import annotations

from dataclasses import dataclass

from cncb_compiler.compare.change import Affected
from cncb_compiler.compare.readers import Readers
from cncb_compiler.compare.side import Side
from cncb_compiler.lineage.fields import Known, asked, known_fields
from cncb_compiler.lineage.walk import Step, Ways


@dataclass(frozen=True, slots=True)
class Answer:
    """A field, its ways, and the declarations that would break if it were gone, renamed or of another type.

    `origin` says where a field comes from that nothing in the system fills.
    """

    field: Known
    origin: str
    sources: tuple[Step, ...]
    targets: tuple[Step, ...]
    broken: tuple[Affected, ...]


def answers(side: Side, text: str) -> list[Answer]:
    """What is known of the fields that a text names. Raises NoFieldError."""
    known = known_fields(side.system)
    readers = Readers(side, "after")
    ways = Ways(side.system, readers, known)
    found = []
    for field in asked(text, known):
        sources = ways.back(field.name)
        origin = "" if sources else _outside(side, field.name)
        broken = readers.affected(*field.name.split("#", 1))
        found.append(Answer(field, origin, sources, ways.on(field.name), broken))
    return found


def _outside(side: Side, field: str) -> str:
    """Where a field comes from that no mapping fills."""
    kind, _, name = field.partition("#")[0].partition(":")
    if kind == "command":
        return "whoever calls the command"
    if kind == "event":
        if side.system.events[name].decl.external:
            return "outside of the system: the event is external"
        if side.system.publishing_functions.get(name):
            return "a function of the team's own"
    return "no mapping: a constant, a generated value, or nothing"
