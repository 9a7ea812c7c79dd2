"""Places as people read them: `services/orders.yaml:12`."""

from __future__ import annotations

from typing import NamedTuple

from cncb_compiler.compare.change import Affected, Change, SideName
from cncb_compiler.compare.compare import Differences
from cncb_compiler.source.location import Location


class Shown(NamedTuple):
    """A place in a file; `line` is None where the text of that revision is not at hand."""

    file: str
    line: int | None
    side: SideName

    def __str__(self) -> str:
        """`file:line`, and that it is of the revision before, where it is."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place} (before)" if self.side == "before" else place


def shown(differences: Differences, side: SideName, at: Location) -> Shown:
    """A location of one of the two sides."""
    sources = (differences.before if side == "before" else differences.after).sources
    line = sources.range(at.key()).line if sources.index(at.file) is not None else None
    return Shown(sources.shown(at.file), line, side)


def of_change(differences: Differences, change: Change) -> tuple[Shown, ...]:
    """Where a change stands: after, else before."""
    if change.after is not None:
        return (shown(differences, "after", change.after),)
    return (shown(differences, "before", change.before),) if change.before is not None else ()


def of_affected(differences: Differences, one: Affected) -> Shown:
    """Where somebody who is affected is declared."""
    return shown(differences, one.side, one.at)
