"""The part of a system that is exported: which services send and receive which events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from cncb_compiler.graph.faulting import faulting_streams
from cncb_compiler.graph.network import Node, construct_node
from cncb_compiler.graph.system import Construct, LinkedEvent, LinkedService, LinkedStream, LinkedSystem, Send
from cncb_compiler.select.selection import Selection

Action: TypeAlias = Literal["send", "receive"]


@dataclass(frozen=True, slots=True)
class Flow:
    """A service sends or receives an event, by these of its constructs."""

    service: str
    action: Action
    event: str
    by: tuple[Construct, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a system, everything sorted; `whole`: it is all of it.

    `sends` are the messages to queues and buses. `faulting` pairs a service with a stream that its faults go to.
    `keepers` pairs a lake or monitor with a stream that it keeps.
    """

    system: LinkedSystem
    whole: bool
    services: tuple[LinkedService, ...]
    events: tuple[LinkedEvent, ...]
    flows: tuple[Flow, ...]
    sends: tuple[Send, ...]
    faulting: tuple[tuple[str, str], ...]
    lakes: tuple[tuple[str, str], ...]
    monitors: tuple[tuple[str, str], ...]

    @property
    def streams(self) -> tuple[LinkedStream, ...]:
        """The streams that carry any of it."""
        carrying = {event.stream for event in self.events}
        carrying |= {stream for pairs in (self.faulting, self.lakes, self.monitors) for _, stream in pairs}
        return tuple(stream for name, stream in sorted(self.system.streams.items()) if name in carrying)

    def has_faults(self, stream: str) -> bool:
        """Whether somebody sends or keeps faults on a stream."""
        return any(stream == one for pairs in (self.faulting, self.monitors) for _, one in pairs)

    def owners_of(self, event: str) -> list[str]:
        """The teams whose services publish an event, in the whole system."""
        publishing = {emission.construct.service for emission in self.system.emissions.get(event, ())}
        publishing |= {construct.service for construct in self.system.publishing_functions.get(event, ())}
        owners = {self.system.services[name].owner for name in publishing}
        return sorted(owner for owner in owners if owner)


def part_of(system: LinkedSystem, selection: Selection | None = None) -> Part:
    """The selected part of a system (None: all of it): what is selected, and the events that it sends and receives."""
    nodes = None if selection is None else selection.nodes
    flows = tuple(_flows(system, nodes))
    services = [one for one in system.services.values() if selection is None or one.name in selection.services]
    names = {service.name for service in services}
    lakes = [(one.name, stream) for one in services if one.lake for stream in one.lake.streams]
    monitors = [(one.name, stream) for one in services if one.monitor for stream in one.monitor.streams]
    kept = {stream for _, stream in lakes}
    met = {flow.event for flow in flows}
    faulting = {
        (construct.service, stream)
        for stream, constructs in faulting_streams(system).items()
        for construct in constructs
        if construct.service in names
    }
    return Part(
        system=system,
        whole=selection is None,
        services=tuple(services),
        events=tuple(
            event
            for name, event in sorted(system.events.items())
            if nodes is None or name in met or ("event", name) in nodes or event.stream in kept
        ),
        flows=flows,
        sends=tuple(_sends(services, nodes)),
        faulting=tuple(sorted(faulting)),
        lakes=tuple(sorted(lakes)),
        monitors=tuple(sorted(monitors)),
    )


def of_service(part: Part, name: str) -> Part:
    """What one service of a part has to do with: its own events, and no others."""
    flows = tuple(flow for flow in part.flows if flow.service == name)
    lakes, monitors, faulting = (
        tuple(pair for pair in pairs if pair[0] == name) for pairs in (part.lakes, part.monitors, part.faulting)
    )
    met = {flow.event for flow in flows}
    kept = {stream for _, stream in lakes}
    return replace(
        part,
        whole=False,
        services=tuple(service for service in part.services if service.name == name),
        events=tuple(event for event in part.events if event.name in met or event.stream in kept),
        flows=flows,
        sends=tuple(send for send in part.sends if send.construct.service == name),
        faulting=faulting,
        lakes=lakes,
        monitors=monitors,
    )


def communicating(part: Part) -> Iterator[str]:
    """The services that send or receive anything."""
    found = {flow.service for flow in part.flows} | {send.construct.service for send in part.sends}
    found |= {name for pairs in (part.lakes, part.monitors) for name, _ in pairs}
    return iter(sorted(found))


def _flows(system: LinkedSystem, nodes: Iterable[Node] | None) -> Iterator[Flow]:
    """Every flow of the selected constructs, by service, action and event."""
    found: dict[tuple[str, Action, str], list[Construct]] = {}

    def note(action: Action, event: str, constructs: Iterable[Construct]) -> None:
        for construct in constructs:
            if nodes is None or construct_node(construct) in nodes:
                known = found.setdefault((construct.service, action, event), [])
                if construct not in known:
                    known.append(construct)

    for event in system.events:
        note("send", event, (emission.construct for emission in system.emissions.get(event, ())))
        note("send", event, system.publishing_functions.get(event, ()))
        note("receive", event, system.consumers.get(event, ()))
    for (service, action, event), constructs in sorted(found.items()):
        yield Flow(service, action, event, tuple(sorted(constructs, key=lambda one: (one.section, one.name))))


def _sends(services: Iterable[LinkedService], nodes: Iterable[Node] | None) -> Iterator[Send]:
    for service in services:
        for reaction in service.reactions:
            if isinstance(reaction.effect, Send) and (nodes is None or construct_node(reaction.construct) in nodes):
                yield reaction.effect
