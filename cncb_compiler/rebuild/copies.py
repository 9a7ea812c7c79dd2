"""A service with two copies of one view: what is deployed while the fresh one is filled."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cncb_compiler.plan.assets import Asset
from cncb_compiler.plan.function import BucketTrigger, FunctionPlan, StreamTrigger, Trigger
from cncb_compiler.plan.handlers import ObjectIndexHandler, ViewHandler
from cncb_compiler.plan.service import ServicePlan


def with_both(plan: ServicePlan, view: str, old: int, new: int) -> ServicePlan:
    """The plan, with the copies of both generations of a view, and functions that keep the new one.

    The plan itself is of one of the two; its own functions keep, and answer from, that one. The further ones are named
    after the new generation, `view-orders-2`, and read their streams from the oldest event that these still have.
    """
    keepers = keepers_of(plan, view)
    here = {asset for keeper in keepers for asset in _copied(keeper)}
    fresh = {asset: replace(asset, generation=new) for asset in here}
    other = {asset: replace(asset, generation=old if asset.generation == new else new) for asset in here}
    return replace(
        plan,
        tables=plan.tables + tuple(replace(one, asset=other[one.asset]) for one in plan.tables if one.asset in other),
        buckets=plan.buckets
        + tuple(replace(one, asset=other[one.asset]) for one in plan.buckets if one.asset in other),
        indexes=plan.indexes
        + tuple(replace(one, asset=other[one.asset]) for one in plan.indexes if one.asset in other),
        functions=plan.functions + tuple(_keeping(keeper, fresh, new) for keeper in keepers),
    )


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


def _copied(keeper: FunctionPlan) -> tuple[Asset, ...]:
    match keeper.handler:
        case ViewHandler(store=store):
            return (store,)
        case ObjectIndexHandler(bucket=bucket, index=index):
            return bucket, index
    return ()


def _keeping(keeper: FunctionPlan, fresh: dict[Asset, Asset], generation: int) -> FunctionPlan:
    handler: Any = keeper.handler
    moved = {
        name: fresh[getattr(handler, name)]
        for name in ("store", "bucket", "index")
        if getattr(handler, name, None) in fresh
    }
    return replace(
        keeper,
        name=fresh_name(keeper, generation),
        triggers=tuple(_trigger(trigger, fresh) for trigger in keeper.triggers),
        grants=tuple(replace(grant, asset=fresh.get(grant.asset, grant.asset)) for grant in keeper.grants),
        assets=tuple(fresh.get(asset, asset) for asset in keeper.assets),
        handler=replace(handler, **moved),
    )


def _trigger(trigger: Trigger, fresh: dict[Asset, Asset]) -> Trigger:
    if isinstance(trigger, BucketTrigger):
        return replace(trigger, bucket=fresh[trigger.bucket])
    if isinstance(trigger, StreamTrigger):
        return replace(trigger, read=replace(trigger.read, starting_position="TRIM_HORIZON"))
    return trigger
