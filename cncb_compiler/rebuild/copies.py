"""The copies of a view: of each generation one table, or bucket and index, and the functions that keep it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from cncb_compiler.plan.assets import Asset
from cncb_compiler.plan.function import BucketTrigger, FunctionPlan, StreamTrigger, Trigger
from cncb_compiler.plan.handlers import ObjectIndexHandler, ViewHandler
from cncb_compiler.plan.service import ServicePlan


def keepers_of(plan: ServicePlan, view: str) -> tuple[FunctionPlan, ...]:
    """The functions that keep a view: that which listens to streams first, then that of its objects' index."""
    listening = [
        one for one in plan.functions if isinstance(one.handler, ViewHandler) and one.handler.store.name == view
    ]
    indexing = [
        one for one in plan.functions if isinstance(one.handler, ObjectIndexHandler) and one.handler.bucket.name == view
    ]
    return (*listening, *indexing)


def fresh_name(keeper: FunctionPlan, generation: int) -> str:
    """The name of the function that keeps a copy of a later generation, while there are two."""
    return f"{keeper.name}-{generation}"


def copy_of(plan: ServicePlan, view: str, generation: int) -> tuple[Asset, ...]:
    """What a copy of a view is made of."""
    return tuple(_moved(plan, view, generation).values())


def holding(plan: ServicePlan, view: str, generation: int) -> ServicePlan:
    """Of a service's plan nothing but the copy of one generation."""
    moved = _moved(plan, view, generation)
    return replace(
        plan,
        streams=(),
        tables=tuple(replace(one, asset=moved[one.asset]) for one in plan.tables if one.asset in moved),
        buckets=tuple(replace(one, asset=moved[one.asset]) for one in plan.buckets if one.asset in moved),
        indexes=tuple(replace(one, asset=moved[one.asset]) for one in plan.indexes if one.asset in moved),
        functions=(),
        api=None,
        resources={},
        overrides={},
        deliveries=(),
        alarms=(),
        queues=(),
        buses=(),
    )


def filling(plan: ServicePlan, view: str, generation: int) -> ServicePlan:
    """Of a service's plan nothing but the copy of one generation, and functions of its own that keep it.

    These are named after the generation, `view-orders-2`, and read their streams from the oldest event that these
    still have.
    """
    moved = _moved(plan, view, generation)
    functions = tuple(_keeping(keeper, moved, generation) for keeper in keepers_of(plan, view))
    return replace(holding(plan, view, generation), functions=functions)


def _moved(plan: ServicePlan, view: str, generation: int) -> dict[Asset, Asset]:
    """By what the declared copy is made of, what that of another generation is."""
    made = (asset for keeper in keepers_of(plan, view) for asset in _kept(keeper))
    return {asset: replace(asset, generation=generation) for asset in made}


def _kept(keeper: FunctionPlan) -> tuple[Asset, ...]:
    match keeper.handler:
        case ViewHandler(store=store):
            return (store,)
        case ObjectIndexHandler(bucket=bucket, index=index):
            return bucket, index
    return ()


def _keeping(keeper: FunctionPlan, moved: Mapping[Asset, Asset], generation: int) -> FunctionPlan:
    handler: Any = keeper.handler
    named = {
        name: moved[getattr(handler, name)]
        for name in ("store", "bucket", "index")
        if getattr(handler, name, None) in moved
    }
    return replace(
        keeper,
        name=fresh_name(keeper, generation),
        triggers=tuple(_trigger(trigger, moved) for trigger in keeper.triggers),
        grants=tuple(replace(grant, asset=moved.get(grant.asset, grant.asset)) for grant in keeper.grants),
        assets=tuple(moved.get(asset, asset) for asset in keeper.assets),
        handler=replace(handler, **named),
    )


def _trigger(trigger: Trigger, moved: Mapping[Asset, Asset]) -> Trigger:
    if isinstance(trigger, BucketTrigger):
        return replace(trigger, bucket=moved[trigger.bucket])
    if isinstance(trigger, StreamTrigger):
        return replace(trigger, read=replace(trigger.read, starting_position="TRIM_HORIZON"))
    return trigger
