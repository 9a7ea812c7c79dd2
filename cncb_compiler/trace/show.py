"""The trace of events of a running system, from the question to the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cncb_compiler.passes import Analysis
from cncb_compiler.target.problems import Problem
from cncb_compiler.target.target import Target
from cncb_compiler.trace.collect import collect, read_streams
from cncb_compiler.trace.places import Places
from cncb_compiler.trace.render import moment, to_text
from cncb_compiler.trace.streams import Held
from cncb_compiler.trace.tree import Tree, trees


def traced(
    analysis: Analysis,
    target: Target,
    event_ids: Sequence[str],
    *,
    invocations: Iterable[Any] = (),
    physical: Mapping[str, Mapping[str, str]] | None = None,
) -> tuple[Tree, ...]:
    """The trees of these events. Raises Problem where the streams know none of them.

    `invocations` (of a local machine's journal) tell how long rows took; `physical` are the physical ids by logical
    id, by service, where they are known already.
    """
    places = Places(target, analysis.linked.name, physical)
    held = read_streams(analysis, target, places)
    found = trees(collect(analysis, target, event_ids, held.events, places, invocations), event_ids)
    if not found:
        raise _unknown(analysis, target, event_ids, held)
    return found


def trace_text(
    analysis: Analysis,
    target: Target,
    event_ids: Sequence[str],
    *,
    invocations: Iterable[Any] = (),
    physical: Mapping[str, Mapping[str, str]] | None = None,
) -> str:
    """The trees of these events as text; of those that the streams do not know, a line that says so."""
    try:
        return to_text(traced(analysis, target, event_ids, invocations=invocations, physical=physical))
    except Problem as problem:
        return str(problem)


def _unknown(analysis: Analysis, target: Target, event_ids: Sequence[str], held: Held) -> Problem:
    named = ", ".join(f"`{one}`" for one in event_ids)
    where = f"the streams of {analysis.linked.name} in stage `{target.stage}`"
    if held.since is None:
        return Problem(f"There is no event {named}: {where} hold nothing.")
    return Problem(
        f"There is no event {named} on {where}.",
        f"What they hold reaches back to {moment(held.since)}: {len(held.events)} events.",
    )
