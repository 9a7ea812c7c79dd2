"""One event name with two meanings: a change of a table, and something else.

## What it does
Reports an event that a service publishes for a change of one store, and that is also published by a command or a
transition, for a change of another store of the service, or for the removal of a row as well as for its writing.
Insert and modify may share an event (it means: the row is like this now). Of several owners, each may publish it
once.

## Why is this bad?
Consumers take an event for one fact. `order-cancelled` as "the row's status changed" and as "the customer asked for
it" come at different times, with different rights, and each consumer means only one of them.

## Example
```yaml
commands:
  cancel: {route: "POST /orders/{id}/cancellation", input: {order: Order}, publish: order-cancelled}
changes:
  orders: {modify: order-cancelled}
```

## Mend
Give the two facts two names, such as `cancellation-requested` and `order-cancelled`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.rules.places import publication, related

if TYPE_CHECKING:
    from cncb_compiler.graph.system import Emission, LinkedSystem

RULE = Rule("CNCB407", "ambiguous-event", Severity.WARNING)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """Each event that is published in several places, at least one of them a change."""
    repeated = [name for name, emissions in system.emissions.items() if len(emissions) > 1]
    if not repeated:
        return
    removals = {
        id(emission)
        for service in system.services.values()
        for change in service.changes
        for operation, emission in change.captured
        if operation == "REMOVE"
    }
    for name in repeated:
        first: dict[tuple[str, str, bool], Emission] = {}
        for emission in system.emissions[name]:
            first.setdefault(_meaning(emission, id(emission) in removals), emission)
        if not any(construct == "changes" for construct, _, _ in first) or not _several(first):
            continue
        places = [(emission.construct, publication(emission)) for emission in first.values()]
        yield RULE(
            system.events[name].at.key(),
            f"`{name}` has {len(first)} meanings: it tells of a change of a store, and of something else",
            mend="Give each fact a name of its own.",
            related=related(places, "published by"),
        )


def _meaning(emission: Emission, removed: bool) -> tuple[str, str, bool]:
    construct = emission.construct
    if construct.section == "changes":
        return "changes", f"{construct.service}.{construct.name}", removed
    return construct.section, "", False


def _several(meanings: dict[tuple[str, str, bool], Emission]) -> bool:
    """Whether the meanings differ by more than the service that publishes: that is a question of owners."""
    kinds = {(section, removed) for section, _, removed in meanings}
    services = {emission.construct.service for emission in meanings.values()}
    return len(kinds) > 1 or len(meanings) > len(services)
