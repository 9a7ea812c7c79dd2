"""Events that bring about each other for ever.

## What it does
Follows from each event which others it brings about: by transitions, by reactions whose write is captured by
`changes`, and by functions that consume and publish. A circle is reported, unless something in it can end it: a
guard (`when`), a latch (`latch: true`), a `join` (it fires once for each correlation) or the removal of a row.

## Why is this bad?
Once started, the circle does not stop. It costs more from minute to minute and fills the stream.

## Example
```yaml
transitions:
  - {on: order-updated, emit: order-priced}
  - {on: order-priced, emit: order-updated}
```

## Mend
Guard one of the steps with `when:`, latch the change that echoes, or take a step out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.rules.echoes import Consequence, consequences
from cncb_compiler.rules.places import shown

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedSystem

RULE = Rule("CNCB601", "event-cycle", Severity.ERROR)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """One finding for each set of events that all lead to each other."""
    steps = [step for service in system.services.values() for step in consequences(service)]
    if steps and _has_cycle(steps):
        yield from _cycles(steps)


def _has_cycle(steps: list[Consequence]) -> bool:
    """Whether there is any: asked first, because most systems have none and networkx is slow to import."""
    from graphlib import CycleError, TopologicalSorter

    causes: dict[str, set[str]] = {}
    for step in steps:
        causes.setdefault(step.effect, set()).add(step.cause)
    try:
        TopologicalSorter(causes).prepare()
    except CycleError:
        return True
    return False


def _cycles(steps: list[Consequence]) -> Iterator[Diagnostic]:
    import networkx as nx

    by_pair: dict[tuple[str, str], Consequence] = {}
    for step in sorted(steps, key=lambda step: step.at):
        by_pair.setdefault((step.cause, step.effect), step)
    graph: nx.DiGraph[str] = nx.DiGraph(sorted(by_pair))
    for component in sorted(nx.strongly_connected_components(graph), key=min):
        if len(component) == 1 and not graph.has_edge(*component, *component):
            continue
        pairs = nx.find_cycle(graph.subgraph(sorted(component)), min(component))
        circle = [by_pair[cause, effect] for cause, effect in pairs]
        start = circle.index(min(circle, key=lambda step: step.at))
        circle = [*circle[start:], *circle[:start]]
        shown_circle = " -> ".join(f"`{event}`" for event in [circle[0].cause, *(step.effect for step in circle)])
        yield RULE(
            circle[0].at,
            f"events bring about each other for ever: {shown_circle}",
            mend="Guard one of the steps with `when:`, latch the change that echoes, or take a step out.",
            related=tuple(
                Related(step.at, f"{shown(step.by)} makes `{step.effect}` of `{step.cause}`") for step in circle[1:]
            ),
        )
