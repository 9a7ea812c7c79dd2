"""Who has to do with an event or a declaration, as those whom a change affects."""

from __future__ import annotations

from collections.abc import Iterable

from cncb_compiler.compare.change import Affected, SideName
from cncb_compiler.compare.side import Side
from cncb_compiler.graph.network import KINDS
from cncb_compiler.graph.system import Construct


def node_of(construct: Construct) -> str:
    """The name of a construct in the graph: `view:storefront.products`."""
    return f"{KINDS[construct.section]}:{construct.service}.{construct.name}"


def affected(constructs: Iterable[Construct], side: SideName, why: str) -> tuple[Affected, ...]:
    """The constructs as affected, each once, sorted."""
    return tuple(sorted({Affected(one.service, node_of(one), why, "", side, one.at) for one in constructs}))


def consumers(side: Side, event: str, name: SideName, why: str) -> tuple[Affected, ...]:
    """Who listens to an event in a revision."""
    return affected(side.system.consumers.get(event, ()), name, why)


def producers(side: Side, event: str) -> tuple[Construct, ...]:
    """Who publishes an event in a revision."""
    emitting = tuple(one.construct for one in side.system.emissions.get(event, ()))
    return tuple(sorted({*emitting, *side.system.publishing_functions.get(event, ())}, key=str))
