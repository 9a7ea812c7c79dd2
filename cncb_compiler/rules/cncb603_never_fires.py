"""A step that can never happen.

## What it does
Reports

- a guard (`when`) that is false whatever comes, because it is made of literals only;
- a change that nothing makes: `remove` of a store that nobody deletes from and that has no `ttl`, `insert` of one
  that nobody writes whole, `modify` of one that nobody writes or updates.

(A step that waits for an event which nobody publishes is CNCB401.)

## Why is this bad?
The declaration says that something happens, and it never does.

## Example
```yaml
commands:
  submit: {route: POST /orders, input: Order, write: orders}
changes:
  orders: {insert: order-submitted, remove: order-removed}      # nothing deletes an order
```

## Mend
Add what makes the change (a `delete` command, a `ttl`), correct the guard, or remove the step.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.graph.captured import OPERATIONS
from cncb_compiler.graph.system import Write
from cncb_compiler.rules.guards import is_never
from cncb_compiler.rules.places import publication

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedMapping, LinkedService, LinkedSystem

RULE = Rule("CNCB603", "never-fires", Severity.WARNING)

_MISSING = {
    "INSERT": ("nothing writes a new row to", "Add a `write`, or remove `insert`."),
    "MODIFY": ("nothing changes a row of", "Add an `update`, or remove `modify`."),
    "REMOVE": ("nothing removes a row of", "Add a `delete` or a `ttl`, or remove `remove`."),
}


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Guards, then changes, of each service."""
    for guard in _guards(service):
        if is_never(guard):
            yield RULE(guard.at, "this is never true", mend="Correct the guard, or remove the step.")
    if service.changes:
        yield from _changes(service)


def _guards(service: LinkedService) -> Iterator[LinkedMapping]:
    found = [transition.emission.when for transition in service.transitions]
    found += [reaction.when for reaction in service.reactions]
    found += [projection.when for view in service.views for projection in view.projections]
    found += [emission.when for change in service.changes for _, emission in change.captured]
    return (guard for guard in found if guard is not None)


def _changes(service: LinkedService) -> Iterator[Diagnostic]:
    made = _made(service)
    for change in service.changes:
        operations = made.get(change.store.name)
        if operations is None:
            continue
        for operation, emission in change.captured:
            if operation not in operations and not (operation == "REMOVE" and change.store.ttl):
                problem, mend = _MISSING[operation]
                yield RULE(
                    publication(emission),
                    f"`{emission.event}` is never published: {problem} `{change.store.name}`",
                    mend=mend,
                )


def _made(service: LinkedService) -> dict[str, set[str]]:
    """The operations on each store that is written at all (one that is not is CNCB213)."""
    made: dict[str, set[str]] = {}
    for effect in (
        *(command.effect for command in service.commands),
        *(reaction.effect for reaction in service.reactions),
    ):
        if isinstance(effect, Write):
            made.setdefault(effect.store.name, set()).update(OPERATIONS[effect.verb])
    for function in service.functions:
        if function.writes is not None:
            made.setdefault(function.writes.name, set()).update(_MISSING)
    return made
