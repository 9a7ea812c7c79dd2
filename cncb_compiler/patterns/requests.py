"""Commands, queries and own functions: what answers a route or an invocation."""

from __future__ import annotations

from cncb_compiler.graph.system import (
    Emission,
    LinkedCommand,
    LinkedFunction,
    LinkedQuery,
    LinkedSearch,
    LinkedService,
    LinkedSystem,
)
from cncb_compiler.model.command import Auth
from cncb_compiler.model.idempotence import HOOKS, idempotence
from cncb_compiler.patterns.once import once
from cncb_compiler.patterns.parts import (
    grants,
    maybe,
    publish,
    retention,
    store_asset,
    stream_asset,
    stream_triggers,
    unique_assets,
    write_grants,
    write_row,
)
from cncb_compiler.patterns.settings import settings
from cncb_compiler.plan.assets import Asset
from cncb_compiler.plan.function import FunctionPlan, Grant, RouteTrigger, ScheduleTrigger, Trigger
from cncb_compiler.plan.handlers import CommandHandler, OwnHandler, QueryHandler, SearchBy
from cncb_compiler.source.location import Location


def route_trigger(service: LinkedService, route: str | None, auth: Auth | None, at: Location) -> tuple[Trigger, ...]:
    """The route of a construct; what is not said about auth was reported, and is refused to everybody."""
    if route is None:
        return ()
    method, path = route.split(" ", 1)
    return (RouteTrigger(method, path, auth or service.decl.api.auth or "iam", at / "route"),)


def lower_command(system: LinkedSystem, service: LinkedService, command: LinkedCommand) -> FunctionPlan | None:
    """Database-first: one write to the store. Event-first: one put on the stream (book: chapter 2)."""
    if command.effect is None:
        return None
    decl, at = command.decl, command.construct.at
    if isinstance(command.effect, Emission):
        effect = publish(system, command.effect, None)
        asset, allowed = effect.stream, grants(effect.stream, "publish")
        handler = CommandHandler(command.input, decl.route is not None, effect)
    else:
        store = command.effect.store
        change = service.decl.changes.get(store.name)
        row = write_row(command.effect, latched=False if change and change.latch else None)
        asset, allowed = row.store, write_grants(row)
        handler = CommandHandler(command.input, decl.route is not None, row)
    return FunctionPlan(
        name=f"command-{command.construct.name}",
        pattern="event-first command" if decl.publish else "database-first command",
        description=decl.description,
        at=at,
        settings=settings(system.declared.defaults, service.decl, decl.function, routed=decl.route is not None),
        triggers=route_trigger(service, decl.route, decl.auth, at),
        grants=allowed,
        assets=(asset,),
        handler=handler,
    )


def lower_query(system: LinkedSystem, service: LinkedService, query: LinkedQuery) -> FunctionPlan:
    """A read of one view or store of the service's own (book: materialized views)."""
    decl, at = query.decl, query.construct.at
    searched = query.store if query.mode != "search" else query.store.index or query.store
    asset = store_asset(searched)
    bucket = None if searched is query.store else store_asset(query.store)
    verb: dict[str, tuple[Grant, ...]] = {
        "one": grants(asset, "get"),
        "page": grants(asset, "query", index=decl.index),
        "all": grants(asset, "scan"),
        # Whoever is given the URL of an object gets it with the rights of the function that has signed it.
        "search": (*grants(asset, "query"), *(grants(bucket, "get") if bucket else ())),
    }
    return FunctionPlan(
        name=f"query-{query.construct.name}",
        pattern="query",
        description=decl.description,
        at=at,
        settings=settings(system.declared.defaults, service.decl, decl.function, routed=decl.route is not None),
        triggers=route_trigger(service, decl.route, decl.auth, at),
        grants=verb[query.mode],
        assets=(asset,) if bucket is None else unique_assets((asset, bucket)),
        handler=QueryHandler(
            source=asset,
            mode=query.mode,
            key_names=searched.key_names,
            index=decl.index,
            key=maybe(query.key),
            fields=maybe(query.fields),
            limit=decl.limit,
            routed=decl.route is not None,
            search=_search_by(query.search),
            bucket=bucket,
        ),
    )


def _search_by(search: LinkedSearch | None) -> SearchBy | None:
    if search is None:
        return None
    return SearchBy(search.text, tuple(search.filters.values()), tuple(search.sort.values()))


def lower_function(system: LinkedSystem, service: LinkedService, function: LinkedFunction) -> FunctionPlan:
    """A handler of the team's own, with exactly the permissions that its declaration asks for."""
    decl, at = function.decl, function.construct.at
    allowed: list[Grant] = []
    assets: list[Asset] = []
    for store in function.reads:
        asset = store_asset(store)
        assets.append(asset)
        allowed += grants(asset, "get") if store.kind == "s3" else grants(asset, "get", "query")
    if function.writes is not None:
        asset = store_asset(function.writes)
        assets.append(asset)
        allowed += grants(asset, "put", "update", "delete") if asset.kind == "table" else grants(asset, "put", "delete")
    for event in function.publishes:
        asset = stream_asset(system, event)
        assets.append(asset)
        allowed += grants(asset, "publish")
    triggers: list[Trigger] = [*route_trigger(service, decl.route, decl.auth, at)]
    triggers += stream_triggers(system, service, function.events, decl.processing)
    if decl.schedule:
        triggers.append(ScheduleTrigger(decl.schedule))
    module, name = decl.handler.split(".")
    made = FunctionPlan(
        name=function.construct.name,
        pattern="own function",
        description=decl.description,
        at=at,
        settings=settings(system.declared.defaults, service.decl, decl.function, routed=decl.route is not None),
        triggers=tuple(triggers),
        grants=tuple(dict.fromkeys(allowed)),
        assets=unique_assets(assets),
        handler=OwnHandler(module, name, function.events),
        faults_to=stream_asset(system, function.events[0]) if function.events else None,
    )
    if function.events and idempotence(service.decl, decl.processing, HOOKS) == "id":
        return once(made, retention(system, function.events))
    return made
