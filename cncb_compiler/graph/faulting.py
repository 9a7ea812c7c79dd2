"""Who may publish faults, and on which stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cncb_compiler.graph.system import Construct, LinkedService, LinkedSystem


def faulting_streams(system: LinkedSystem) -> Mapping[str, tuple[Construct, ...]]:
    """The streams that get faults, with what may fault there."""
    found: dict[str, list[Construct]] = {}
    for service in system.services.values():
        for event, construct in _faulting(service):
            if event in system.events:
                found.setdefault(system.events[event].stream, []).append(construct)
    return {stream: tuple(constructs) for stream, constructs in found.items()}


def may_fault(service: LinkedService) -> bool:
    """Whether functions of a service listen to events or changes, and so publish faults."""
    return next(_faulting(service), None) is not None


def _faulting(service: LinkedService) -> Iterator[tuple[str, Construct]]:
    """Each construct that may fault, with the event whose stream its faults go to."""
    for view in service.views:
        events = view.collect.events if view.collect else tuple(one.event for one in view.projections)
        yield from ((event, view.construct) for event in events[:1])
    for reaction in service.reactions:
        yield from ((event, reaction.construct) for event in reaction.events[:1])
    for transition in service.transitions:
        yield from ((event, transition.construct) for event in transition.events[:1])
    for change in service.changes:
        yield from ((emission.event, change.construct) for _, emission in change.captured[:1])
    for function in service.functions:
        yield from ((event, function.construct) for event in function.events[:1])
