"""Differences as text, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from cncb_compiler.compare.change import Change, Level
from cncb_compiler.compare.compare import Differences
from cncb_compiler.compare.render.groups import counted, groups
from cncb_compiler.compare.render.places import of_affected, of_change
from cncb_compiler.diagnostics.render.excerpt import visible

SHOWN = 12
"""The most that are listed of those whom one change affects."""

_COLORS = {Level.BREAKING: "\033[31;1m", Level.RISKY: "\033[33;1m", Level.SAFE: "\033[32;1m"}
_RESET = "\033[0m"


def render(differences: Differences, *, color: bool = False) -> str:
    """The differences of one system: the worst first, grouped by who is affected, each with its places."""
    return "".join(f"{line}\n" for line in _lines(differences, color))


def _lines(differences: Differences, color: bool) -> Iterator[str]:
    name = differences.system
    yield f"{name}: {visible(differences.after.label)} against {visible(differences.before.label)}"
    for group in groups(differences):
        yield ""
        level = str(group.level).upper()
        head = f"{_COLORS[group.level]}{level}{_RESET}" if color else level
        yield f"{head} for {', '.join(group.services)}" if group.services else head
        for change in group.changes:
            yield from _change(differences, change)
    if differences.changes:
        yield ""
    yield from (f"note: {visible(note)}" for note in differences.notes)
    yield f"{name}: {counted(differences)}"


def _change(differences: Differences, change: Change) -> Iterator[str]:
    places = ", ".join(str(place) for place in of_change(differences, change))
    yield f"  {change.code} {change.slug}: {visible(change.message)}" + (f"  [{visible(places)}]" if places else "")
    if change.exempt:
        yield f"    {change.judged}, but exempt: {visible(change.exempt)}"
    if change.accepted:
        yield f"    {change.judged}, but accepted: {visible(change.accepted)}"
    for one in change.incompatible:
        yield f"    {one.direction}: {visible(one.why)}"
    for hit in change.affected[:SHOWN]:
        through = f", through {hit.through}" if hit.through else ""
        yield f"    affects {hit.node}: {hit.why}{through}  [{visible(str(of_affected(differences, hit)))}]"
    if len(change.affected) > SHOWN:
        yield f"    affects {len(change.affected) - SHOWN} more; `--format json` lists all"
    if change.mend and change.level is not Level.SAFE:
        yield f"    mend: {visible(change.mend)}"
