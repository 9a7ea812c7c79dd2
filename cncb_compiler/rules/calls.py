"""What a consumer asks of AWS for one event, one call after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cncb_compiler.plan.function import StreamTrigger
from cncb_compiler.plan.handlers import (
    ChangesHandler,
    CollectHandler,
    EvaluateHandler,
    JoinHandler,
    OwnHandler,
    ReactionHandler,
    TransitionsHandler,
    ViewHandler,
    WriteRow,
)

if TYPE_CHECKING:
    from cncb_compiler.model.settings import Idempotence
    from cncb_compiler.plan.assets import Asset
    from cncb_compiler.plan.function import FunctionPlan
    from cncb_compiler.plan.handlers import Publish


def calls_of(function: FunctionPlan) -> tuple[str, ...]:
    """The calls for one event at most, in their order; none of what reads no stream. Those of hooks are not known."""
    handler = function.handler
    match handler:
        case ViewHandler():
            calls = _written(handler.store, handler.idempotence)
        case ReactionHandler():
            effect = handler.effect
            calls = _written(effect.store, effect.idempotence) if isinstance(effect, WriteRow) else ()
        case CollectHandler():
            calls = ("collect",)
        case EvaluateHandler():
            calls = ("query", "write")
        case JoinHandler():
            calls = ("query", *_published((handler.publish,)))
        case ChangesHandler():
            calls = _published(tuple(one.publish for one in handler.captured))
        case TransitionsHandler():
            calls = _published(tuple(step.publish for step in handler.steps))
        case _:
            calls = ()
    once = handler.once if isinstance(handler, (OwnHandler, ReactionHandler, ViewHandler)) else None
    claimed = any(isinstance(trigger, StreamTrigger) and trigger.packed for trigger in function.triggers)
    return (*(("unpack",) if claimed else ()), *(("claim", *calls, "done") if once is not None else calls))


def _written(store: Asset, idempotence: Idempotence | None) -> tuple[str, ...]:
    compared = store.kind == "bucket" and idempotence in ("oplock", "sequence")
    return ("read", "write") if compared else ("write",)


def _published(events: tuple[Publish, ...]) -> tuple[str, ...]:
    claims = any(one.packing is not None and one.packing.claim for one in events)
    return ("keep", "publish") if claims else ("publish",)
