"""Who has to do with an event or a declaration, as those whom a change affects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Affected, SideName
from cncb_compiler.compare.side import Side
from cncb_compiler.graph.network import KINDS
from cncb_compiler.graph.system import Construct, LinkedEvent, LinkedOutlet, LinkedService
from cncb_compiler.model.base import Node
from cncb_compiler.source.location import Location

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared, DeclaredConstruct

_PARAMETER = re.compile(r"\{[^}]*\}")


def node_of(construct: Construct) -> str:
    """The name of a construct in the graph: `view:storefront.products`."""
    kind = KINDS.get(construct.section, construct.section.removesuffix("s"))
    return f"{kind}:{construct.service}.{construct.name}"


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


def partition_key(side: Side, event: str) -> str | None:
    """The expression of an event's partition key as far as it is one and the same for all who publish it."""
    keys = {
        getattr(one.partition_key.tree, "text", None)
        for one in side.system.emissions.get(event, ())
        if one.partition_key is not None
    }
    return keys.pop() if len(keys) == 1 else None


def route_of(decl: Node) -> str:
    """The route of a declaration; `` where it has none."""
    return getattr(decl, "route", None) or ""


def nameless(route: str) -> str:
    """A route as callers see it: without the names of its parameters."""
    return _PARAMETER.sub("{}", route)


def is_invoked(decl: Node, construct: Construct) -> bool:
    """Whether a declaration is called by its name: a command or query without a route."""
    return construct.section in ("commands", "queries") and not route_of(decl)


def callers(construct: Construct, decl: Node) -> tuple[Affected, ...]:
    """Those who call a declaration from outside of the system: by its route, or by its name."""
    route = route_of(decl)
    if not route and not is_invoked(decl, construct):
        return ()
    who = f"callers of {route}" if route else f"whoever invokes {construct.service}.{construct.name}"
    return (Affected("", who, "outside of the system", "", "before", construct.at),)


def receivers(outlet: LinkedOutlet) -> tuple[Affected, ...]:
    """Those who receive from a queue or bus outside of the system."""
    at = outlet.construct.at
    who = f"receivers of the {outlet.kind} {outlet.construct.service}.{outlet.name}"
    return (Affected("", who, "outside of the system", "", "before", at),)


def callers_of(service: LinkedService) -> tuple[Affected, ...]:
    """Those who call anything of a service."""
    called: list[tuple[Construct, Node]] = [
        *((one.construct, one.decl) for one in service.commands),
        *((one.construct, one.decl) for one in service.queries),
        *((one.construct, one.decl) for one in service.functions),
    ]
    return tuple(sorted({hit for construct, decl in called for hit in callers(construct, decl)}))


def listeners_of(side: Side, service: LinkedService) -> tuple[Affected, ...]:
    """Those in other services who listen to events that only this one publishes."""
    alone = [
        event
        for event in side.system.events
        if (found := producers(side, event)) and all(one.service == service.name for one in found)
    ]
    hit = (one for event in alone for one in consumers(side, event, "before", f"listens to {event}"))
    return tuple(sorted({one for one in hit if one.service != service.name}))


def listened(
    compared: Compared,
) -> Iterator[tuple[DeclaredConstruct, DeclaredConstruct, tuple[str, ...], tuple[str, ...]]]:
    """Each declaration on both sides with the events that it listens to no more, and those that are new to it.

    An event that is itself gone or new is told by its own change.
    """
    before, after = _events_of(compared.before), _events_of(compared.after)
    new_names = compared.events.new_names
    for was, now in compared.declarations.both():
        old = {new_names.get(event, event) for event in before.get(str(was.construct), ())}
        new = after.get(str(now.construct), set())
        if old != new:
            lost = tuple(sorted((old - new) - set(compared.events.removed)))
            yield was, now, lost, tuple(sorted(new - old))


def _events_of(side: Side) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for event, constructs in side.system.consumers.items():
        for construct in constructs:
            found.setdefault(str(construct), set()).add(event)
    return found


def published(compared: Compared) -> Iterator[tuple[LinkedEvent, LinkedEvent, tuple[str, ...], tuple[str, ...]]]:
    """Each event on both sides with the declarations that publish it no more, and those that did not before."""
    for was, now in compared.events.both():
        old = {compared.named_after(one) for one in producers(compared.before, was.name)}
        new = {node_of(one) for one in producers(compared.after, now.name)}
        if old != new:
            yield was, now, tuple(sorted(old - new)), tuple(sorted(new - old))


@dataclass(frozen=True, slots=True)
class Guarded:
    """A route, and who may call it. `at` is where that is said."""

    name: str
    noun: str
    route: str
    auth: str
    at: Location
    construct: Construct
    callers: tuple[Affected, ...]

    @property
    def owner(self) -> Affected:
        """The declaration itself as affected."""
        return Affected(self.construct.service, node_of(self.construct), "is called by it", "", "after", self.at)


def guarded(compared: Compared) -> Iterator[tuple[Guarded, Guarded]]:
    """Each route of a declaration that has one on both sides."""
    for was, now in compared.declarations.both():
        old, new = _guarded(compared.before, was), _guarded(compared.after, now)
        if old is not None and new is not None:
            yield old, new


def new_routes(compared: Compared) -> Iterator[Guarded]:
    """Each route that no declaration had before."""
    added = list(compared.declarations.added.values())
    added += [now for was, now in compared.declarations.both() if route_of(now.decl) and not route_of(was.decl)]
    for one in added:
        found = _guarded(compared.after, one)
        if found is not None:
            yield found
    for service in compared.services.added.values():
        yield from (found for one in compared.declared_by(service) if (found := _guarded(compared.after, one)))


def _guarded(side: Side, one: DeclaredConstruct) -> Guarded | None:
    if not route_of(one.decl):
        return None
    service = side.system.services[one.construct.service]
    own = getattr(one.decl, "auth", None)
    auth = own or service.decl.api.auth
    at = one.construct.at / "auth" if own else service.at / "api" / "auth" if auth else one.construct.at
    hit = callers(one.construct, one.decl)
    return Guarded(one.name, one.noun, route_of(one.decl), auth or "nothing", at, one.construct, hit)
