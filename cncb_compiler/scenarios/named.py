"""Which declarations a scenario names: what `cncb test --select` goes by."""

from __future__ import annotations

from collections.abc import Iterator

from cncb_compiler.graph.network import Node
from cncb_compiler.operate.names import Names
from cncb_compiler.scenarios.model import Scenario
from cncb_compiler.scenarios.steps import (
    Call,
    Duplicate,
    Expire,
    Invoke,
    Kill,
    Publish,
    Put,
    Remove,
    Replay,
    Resubmit,
    Shuffle,
    Throttle,
    Upload,
)
from cncb_compiler.select.flow import Flow


def named_nodes(scenario: Scenario, names: Names, flow: Flow) -> set[Node]:
    """The events, stores, views and functions that a scenario publishes, calls, prepares or expects."""
    found: set[Node] = {("event", event) for event in _events(scenario)}
    places = set(_places(scenario))
    for step in scenario.when:
        if isinstance(step, Call):
            routed = names.routed(step.call, step.service)
            places.update(str(one) for route in routed for one in names.functions[f"{route.service}.{route.function}"])
    declared = {(plan.service, function.name): function.at for plan in names.plans for function in plan.functions}
    ats = {declared[one.service, one.function] for place in places for one in names.functions.get(place, ())}
    found |= {node for node in flow.nodes if node[1] in places or flow.declared_at.get(node) in ats}
    return found & flow.nodes


def _events(scenario: Scenario) -> Iterator[str]:
    yield from (event.publish for event in scenario.given.events)
    yield from (step.publish for step in scenario.when if isinstance(step, Publish))
    for expected in (scenario.then.events.exactly or (), scenario.then.events.some or ()):
        for event in expected:
            yield from event


def _places(scenario: Scenario) -> Iterator[str]:
    yield from (*scenario.given.rows, *scenario.given.objects, *scenario.then.rows, *scenario.then.objects)
    for step in scenario.when:
        match step:
            case Invoke():
                yield step.invoke
            case Put():
                yield step.put
            case Remove():
                yield step.remove
            case Upload():
                yield step.upload
            case Expire():
                yield step.expire
            case Replay():
                yield step.replay
            case Resubmit():
                yield step.resubmit
    for switch in scenario.given.switches:
        match switch:
            case Duplicate():
                yield switch.duplicate
            case Shuffle():
                yield switch.shuffle
            case Kill():
                yield switch.kill
            case Throttle():
                yield switch.throttle
