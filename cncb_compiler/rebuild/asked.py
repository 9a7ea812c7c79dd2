"""The view that is to be rebuilt, and why it may not be."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from cncb_compiler.aws import naming
from cncb_compiler.aws.serialize import to_json
from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.graph.system import LinkedView
from cncb_compiler.model.idempotence import place
from cncb_compiler.operate.functions import UnknownNameError, functions_of
from cncb_compiler.passes import Analysis
from cncb_compiler.plan.assets import Asset
from cncb_compiler.plan.function import FunctionPlan
from cncb_compiler.plan.handlers import ViewHandler
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.rebuild.copies import keepers_of
from cncb_compiler.rules.cncb616_replay_not_idempotent import RULE
from cncb_compiler.target.problems import Problem


@dataclass(frozen=True, slots=True)
class Asked:
    """A view of a system as it is declared now."""

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

    @property
    def store(self) -> Asset:
        """The current copy."""
        assert isinstance(self.keeper.handler, ViewHandler)
        return self.keeper.handler.store


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
            f"{name} is computed from events that it has collected; only views with `on` are rebuilt.",
            f"`cncb replay --to {name} --go` brings missing events into what it has collected.",
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
        mend=f"Remove `idempotence: {handler.idempotence}`.",
    )


def refuse_raw(asked: Asked) -> None:
    """Raise Problem where raw CloudFormation names a copy by its logical id, which another generation has not."""
    raw = to_json({"resources": asked.plan.resources, "overrides": asked.plan.overrides}).decode()
    copy = naming.asset_id(asked.store)
    if f'"{copy}"' in raw or f"${{{copy}}}" in raw or f'"{copy}.' in raw or f"${{{copy}." in raw:
        raise Problem(
            f"`resources` or `overrides` of {asked.plan.service} name {copy}, which the next generation of "
            f"{asked.name} is not called.",
            "Say what they say in the view, or leave it out while it is rebuilt.",
        )
