"""Whether a function may be given an event again: what a replay asks before it sends anything."""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.graph.system import LinkedFunction, LinkedReaction, LinkedService, LinkedView
from cncb_compiler.model.idempotence import place
from cncb_compiler.model.settings import Processing
from cncb_compiler.plan.function import FunctionPlan
from cncb_compiler.plan.handlers import Mapped, OwnHandler, ReactionHandler, ViewHandler, WriteRow
from cncb_compiler.rules.cncb616_replay_not_idempotent import RULE


def objection(service: LinkedService, function: FunctionPlan) -> Diagnostic | None:
    """The finding that a replay to this function would do something twice, or undo what is newer; None: it may be.

    Code of the team's own that itself says `idempotence: none` is idempotent by its nature (CNCB613).
    """
    name = f"`{service.name}.{function.name}`"
    own = _processing(service, function)
    at = place(service.at, function.at, own)
    match function.handler:
        case ViewHandler(idempotence="none"):
            return RULE(
                at,
                f"a replay to {name} would overwrite newer rows with older events",
                mend="Remove `idempotence: none`, and `cncb rebuild` the view: its rows so far are not guarded.",
            )
        case ReactionHandler(effect=WriteRow(idempotence="none")):
            return RULE(
                at,
                f"a replay to {name} would overwrite newer rows with older events",
                mend="Remove `idempotence: none`.",
            )
        case ReactionHandler(effect=Mapped(), once=None) | OwnHandler(once=None) if own.idempotence is None:
            return RULE(
                at,
                f"a replay to {name} would do again what its hook does",
                mend="Say `idempotence: none` of the hook itself, if it is idempotent; else `id`.",
            )
    return None


def _processing(service: LinkedService, function: FunctionPlan) -> Processing:
    constructs: tuple[LinkedView | LinkedReaction | LinkedFunction, ...] = (
        *service.views,
        *service.reactions,
        *service.functions,
    )
    return next((one.decl.processing for one in constructs if one.construct.at == function.at), Processing())
