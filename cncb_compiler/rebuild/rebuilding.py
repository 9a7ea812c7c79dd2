"""The rebuild itself: five stages, each of which can be done again, and is remembered once it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from cncb_compiler.aws import naming
from cncb_compiler.plan.assets import Asset
from cncb_compiler.plan.function import FunctionPlan
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.rebuild.asked import Asked
from cncb_compiler.rebuild.copies import fresh_name, with_both
from cncb_compiler.rebuild.state import State, StateFile
from cncb_compiler.target.problems import Problem

LAKE_REPLAY, WINDOW_REPLAY = 2, 4
"""The stages that are replays."""


@dataclass(frozen=True, slots=True)
class Window:
    """What arrived in that time (milliseconds; None: ever)."""

    since: int | None = None
    until: int | None = None


class Work(Protocol):
    """What the stages ask of the system where it is deployed. Each raises Problem where it cannot be done."""

    def now(self) -> int:
        """Milliseconds since the epoch."""

    def asked(self) -> Asked:
        """The view as it is declared now."""

    def lag(self, asked: Asked) -> int:
        """After how many milliseconds an event is in the lake at the latest."""

    def physical(self, service: str) -> Mapping[str, str]:
        """What the service's stack holds: physical by logical ids."""

    def deploy(self, asked: Asked, plan: ServicePlan) -> None:
        """Bring the service's stack to a plan."""

    def replay(self, asked: Asked, to: FunctionPlan, window: Window, stage: int) -> None:
        """Replay the lake to a function, from where the last run of this stage has come to."""

    def delivered(self, asked: Asked, until: int) -> None:
        """Return once the lake holds what arrived before that time."""

    def mark(self, asked: Asked, generation: int) -> None:
        """Write into the YAML which generation is the current one."""

    def clear(self, asked: Asked, old: Asset) -> None:
        """Empty a copy that the stack cannot remove while it holds something, or does not remove at all."""

    def say(self, text: str) -> None:
        """Tell the user how far it is."""


def rebuild(work: Work, file: StateFile) -> None:
    """Make a fresh copy of the view the current one. Raises Problem where it stops; called again, it goes on."""
    state = _begun(work, file)
    for number, stage in list(enumerate(STAGES, start=1))[state.done :]:
        work.say(f"{number}/{len(STAGES)} {stage.title(work.asked(), state)}")
        state = replace(stage.run(work, work.asked(), state), done=number)
        file.keep(state)
    file.forget()


def titles(asked: Asked) -> list[str]:
    """What each stage of a rebuild that begins now will do."""
    state = State(asked.generation, asked.generation + 1, 0)
    return [stage.title(asked, state) for stage in STAGES]


def _begun(work: Work, file: StateFile) -> State:
    """How far the rebuild has come that goes on, or is begun."""
    asked, state = work.asked(), file.read()
    if state is not None:
        _refuse_other(asked, state, file)
        if state.done >= 3 or _stands(work, asked, state):
            work.say(f"Goes on behind stage {state.done} of {len(STAGES)}.")
            return state
        work.say("The fresh copy of the last run is gone, so it begins anew.")
        file.forget()
        # Where the fresh copy is current already, it is filled where it stands.
        state = State(state.old, state.new, work.now())
    else:
        state = State(asked.generation, asked.generation + 1, work.now())
    file.keep(state)
    return state


def _refuse_other(asked: Asked, state: State, file: StateFile) -> None:
    expected = {state.new} if state.done >= 3 else {state.old, state.new}
    if asked.generation not in expected:
        raise Problem(
            f"{asked.name} is of generation {asked.generation}, but its rebuild from {state.old} to {state.new} is "
            f"not done.",
            f"Write `generation: {min(expected)}`, or remove {file.path} to begin anew.",
        )


def _stands(work: Work, asked: Asked, state: State) -> bool:
    """Whether the fresh copy and the function that fills it are those of the last run."""
    if state.done < 1:
        return True
    there = work.physical(asked.plan.service)
    filling = naming.function_id(fresh_name(asked.keeper, state.new))
    return filling in there and there.get(_held_by(_fresh(asked, state))) == state.fresh


def _fresh(asked: Asked, state: State) -> Asset:
    return replace(asked.store, generation=state.new)


def _held_by(asset: Asset) -> str:
    """The logical id of the resource that holds a copy."""
    return naming.SEARCH_DOMAIN if asset.kind == "index" else naming.asset_id(asset)


def _both(asked: Asked, state: State) -> ServicePlan:
    return with_both(asked.plan, asked.view.construct.name, state.old, state.new)


def _filling(asked: Asked, state: State) -> FunctionPlan:
    name = fresh_name(asked.keeper, state.new)
    return next(one for one in _both(asked, state).functions if one.name == name)


def _deploy_fresh(work: Work, asked: Asked, state: State) -> State:
    work.deploy(asked, _both(asked, state))
    return replace(state, fresh=work.physical(asked.plan.service)[_held_by(_fresh(asked, state))])


def _fill(work: Work, asked: Asked, state: State) -> State:
    work.replay(asked, _filling(asked, state), Window(), LAKE_REPLAY)
    return state


def _switch(work: Work, asked: Asked, state: State) -> State:
    if asked.generation != state.new:
        work.mark(asked, state.new)
        asked = work.asked()
    work.deploy(asked, _both(asked, state))
    # A batch that was under way still went to the old copy.
    return replace(state, switched=work.now() + asked.keeper.settings.timeout * 1000)


def _complete(work: Work, asked: Asked, state: State) -> State:
    work.delivered(asked, state.switched)
    # What came before the beginning may have reached the lake only after it was read.
    window = Window(state.begun - work.lag(asked), state.switched)
    work.replay(asked, asked.keeper, window, WINDOW_REPLAY)
    return state


def _end(work: Work, asked: Asked, state: State) -> State:
    work.clear(asked, replace(asked.store, generation=state.old))
    work.deploy(asked, asked.plan)
    return state


@dataclass(frozen=True, slots=True)
class _Stage:
    title: Callable[[Asked, State], str]
    run: Callable[[Work, Asked, State], State]


STAGES = (
    _Stage(
        lambda asked, state: (
            f"deploy {asked.plan.service} with a fresh copy beside the current one, "
            f"and {fresh_name(asked.keeper, state.new)} to fill it"
        ),
        _deploy_fresh,
    ),
    _Stage(lambda asked, state: f"replay the lake to {fresh_name(asked.keeper, state.new)}", _fill),
    _Stage(
        lambda asked, state: (
            f"write `generation: {state.new}` into {asked.view.construct.at.file} and deploy: the fresh copy is current"
        ),
        _switch,
    ),
    _Stage(
        lambda asked, state: f"replay to {asked.keeper.name} what arrived since the rebuild began",
        _complete,
    ),
    _Stage(
        lambda asked, state: (
            f"deploy {asked.plan.service} without the old copy and {fresh_name(asked.keeper, state.new)}"
        ),
        _end,
    ),
)
"""What a rebuild does."""
