"""The search index of an s3 view's objects: what follows the bucket."""

from __future__ import annotations

from cncb_compiler.graph.system import LinkedService, LinkedStore, LinkedSystem, LinkedView
from cncb_compiler.patterns.parts import grants, store_asset, stream_asset, unique_assets
from cncb_compiler.patterns.settings import read_settings, settings
from cncb_compiler.plan.function import BucketTrigger, FunctionPlan
from cncb_compiler.plan.handlers import ObjectIndexHandler


def lower_object_index(
    system: LinkedSystem, service: LinkedService, view: LinkedView, index: LinkedStore
) -> FunctionPlan:
    """An index of objects that are there already, so that a search never finds what is not (book: search BFF)."""
    decl = view.decl
    bucket, target = store_asset(view.store), store_asset(index)
    return FunctionPlan(
        name=f"index-{view.construct.name}",
        pattern="object index",
        description=f"Indexes the objects of {view.construct.name}.",
        at=view.construct.at,
        settings=settings(system.declared.defaults, service.decl, decl.function, routed=False),
        triggers=(BucketTrigger(bucket, read_settings(service.decl.processing, decl.processing).faults),),
        grants=(*grants(bucket, "get"), *grants(target, "put")),
        assets=unique_assets((bucket, target)),
        handler=ObjectIndexHandler(bucket, target),
        faults_to=stream_asset(system, view.projections[0].event),
    )
