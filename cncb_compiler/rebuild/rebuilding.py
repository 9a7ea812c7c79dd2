"""The rebuild itself: five stages, each of which can be done again, and is remembered once it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from cncb_compiler.aws import naming
from cncb_compiler.aws.serialize import to_json
from cncb_compiler.deploy.stack import Stack
from cncb_compiler.digests import sha256_of
from cncb_compiler.plan.assets import Asset
from cncb_compiler.plan.function import FunctionPlan
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.rebuild import templates
from cncb_compiler.rebuild.asked import Asked
from cncb_compiler.rebuild.copies import fresh_name, holding
from cncb_compiler.rebuild.state import State, StateFile
from cncb_compiler.replay.replaying import Progress
from cncb_compiler.target.problems import Problem

LAKE_REPLAY, SWITCH, WINDOW_REPLAY = 2, 3, 4
"""The stages by their numbers: the first replay, after which the fresh copy is the current one, and the second."""


@dataclass(frozen=True, slots=True)
class Window:
    """What arrived in that time (milliseconds; None: ever)."""

    since: int | None = None
    until: int | None = None


class Work(Protocol):
    """What the stages ask of the system where it is deployed. Each raises Problem where it cannot be done."""

    @property
    def most_faults(self) -> int:
        """How many events may become faults in a replay, for the rebuild to go on."""

    def now(self) -> int:
        """Milliseconds since the epoch."""

    def asked(self) -> Asked:
        """The view as it is declared now."""

    def lag(self, asked: Asked) -> int:
        """After how many milliseconds an event is in the lake at the latest."""

    def compiled(self, asked: Asked, plan: ServicePlan) -> Stack:
        """The stack of a plan."""

    def deployed(self, service: str) -> Mapping[str, Any]:
        """The template of the service's stack as it stands."""

    def physical(self, service: str) -> Mapping[str, str]:
        """What the service's stack holds: physical by logical ids."""

    def deploy(self, asked: Asked, stack: Stack) -> None:
        """Bring the service's stack to what is said."""

    def replay(self, asked: Asked, to: FunctionPlan, window: Window, stage: int) -> Progress:
        """Replay the lake to a function, from where the last run of this stage has come to, until its end."""

    def indexed(self, asked: Asked, copy: tuple[Asset, ...]) -> None:
        """Return once what was written to a copy can be searched."""

    def delivered(self, asked: Asked, until: int) -> None:
        """Return once the lake holds what arrived before that time."""

    def mark(self, asked: Asked, generation: int) -> None:
        """Write into the YAML which generation is the current one."""

    def clear(self, asked: Asked, assets: tuple[Asset, ...]) -> None:
        """Empty what the stack cannot remove while it holds something, and remove what is no resource of it."""

    def say(self, text: str) -> None:
        """Tell the user how far it is."""


def rebuild(work: Work, file: StateFile, anew: bool = False) -> None:
    """Make a fresh copy of the view the current one. Raises Problem where it stops; called again, it goes on.

    `anew`: a fresh copy that stands already, of a rebuild that nobody goes on with, is removed first.
    """
    state = _begun(work, file, anew)
    for number, stage in list(enumerate(STAGES, start=1))[state.done :]:
        asked = work.asked()
        if LAKE_REPLAY <= number <= SWITCH and not _stands(work, asked, state):
            raise Problem(
                f"The fresh copy of {asked.name} is no longer what it was: somebody has deployed {asked.plan.service}, "
                f"or changed how it is declared.",
                "Call it again, and it begins anew.",
            )
        work.say(f"{number}/{len(STAGES)} {stage.title(asked, state)}")
        state = replace(stage.run(work, asked, state), done=number)
        file.keep(state)
    file.forget()


def begins(work: Work, asked: Asked) -> State:
    """From which generation to which a rebuild goes that begins now.

    To the declared one where that is not deployed yet: another stage was rebuilt before. Raises Problem where the
    deployed one is later than the declared: the next of an old revision might be the current one, and be emptied.
    """
    (declared, *_) = asked.copy(asked.generation)
    deployed = templates.generation_of(work.deployed(asked.plan.service), asked.keeper.name, declared)
    if deployed is None:
        raise Problem(f"{asked.name} is not deployed, though {asked.plan.service} is.", "Deploy it first.")
    if deployed > asked.generation:
        raise Problem(
            f"{asked.name} is declared as generation {asked.generation}, but deployed as {deployed}.",
            "Get the revision that is deployed.",
        )
    new = asked.generation if asked.generation > deployed else deployed + 1
    return State(deployed, new, work.now(), _made(work, asked, new))


def titles(asked: Asked, state: State) -> list[str]:
    """What each stage of a rebuild does."""
    return [stage.title(asked, state) for stage in STAGES]


def _begun(work: Work, file: StateFile, anew: bool) -> State:
    """How far the rebuild has come that goes on, or is begun."""
    asked, state = work.asked(), file.read()
    if state is not None:
        _refuse_other(asked, state, file)
        if state.done >= SWITCH or (not anew and _stands(work, asked, state)):
            work.say(f"Goes on behind stage {state.done} of {len(STAGES)}.")
            return state
        work.say("Begins anew: the fresh copy of the last run is gone, or is declared differently by now.")
        _remove_fresh(work, asked, state.new)
        state = State(state.old, state.new, work.now(), _made(work, asked, state.new))
    else:
        state = begins(work, asked)
        fresh = templates.own(_fresh(work, asked, state.new).template)
        if anew:
            _remove_fresh(work, asked, state.new)
        elif fresh.keys() & work.physical(asked.plan.service).keys():
            raise Problem(
                f"A fresh copy of {asked.name} stands already: a rebuild was begun elsewhere.",
                "Go on with it there; or, if nobody will, say --anew here.",
            )
    work.clear(asked, asked.copy(state.new))
    file.forget()
    file.keep(state)
    return state


def _refuse_other(asked: Asked, state: State, file: StateFile) -> None:
    expected = {state.new} if state.done >= SWITCH else {state.old, state.new}
    if asked.generation not in expected:
        raise Problem(
            f"{asked.name} is of generation {asked.generation}, but its rebuild from {state.old} to {state.new} is "
            f"not done.",
            f"Write `generation: {min(expected)}`, or remove {file.path} to begin anew.",
        )


def _remove_fresh(work: Work, asked: Asked, new: int) -> None:
    work.clear(asked, asked.copy(new))
    there = work.deployed(asked.plan.service)
    left = templates.without_fresh(there, _fresh(work, asked, new).template)
    work.deploy(asked, replace(work.compiled(asked, asked.plan), template=left, artifacts=()))


def _stands(work: Work, asked: Asked, state: State) -> bool:
    """Whether the fresh copy, and what fills it, are those of the last run, declared as they were."""
    if _made(work, asked, state.new) != state.made:
        return False
    if state.done < 1:
        return True
    there = work.physical(asked.plan.service)
    filling = naming.function_id(fresh_name(asked.keeper, state.new))
    return filling in there and there.get(_held_by(asked.copy(state.new)[0])) == state.fresh


def _held_by(asset: Asset) -> str:
    """The logical id of the resource that holds a copy."""
    return naming.SEARCH_DOMAIN if asset.kind == "index" else naming.asset_id(asset)


def _fresh(work: Work, asked: Asked, generation: int) -> Stack:
    """The stack of a copy and the functions that fill it, by itself."""
    return work.compiled(asked, asked.filling(generation))


def _made(work: Work, asked: Asked, generation: int) -> str:
    return sha256_of(to_json(templates.own(_fresh(work, asked, generation).template)))


def _deploy_fresh(work: Work, asked: Asked, state: State) -> State:
    service, fresh = asked.plan.service, _fresh(work, asked, state.new)
    template = templates.with_fresh(work.deployed(service), fresh.template)
    work.deploy(asked, replace(work.compiled(asked, asked.plan), template=template, artifacts=fresh.artifacts))
    return replace(state, fresh=work.physical(service)[_held_by(asked.copy(state.new)[0])])


def _fill(work: Work, asked: Asked, state: State) -> State:
    (to, *_) = asked.filling(state.new).functions
    progress = work.replay(asked, to, Window(), LAKE_REPLAY)
    if progress.faulted > work.most_faults:
        raise Problem(
            f"{progress.faulted:,} events became faults, so the fresh copy lacks them.",
            f"Look at `cncb faults list --service {asked.plan.service}`; mend the view, and call it again: it begins "
            f"anew. Or go on without them: --max-faults {progress.faulted}.",
        )
    work.indexed(asked, asked.copy(state.new))
    return state


def _switch(work: Work, asked: Asked, state: State) -> State:
    if asked.generation != state.new:
        work.mark(asked, state.new)
        asked = work.asked()
    declared, fresh = work.compiled(asked, asked.plan), _fresh(work, asked, state.new)
    old = work.compiled(asked, holding(asked.plan, asked.view.construct.name, state.old))
    there = work.deployed(asked.plan.service)
    template = templates.switched(there, declared.template, fresh.template, templates.own(old.template))
    work.deploy(asked, replace(declared, template=template, artifacts=declared.artifacts + fresh.artifacts))
    # A batch that was under way still went to the old copy.
    return replace(state, switched=work.now() + asked.keeper.settings.timeout * 1000)


def _complete(work: Work, asked: Asked, state: State) -> State:
    work.delivered(asked, state.switched)
    # What came before the beginning may have reached the lake only after it was read.
    work.replay(asked, asked.keeper, Window(state.begun - work.lag(asked), state.switched), WINDOW_REPLAY)
    return state


def _end(work: Work, asked: Asked, state: State) -> State:
    work.clear(asked, asked.copy(state.old))
    work.deploy(asked, work.compiled(asked, asked.plan))
    if _made(work, asked, state.new) != state.made:
        work.say(f"{asked.name} was declared differently meanwhile: rebuild it once more.")
    return state


def _file(asked: Asked) -> str:
    return asked.view.construct.at.file


@dataclass(frozen=True, slots=True)
class _Stage:
    title: Callable[[Asked, State], str]
    run: Callable[[Work, Asked, State], State]


STAGES = (
    _Stage(
        lambda asked, state: (
            f"deploy a fresh copy beside the current one, and {fresh_name(asked.keeper, state.new)} to fill it"
        ),
        _deploy_fresh,
    ),
    _Stage(lambda asked, state: f"replay the lake to {fresh_name(asked.keeper, state.new)}", _fill),
    _Stage(
        lambda asked, state: (
            ("" if asked.generation == state.new else f"write `generation: {state.new}` into {_file(asked)}, and ")
            + f"deploy {asked.plan.service} as declared: the fresh copy is current"
        ),
        _switch,
    ),
    _Stage(lambda asked, state: f"replay to {asked.keeper.name} what arrived since the rebuild began", _complete),
    _Stage(
        lambda asked, state: f"deploy without the old copy and {fresh_name(asked.keeper, state.new)}",
        _end,
    ),
)
"""What a rebuild does."""
