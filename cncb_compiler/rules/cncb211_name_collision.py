"""Two names that differ only in case or dashes.

## What it does
Compares names without regard to case and dashes: services, streams, events and types of the system; the stores,
views and micro event stores of a service; its queues and buses; and its functions, which are named after what they do
(`command-submit`, `view-products`, `collect-monthly`; a function of your own has its own name).

## Why is this bad?
Logical ids of CloudFormation have no dashes, folders of some file systems no case, and Python names neither: one of
the two would take the place of the other. And people would confuse them.

## Example
```yaml
stores:
  daily-orders: {of: Order}
views:
  dailyOrders: {on: order-submitted}      # both become the table DailyOrdersTable
```

## Mend
Rename one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.rules.functions import made_functions
from cncb_compiler.source.location import Location

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedService, LinkedSystem

RULE = Rule("CNCB211", "name-collision", Severity.ERROR)

Claim = tuple[str, str, Location]
"""What it is, its name, its place."""


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """Names of the system."""
    declared = system.declared
    for noun, named in (
        ("service", declared.services),
        ("stream", declared.streams),
        ("event", declared.events),
        ("type", declared.types),
    ):
        if len({_normal(name) for name in named}) < len(named):
            yield from _collisions((noun, name, one.at) for name, one in named.items())


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Names of the service."""
    tables = [(table.name, table) for table in service.tables]
    if len({_normal(name) for name, _ in tables}) < len(tables):
        yield from _collisions((_noun(table.purpose), name, table.construct.at) for name, table in tables)
    outlets = [(decl, name) for decl in ("queues", "buses") for name in getattr(service.decl, decl)]
    if len({_normal(name) for _, name in outlets}) < len(outlets):
        nouns = {"queues": "queue", "buses": "bus"}
        yield from _collisions((nouns[section], name, service.at / section / name) for section, name in outlets)
    functions = [function.name for function in made_functions(service)]
    if len({_normal(name) for name in functions}) < len(functions):
        yield from _collisions(_functions(service))


def _functions(service: LinkedService) -> Iterator[Claim]:
    for function in made_functions(service):
        yield "function", function.name, function.at


def _noun(purpose: str) -> str:
    return "micro event store" if purpose == "collected" else purpose


def _normal(name: str) -> str:
    return name.replace("-", "").lower()


def _collisions(claims: Iterable[Claim]) -> Iterator[Diagnostic]:
    first: dict[str, Claim] = {}
    for noun, name, at in claims:
        other = first.setdefault(_normal(name), (noun, name, at))
        if other[2] == at:
            continue
        collides = f"{noun} `{name}` collides with {other[0]} `{other[1]}`"
        message = collides if other[1] == name else f"{collides}, which differs only in case or dashes"
        place = Related(other[2].key(), f"{other[0]} `{other[1]}` is declared here")
        yield RULE(at.key(), message, mend="Rename one of them.", related=(place,))
