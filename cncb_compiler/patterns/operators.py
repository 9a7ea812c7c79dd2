"""Operators by exception, as settings are; and the rate that a table's capacity allows."""

from __future__ import annotations

from cncb_compiler.graph.fitness import Misfits, resolved
from cncb_compiler.graph.system import LinkedProcessing, LinkedService
from cncb_compiler.model.settings import Processing, Reduce
from cncb_compiler.patterns.parts import mapped, maybe
from cncb_compiler.plan.operators import Operators

NOTHING = LinkedProcessing()


def operators(
    service: LinkedService,
    own: Processing,
    misfits: Misfits,
    *,
    linked: LinkedProcessing = NOTHING,
    capacity: float | None = None,
) -> Operators:
    """The operators of a consumer. `capacity` is how many writes a second each of its invocations may make."""
    said = resolved(service.decl.processing, own)
    rate = capacity if said.rate in (None, "capacity") else said.rate
    fits = {name: getattr(said, name) for name in ("group", "batch") if name not in misfits}
    group = fits.get("group")
    return Operators(
        compact=tuple((event, mapped(one)) for event, one in sorted(linked.compact.items())),
        group="reduce" if isinstance(group, Reduce) else group,
        reduced=tuple((name, aggregate, maybe(argument)) for name, (aggregate, argument) in linked.reduced.items()),
        batch=fits.get("batch"),
        parallel=said.parallel or 1,
        rate=rate if isinstance(rate, (int, float)) else None,
    )


def paced(service: LinkedService, own: Processing, rate: float | None, timeout: int) -> Processing:
    """What a consumer says; unless it says a size, its batches are no larger than half of its timeout allows.

    The other half is for what has to be tried again (book: batch size / (timeout / 2) < write capacity).
    """
    said = resolved(service.decl.processing, own)
    if rate is None or "batch_size" in said.model_fields_set:
        return own
    return own.model_copy(update={"batch_size": max(1, min(said.batch_size, int(rate * timeout / 2)))})
