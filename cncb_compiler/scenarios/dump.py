"""What has happened in a system that runs on this machine, as a recording of it needs it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote

from cncb_compiler.local.front.front import Answered
from cncb_compiler.local.machine import Machine, prefix_of, stub_name
from cncb_compiler.scenarios.live import LiveWorld
from cncb_compiler.scenarios.names import Names, Route
from cncb_compiler.scenarios.record import Dump, EventDump, ExternalDump, RequestDump
from cncb_compiler.scenarios.stored import own_fields
from cncb_compiler.scenarios.world import StreamRecord

_PARAMETER = re.compile(r"\\\{([^}]+?)\\\}")


def dumped(system: str, machine: Machine, world: LiveWorld, names: Names) -> Dump:
    """Everything since `world` was made: requests, events, external requests; rows and objects as they are now."""
    stores = {place: store for place, store in names.stores.items() if store.purpose != "collected"}
    rows = {
        place: [own for row in world.rows(store) if (own := own_fields(store, row)) is not None]
        for place, store in stores.items()
        if store.kind == "dynamodb"
    }
    return Dump(
        requests=list(_requests(machine, system, names)),
        events=list(_events(world.records())),
        rows={place: found for place, found in rows.items() if found},
        objects={
            place: found for place, store in stores.items() if store.kind == "s3" and (found := world.objects(store))
        },
        external=list(_external(machine, system)),
    )


def _requests(machine: Machine, system: str, names: Names) -> Iterator[RequestDump]:
    for answered in machine.journal.requests:
        for route in names.routes:
            path = _parameters(route, answered, prefix_of(machine.target.stage, system, route.service))
            if path is not None:
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
    if not content:
        return None
    try:
        return json.loads(content)
    except ValueError:
        return content.decode("utf-8", "replace")
