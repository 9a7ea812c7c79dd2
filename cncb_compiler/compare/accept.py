"""Acceptances applied: what somebody has looked at and wants counts as safe, until the day that they said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from cncb_compiler.compare.change import Change, Level
from cncb_compiler.model.acceptance import Acceptance
from cncb_compiler.model.declared import Declared
from cncb_compiler.source.sources import Sources


def accepted(
    changes: Iterable[Change], acceptances: Sequence[Declared[Acceptance]], today: str, sources: Sources
) -> tuple[list[Change], list[str]]:
    """The changes, those that are accepted as safe; and what is to be said of the acceptances themselves.

    `today` is a day as `2026-01-31`; `sources` has the places of the acceptances. Of one that is over, nothing is
    accepted.
    """
    used: set[int] = set()
    over: set[int] = set()
    judged = []
    for change in changes:
        matching = [
            index
            for index, one in enumerate(acceptances)
            if change.level is not Level.SAFE and _is_of(change, one.value)
        ]
        valid = [index for index in matching if today <= acceptances[index].value.until]
        over.update(index for index in matching if index not in valid)
        if valid:
            used.update(valid)
            one = acceptances[valid[0]].value
            change = replace(
                change, level=Level.SAFE, judged=change.level, accepted=f"{one.reason} (until {one.until})"
            )
        judged.append(change)
    notes = [_note(one, index in used, index in over, sources) for index, one in enumerate(acceptances)]
    return judged, [note for note in notes if note]


def _is_of(change: Change, one: Acceptance) -> bool:
    return one.change in (change.code, change.slug) and fnmatchcase(change.subject, one.of.replace("[", "[[]"))


def _note(one: Declared[Acceptance], used: bool, over: bool, sources: Sources) -> str:
    line = f":{sources.range(one.at).line}" if sources.index(one.at.file) else ""
    said = f"The acceptance of {one.value.change} of {one.value.of} ({sources.shown(one.at.file)}{line})"
    if over:
        return f"{said} was over on {one.value.until}."
    return "" if used else f"{said} accepts nothing in this comparison."
