"""How the capacity of a table is shared by those that write it at a time."""

from __future__ import annotations

from collections.abc import Iterable

from cncb_compiler.graph.fitness import resolved
from cncb_compiler.graph.system import LinkedService, LinkedStore, LinkedSystem, Write
from cncb_compiler.model.arithmetic import ON_DEMAND_SHARDS
from cncb_compiler.model.settings import FunctionSettings, Processing
from cncb_compiler.model.store import Throughput


def share(
    system: LinkedSystem,
    service: LinkedService,
    store: LinkedStore,
    events: Iterable[str],
    own: Processing,
    function: FunctionSettings,
) -> float | None:
    """The writes a second of one invocation, so that all together stay within a provisioned table's capacity.

    The reactions that write a table share its capacity. None where the table is paid per request, or there is none.
    Capacity that follows the traffic limits nothing, or it would never grow, unless `rate: capacity` is said: then it
    is what is always there.
    """
    if store.kind != "dynamodb" or not isinstance(store.capacity, Throughput):
        return None
    if not isinstance(store.capacity.write, int) and resolved(service.decl.processing, own).rate != "capacity":
        return None
    others = [
        invocations(system, service, reaction.events, reaction.decl.processing, reaction.decl.function)
        for reaction in service.reactions
        if isinstance(reaction.effect, Write) and reaction.effect.store is store
    ]
    return store.capacity.write_units / (sum(others) or invocations(system, service, events, own, function))


def invocations(
    system: LinkedSystem, service: LinkedService, events: Iterable[str], own: Processing, function: FunctionSettings
) -> int:
    """How many invocations of a consumer there may be at a time: of no events, one that reads a table's stream.

    A batch of each shard, times the parallelization; never more than the concurrency that is reserved. A stream on
    demand, and a table's, count as the shards that they begin with.
    """
    streams = sorted({system.events[event].stream for event in events} & system.streams.keys())
    shards = sum(system.streams[name].decl.shards or ON_DEMAND_SHARDS for name in streams) or ON_DEMAND_SHARDS
    at_a_time = shards * resolved(service.decl.processing, own).parallelization
    reserved = function.concurrency if function.concurrency is not None else service.decl.function.concurrency
    return min(at_a_time, reserved) if reserved else at_a_time
