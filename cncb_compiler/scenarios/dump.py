"""What has happened in a system that runs on this machine, as a recording of it needs it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from cncb_compiler.graph.system import LinkedStore
from cncb_compiler.local.front.front import Answered
from cncb_compiler.local.machine import Machine, prefix_of, stub_name
from cncb_compiler.operate.names import Names, Route
from cncb_compiler.runtime.jsons import without_decimals
from cncb_compiler.runtime.rows import WRITTEN, decode, public
from cncb_compiler.scenarios.deployed_data import decoded
from cncb_compiler.scenarios.happened import Dump, EventDump, ExternalDump, InvocationDump, PutDump, RequestDump
from cncb_compiler.scenarios.live import LiveWorld
from cncb_compiler.scenarios.stored import own_fields
from cncb_compiler.scenarios.world import StreamRecord

UNSIGNED = 403
_PARAMETER = re.compile(r"\\\{([^}]+?)\\\}")


def dumped(system: str, machine: Machine, world: LiveWorld, names: Names) -> Dump:
    """Everything since `world` was made: what was done to the system and what it did; rows and objects as of now."""
    stores = {place: store for place, store in names.stores.items() if store.purpose in ("store", "view")}
    whole = {place: world.rows(store) for place, store in stores.items() if store.kind != "s3"}
    rows = {
        place: [_ordered(store, own) for row in found if (own := own_fields(store, row)) is not None]
        for place, found in whole.items()
        for store in (stores[place],)
    }
    shared = [route for route, times in Counter(map(str, names.routes)).items() if times > 1]
    return Dump(
        requests=list(_requests(machine, system, names)),
        events=list(_events(world.records())),
        rows={place: found for place, found in rows.items() if found},
        objects={
            place: found for place, store in stores.items() if store.kind == "s3" and (found := world.objects(store))
        },
        external=list(_external(machine, system)),
        invocations=list(_invocations(world, names)),
        puts=list(_puts(world, stores, whole)),
        shared=shared,
        messages={place: sent for place, outlet in names.outlets.items() if (sent := world.sent(outlet))},
    )


def _ordered(store: LinkedStore, row: dict[str, Any]) -> dict[str, Any]:
    """A row with its key first, then its fields as they are declared."""
    names = dict.fromkeys((*store.key_names, *store.record.fields, *sorted(row)))
    return {name: row[name] for name in names if name in row}


def _invocations(world: LiveWorld, names: Names) -> Iterator[InvocationDump]:
    """Those that somebody asked for: the others have records, or a request."""
    for one in world.invoked():
        payload, function = _json(one.event), world.function_of(one)
        if isinstance(payload, dict) and {"Records", "requestContext"} & payload.keys():
            continue
        yield InvocationDump(
            function=min((word for word, named in names.functions.items() if named == (function,)), key=len),
            payload=payload,
            response=_json(one.payload),
            failed=bool(one.error),
            at=one.started,
        )


def _puts(
    world: LiveWorld, stores: Mapping[str, LinkedStore], whole: Mapping[str, list[dict[str, Any]]]
) -> Iterator[PutDump]:
    """Rows that no function wrote: those bear no mark, or still that of the row before."""
    stores = {place: store for place, store in stores.items() if store.kind == "dynamodb" and store.purpose == "store"}
    places = {world.data.physical(store): place for place, store in stores.items()}
    seen: set[str] = set()
    for at, record in _changes(world):
        place = places.get(record["eventSourceARN"].split("/")[1])
        change = record["dynamodb"]
        if place is None or record["eventID"] in seen or "NewImage" not in change:
            continue
        seen.add(record["eventID"])
        row, before = decode(change["NewImage"]), decode(change.get("OldImage", {}))
        if row.get(WRITTEN) == before.get(WRITTEN):
            yield _put(stores[place], place, row, at)
    followed = {record["eventSourceARN"].split("/")[1] for _, record in _changes(world)}
    for place, store in stores.items():
        if world.data.physical(store) not in followed:
            # Nobody has seen these being written.
            yield from (_put(store, place, row, 0.0) for row in whole[place] if WRITTEN not in row)


def _put(store: LinkedStore, place: str, row: dict[str, Any], at: float) -> PutDump:
    return PutDump(place=place, row=_ordered(store, without_decimals(public(row))), at=at)


def _changes(world: LiveWorld) -> Iterator[tuple[float, dict[str, Any]]]:
    for one in world.invoked():
        payload = _json(one.event)
        for record in payload.get("Records", ()) if isinstance(payload, dict) else ():
            if record.get("eventSource") == "aws:dynamodb":
                yield one.started, record


def _requests(machine: Machine, system: str, names: Names) -> Iterator[RequestDump]:
    for answered in machine.journal.requests:
        for route in names.routes:
            path = _parameters(route, answered, prefix_of(machine.target.stage, system, route.service))
            # What was not signed is refused before it reaches the system, and scenarios sign.
            refused = route.auth == "iam" and answered.status == UNSIGNED
            if path is not None and not refused:
                yield RequestDump(
                    service=route.service,
                    route=str(route),
                    path=path,
                    query=dict(parse_qsl(answered.query)),
                    body=_json(answered.request_body),
                    status=answered.status,
                    response=_json(answered.response_body),
                    at=answered.at.timestamp(),
                )
                break


def _parameters(route: Route, answered: Answered, prefix: str) -> dict[str, str] | None:
    """The path parameters of a request to a route; None where it went elsewhere."""
    if (answered.prefix, answered.method) != (prefix, route.method):
        return None
    pattern = _PARAMETER.sub(lambda found: f"(?P<{found[1]}>[^/]+)", re.escape(route.path))
    found = re.fullmatch(pattern, answered.path)
    return None if found is None else {name: unquote(value) for name, value in found.groupdict().items()}


def _events(records: list[StreamRecord]) -> Iterator[EventDump]:
    for record in records:
        event = _json(record.data)
        if isinstance(event, dict) and "type" in event:
            yield EventDump(stream=record.stream, event=event, at=record.arrived)


def _external(machine: Machine, system: str) -> Iterator[ExternalDump]:
    prefix = stub_name(system, "")
    for seen in machine.stubs.requests:
        if seen.answer is not None and seen.variable.startswith(prefix):
            yield ExternalDump(
                variable=seen.variable.removeprefix(prefix),
                on=seen.on,
                body=seen.body,
                status=seen.answer.status,
                response=seen.answer.body,
            )


def _json(content: bytes) -> Any:
    """The JSON value; the text where it is none; None where there is nothing."""
    return decoded(content) if content else None
