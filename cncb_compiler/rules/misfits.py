"""The operators that consumers say and that do not fit them: what CNCB609 and CNCB610 share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cncb_compiler.graph.fitness import (
    OPERATORS,
    Misfits,
    Unfit,
    of_function,
    of_publisher,
    of_reaction,
    of_view,
    resolved,
)
from cncb_compiler.graph.system import LinkedService
from cncb_compiler.model.settings import Processing, Reduce
from cncb_compiler.source.location import Location

_OF_ONE = Unfit("it is over the events of one consumer", "Say it of the view or reaction that is meant.")


class Misfit(NamedTuple):
    """An operator that is said and does not fit; `who` says it, for a message."""

    at: Location
    operator: str
    who: str
    unfit: Unfit


def misfits(service: LinkedService) -> Iterator[Misfit]:
    """Every operator of a service that does not fit where it is said. What the service says applies where it fits."""
    shared = service.decl.processing
    if shared.compact is not None:
        yield Misfit(service.at / "processing" / "compact", "compact", f"service `{service.name}`", _OF_ONE)
    if isinstance(shared.group, Reduce):
        yield Misfit(service.at / "processing" / "group", "group", f"service `{service.name}`", _OF_ONE)
    for at, own, who, unfit in _consumers(service):
        for operator in OPERATORS:
            if operator in unfit and getattr(own, operator) is not None:
                yield Misfit(at / "processing" / operator, operator, who, unfit[operator])


def _consumers(service: LinkedService) -> Iterator[tuple[Location, Processing, str, Misfits]]:
    shared = service.decl.processing
    for view in service.views:
        own = view.decl.processing
        unfit = of_view(service, view, resolved(shared, own))
        yield view.construct.at, own, f"view `{view.construct.name}`", unfit
    for reaction in service.reactions:
        own = reaction.decl.processing
        unfit = of_reaction(service, reaction, resolved(shared, own))
        yield reaction.construct.at, own, f"reaction `{reaction.construct.name}`", unfit
    for change in service.changes:
        name = f"the changes of `{change.construct.name}`"
        yield change.construct.at, change.decl.processing, name, of_publisher()
    for function in service.functions:
        name = f"function `{function.construct.name}`"
        yield function.construct.at, function.decl.processing, name, of_function()
