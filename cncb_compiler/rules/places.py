"""Where rules point: the words inside a declaration that name an event, and how a construct is called in messages."""

from __future__ import annotations

from collections.abc import Iterable

from cncb_compiler.diagnostics.diagnostic import Related
from cncb_compiler.graph.network import KINDS
from cncb_compiler.graph.system import Construct, Emission, LinkedSystem
from cncb_compiler.source.location import Location

MOST_RELATED = 5
"""More related places than this help nobody."""


def shown(construct: Construct) -> str:
    """A construct in a message: ``command `submit` of `order-bff` ``."""
    if construct.section == "changes":
        return f"the changes of `{construct.name}` of `{construct.service}`"
    return f"{KINDS[construct.section]} `{construct.name}` of `{construct.service}`"


def construct_place(construct: Construct) -> Location:
    """The name of a construct; of a transition, which has none, the whole of it."""
    return construct.at if construct.section == "transitions" else construct.at.key()


def consumption(system: LinkedSystem, construct: Construct, event: str) -> Location:
    """The word in a construct that says that it consumes the event."""
    at = construct.at
    service = system.services[construct.service].decl
    if construct.section == "views":
        view = service.views[construct.name]
        return at / "collect" / "on" / event if view.collect else (at / "on" / event).key()
    if construct.section == "transitions":
        joins = bool(service.transitions[int(at.path[-1])].join)
        return at / ("join" if joins else "on") / event
    return at / "on" / event


def publication(emission: Emission) -> Location:
    """The word in a construct that says which event is published."""
    keys = {"commands": "publish", "transitions": "emit", "changes": "event"}
    return emission.at / keys[emission.construct.section]


def function_publication(construct: Construct, event: str) -> Location:
    """As `publication`, of a function of the team's own."""
    return construct.at / "publishes" / event


def producers(system: LinkedSystem, event: str) -> list[tuple[Construct, Location]]:
    """Who publishes an event, each with the word that says so."""
    found = [(emission.construct, publication(emission)) for emission in system.emissions.get(event, ())]
    found += [(one, function_publication(one, event)) for one in system.publishing_functions.get(event, ())]
    return found


def related(places: Iterable[tuple[Construct, Location]], what: str) -> tuple[Related, ...]:
    """Related places of constructs: ``consumed by view `orders` of `x` ``. Only the first few."""
    return tuple(Related(at, f"{what} {shown(construct)}") for construct, at in list(places)[:MOST_RELATED])
