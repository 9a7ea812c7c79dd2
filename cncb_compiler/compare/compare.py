"""The comparison: every change between two sides, judged, exempted or accepted, the worst first."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cncb_compiler.compare import registry
from cncb_compiler.compare.accept import accepted
from cncb_compiler.compare.change import Category, Change, Level
from cncb_compiler.compare.compared import Compared
from cncb_compiler.compare.side import Side

_EXEMPTABLE = (Category.SCHEMA, Category.TOPOLOGY)


@dataclass(frozen=True, slots=True)
class Differences:
    """How one system differs between two revisions. `notes` say what could not be compared, and what is out of date."""

    system: str
    before: Side
    after: Side
    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()

    def owner(self, service: str) -> str:
        """The team that answers for a service, on the side after where it is there; `` where nobody does."""
        for side in (self.after, self.before):
            if service in side.system.services:
                return side.system.services[service].owner
        return ""

    def count(self, level: Level) -> int:
        """How many changes are of a level."""
        return sum(change.level is level for change in self.changes)

    def reaches(self, level: Level) -> bool:
        """Whether any change is at least so bad."""
        return any(change.level.rank <= level.rank for change in self.changes)


def compare(before: Side, after: Side, today: str = "") -> Differences:
    """Compare two revisions of a system. `today` (`2026-01-31`) is the day by which acceptances are over.

    The acceptances are those of the side after.
    """
    compared = Compared(before, after)
    found = [change for finder in registry.finders() for change in finder(compared)]
    judged, notes = accepted(
        (_exempted(change, compared) for change in found), after.system.declared.accepted, today, after.sources
    )
    changes = tuple(sorted(judged, key=_order))
    return Differences(after.system.name, before, after, changes, (*_notes(before, after), *notes))


def _exempted(change: Change, compared: Compared) -> Change:
    """The change, safe where it is about an event that was experimental: nobody was promised anything."""
    kind, _, name = change.subject.partition("#")[0].partition(":")
    if kind != "event" or change.category not in _EXEMPTABLE or change.level is Level.SAFE:
        return change
    old = compared.events.renamed.get(name, name)
    event = compared.before.system.events.get(old)
    if event is None or event.decl.stability != "experimental":
        return change
    return replace(change, level=Level.SAFE, judged=change.level, exempt=f"{old} was `stability: experimental`")


def _order(change: Change) -> tuple[int, int, tuple[str, ...], str, str, str]:
    """The worst first; of one level what touches the most, then by who is touched."""
    return (change.level.rank, -len(change.services), change.services, change.code, change.subject, change.message)


def _notes(before: Side, after: Side) -> tuple[str, ...]:
    return tuple(_note(side) for side in (before, after) if side.wrong)


def _note(side: Side) -> str:
    errors, they, them = ("1 error", "it is", "it") if side.wrong == 1 else (f"{side.wrong} errors", "they are", "them")
    return f"{side.label} has {errors}: what {they} about could not be compared whole. `cncb check` lists {them}."
