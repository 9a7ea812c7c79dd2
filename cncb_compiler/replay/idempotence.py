"""Whether a function may be given an event again: what a replay asks before it sends anything."""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.plan.function import FunctionPlan
from cncb_compiler.plan.handlers import Mapped, OwnHandler, ReactionHandler, ViewHandler, WriteRow
from cncb_compiler.rules.cncb616_replay_not_idempotent import RULE


def objection(service: str, function: FunctionPlan) -> Diagnostic | None:
    """The finding that a replay to this function would do something twice, or undo what is newer; None: it may be."""
    name = f"`{service}.{function.name}`"
    match function.handler:
        case ViewHandler(oplock=False):
            return RULE(
                function.at / "oplock",
                f"a replay to {name} would overwrite newer rows with older events",
                mend="Remove `oplock: false`.",
            )
        case ReactionHandler(effect=WriteRow(oplock=False)):
            return RULE(
                function.at / "oplock",
                f"a replay to {name} would overwrite newer rows with older events",
                mend="Remove `oplock: false`.",
            )
        case ReactionHandler(effect=Mapped()) | OwnHandler():
            return RULE(
                function.at.key(),
                f"a replay to {name} would do again what its own code does",
                mend="Let it remember the ids of events: `processing: {idempotence: id}`.",
            )
    return None
