"""The view that is to be rebuilt, and why it may not be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from msgspec.structs import replace

from cncb_compiler.aws import naming
from cncb_compiler.aws.serialize import to_json
from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.graph.system import LinkedView
from cncb_compiler.model.arithmetic import FUNCTION_NAME_LIMIT
from cncb_compiler.model.idempotence import place
from cncb_compiler.operate.functions import UnknownNameError, functions_of
from cncb_compiler.passes import Analysis
from cncb_compiler.plan.assets import Asset
from cncb_compiler.plan.function import FunctionPlan, StreamTrigger
from cncb_compiler.plan.handlers import ViewHandler
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.rebuild.copies import copy_of, filling, keepers_of
from cncb_compiler.rules.cncb616_replay_not_idempotent import RULE
from cncb_compiler.target.problems import Problem


@dataclass(frozen=True, slots=True)
class Asked:
    """A view of a system as it is declared now. `keeper` is the function that listens to streams for it."""

    analysis: Analysis
    plan: ServicePlan
    view: LinkedView
    keeper: FunctionPlan

    @property
    def name(self) -> str:
        """`SERVICE.VIEW`."""
        return f"{self.plan.service}.{self.view.construct.name}"

    @property
    def generation(self) -> int:
        """Which copy is the current one."""
        return self.view.decl.generation

    def copy(self, generation: int) -> tuple[Asset, ...]:
        """What the copy of a generation is made of: first what is kept from events."""
        return copy_of(self.plan, self.view.construct.name, generation)

    def filling(self, generation: int) -> ServicePlan:
        """The plan of a copy, and of the functions that fill it."""
        return filling(self.plan, self.view.construct.name, generation)


def asked(analysis: Analysis, name: str) -> Asked:
    """The view `SERVICE.VIEW`. Raises UnknownNameError; Problem where there is no way to rebuild it."""
    service, dot, view = name.partition(".")
    if not dot or not view:
        raise UnknownNameError(f"`{name}` is no view: say SERVICE.VIEW.")
    functions_of(analysis, service)
    views = {one.construct.name: one for one in analysis.linked.services[service].views}
    if view not in views:
        close = get_close_matches(view, views, 1, 0.5)
        hint = f"Did you mean `{close[0]}`?" if close else f"Its views: {', '.join(views) or 'none'}."
        raise UnknownNameError(f"{service} has no view `{view}`. {hint}")
    plan = next(one for one in analysis.plans if one.service == service)
    keepers = keepers_of(plan, view)
    if not keepers:
        raise Problem(
            f"{name} is computed from what it has collected, which has one copy; only views with `on` are rebuilt.",
            f"`cncb replay --to {name} --go` brings in the events that it lacks.",
        )
    return Asked(analysis, plan, views[view], keepers[0])


def objection(asked: Asked) -> Diagnostic | None:
    """The finding that old and new events, side by side, would not make the same copy in any order (CNCB616)."""
    handler = asked.keeper.handler
    assert isinstance(handler, ViewHandler)
    if handler.idempotence in ("oplock", "sequence"):
        return None
    service = asked.analysis.linked.services[asked.plan.service]
    return RULE(
        place(service.at, asked.keeper.at, asked.view.decl.processing),
        f"a rebuild of `{asked.name}` would overwrite newer rows with older events",
        mend=f"Remove `idempotence: {handler.idempotence}`: a row then keeps the newest event, in any order of them.",
    )


def refuse(asked: Asked, stage: str, lakes: bool) -> None:
    """Raise Problem where the next generation cannot stand, or (`lakes`) where the system's lakes lack its events."""
    for problem in (*_raw(asked), *_names(asked, stage), *(_unkept(asked) if lakes else ())):
        raise problem


def _raw(asked: Asked) -> Iterator[Problem]:
    """Raw CloudFormation names the copy by its logical id, which another generation has not."""
    raw = to_json({"resources": asked.plan.resources, "overrides": asked.plan.overrides}).decode()
    for asset in asked.copy(asked.generation):
        name = naming.asset_id(asset)
        if asset.kind != "index" and any(
            said in raw for said in (f'"{name}"', f"${{{name}}}", f'"{name}.', f"${{{name}.")
        ):
            yield Problem(
                f"`resources` or `overrides` of {asked.plan.service} name {name}, which the next generation of "
                f"{asked.name} is not called.",
                "Say what they say in the view, or leave it out while it is rebuilt.",
            )


def _names(asked: Asked, stage: str) -> Iterator[Problem]:
    """The next generation's names are taken, or too long."""
    fresh = asked.filling(asked.generation + 1)
    both = replace(
        asked.plan,
        tables=asked.plan.tables + fresh.tables,
        buckets=asked.plan.buckets + fresh.buckets,
        functions=asked.plan.functions + fresh.functions,
    )
    for collision in naming.collisions(both):
        yield Problem(
            f"The next generation of {asked.name} needs the name {collision.logical_id}, which is taken: "
            f"{' and '.join(what for _, what in collision.claims)}.",
            "Rename one of the two.",
        )
    for function in fresh.functions:
        name = naming.function_name(asked.plan.system, asked.plan.service, function.name, stage)
        if len(name) > FUNCTION_NAME_LIMIT:
            yield Problem(
                f"The function {name}, which is to fill the fresh copy, has a name of {len(name)} characters; "
                f"{FUNCTION_NAME_LIMIT} are allowed.",
                "Shorten the name of the view.",
            )


def _unkept(asked: Asked) -> Iterator[Problem]:
    """Its events are in no lake."""
    kept = {one.stream for plan in asked.analysis.plans for one in plan.deliveries}
    for trigger in asked.keeper.triggers:
        if isinstance(trigger, StreamTrigger) and trigger.stream not in kept:
            yield Problem(
                f"No data lake keeps the stream `{trigger.stream.name}`: a fresh copy of {asked.name} would lack its "
                f"events.",
                "Name a bucket that holds them with --lake, or keep it (CNCB409).",
            )
