"""Trouble on purpose: setting a scenario's switches, and telling which of them never made any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cncb_compiler.operate.names import Names
from cncb_compiler.plan.function import StreamTrigger, TableTrigger
from cncb_compiler.scenarios import steps
from cncb_compiler.scenarios.findings import FailedError
from cncb_compiler.scenarios.world import Effect, World


def set_switch(switch: steps.AnySwitch, names: Names, world: World) -> None:
    """Let a switch make trouble from now on. `restart` is up to whoever takes the steps."""
    match switch:
        case steps.Duplicate():
            world.duplicate(names.function(switch.duplicate), switch.times)
        case steps.Shuffle():
            world.shuffle(names.function(switch.shuffle), switch.seed, switch.times)
        case steps.Kill():
            world.kill(names.function(switch.kill), switch.after_calls, switch.times)
        case steps.Throttle():
            world.throttle(names.stores.get(switch.throttle, switch.throttle), switch.times)


def restarts(switches: Sequence[steps.AnySwitch]) -> bool:
    """Whether consumers are to be started again after each step."""
    return any(isinstance(switch, steps.Restart) for switch in switches)


def idle(switches: Sequence[Any], taken: int, names: Names, world: World) -> Iterator[FailedError]:
    """The switches that have made no trouble, after so many steps. To be asked before the world calms down."""
    for number, switch in enumerate(switches, 1):
        kind = str(steps.switch_kind(switch))
        of = getattr(switch, kind)
        effect = _effect(switch, of, taken, names, world)
        if effect.times == 0:
            yield FailedError(f"given.switches {number} ({kind} {of})", f"it never happened: {effect.there}")


def _effect(switch: Any, of: str, taken: int, names: Names, world: World) -> Effect:
    match switch:
        case steps.Restart():
            readers = [
                function
                for plan in names.plans
                for function in plan.functions
                if any(isinstance(trigger, StreamTrigger | TableTrigger) for trigger in function.triggers)
            ]
            return Effect(taken, "there is no step") if readers else Effect(0, "no function reads a stream or a table")
        case steps.Throttle():
            return world.effect("throttle", names.stores.get(of, of))
        case _:
            return world.effect(str(steps.switch_kind(switch)), names.function(of))
