"""Each event once: the table in which a service remembers what its hooks have done."""

from __future__ import annotations

from msgspec.structs import replace

from cncb_compiler.patterns.parts import grants, unique_assets
from cncb_compiler.plan.assets import Asset, Attribute, Table
from cncb_compiler.plan.function import FunctionPlan
from cncb_compiler.plan.handlers import Once, OwnHandler, ReactionHandler, ViewHandler
from cncb_compiler.source.location import Location

PROCESSED = Asset("table", "processed")
"""One for each service that needs it, shared by its functions."""
EXPIRES = "expires"
KEEP = 30 * 86400
"""How long an event is remembered, in seconds; longer where its stream keeps it longer."""


def once(function: FunctionPlan, retention: int) -> FunctionPlan:
    """The function, which handles each event once. `retention` is how long its streams keep records, in seconds."""
    assert isinstance(function.handler, (OwnHandler, ReactionHandler, ViewHandler))
    remembered = Once(PROCESSED, function.settings.timeout, max(KEEP, retention))
    return replace(
        function,
        grants=(*function.grants, *grants(PROCESSED, "update")),
        assets=unique_assets(function.assets, (PROCESSED,)),
        handler=replace(function.handler, once=remembered),
    )


def processed_table(functions: tuple[FunctionPlan, ...], at: Location) -> tuple[Table, ...]:
    """The table, where some function needs it."""
    if not any(PROCESSED in function.assets for function in functions):
        return ()
    return (
        Table(
            asset=PROCESSED,
            at=at,
            purpose="processed",
            key=Attribute("id", "S"),
            sort_key=None,
            indexes=(),
            ttl=EXPIRES,
            capacity="on-demand",
            captured=False,
            rebuildable=True,
        ),
    )
