"""What a consumer asks of AWS for one event, one call after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cncb_compiler.plan.handlers import (
    ChangesHandler,
    CollectHandler,
    EvaluateHandler,
    JoinHandler,
    OwnHandler,
    ReactionHandler,
    SendMessage,
    TransitionsHandler,
    ViewHandler,
    WriteRow,
)

if TYPE_CHECKING:
    from cncb_compiler.model.settings import Idempotence
    from cncb_compiler.plan.assets import Asset
    from cncb_compiler.plan.function import FunctionPlan
    from cncb_compiler.plan.mapped import Mapped


def calls_of(function: FunctionPlan) -> tuple[str, ...]:
    """The calls for one event, in their order; none of what reads no stream.

    Those of hooks are not known; those for the few events that outgrow a stream are not counted.
    """
    handler = function.handler
    match handler:
        case ViewHandler():
            calls = _written(handler.store, handler.idempotence)
        case ReactionHandler():
            calls = _reacted(handler.effect)
        case CollectHandler():
            calls = ("collect",)
        case EvaluateHandler():
            calls = ("query", "write")
        case JoinHandler():
            calls = ("query", "publish")
        case ChangesHandler() | TransitionsHandler():
            calls = ("publish",)
        case _:
            calls = ()
    once = handler.once if isinstance(handler, (OwnHandler, ReactionHandler, ViewHandler)) else None
    return ("claim", *calls, "done") if once is not None else calls


def _reacted(effect: WriteRow | Mapped | SendMessage) -> tuple[str, ...]:
    if isinstance(effect, SendMessage):
        return ("send",)
    return _written(effect.store, effect.idempotence) if isinstance(effect, WriteRow) else ()


def _written(store: Asset, idempotence: Idempotence | None) -> tuple[str, ...]:
    compared = store.kind == "bucket" and idempotence in ("oplock", "sequence")
    return ("read", "write") if compared else ("write",)
