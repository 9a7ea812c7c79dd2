"""What other commands ask of a `cncb run`: what has happened, and to go on with what they have deployed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cncb_compiler.aws import naming
from cncb_compiler.deploy.standing import physical_ids
from cncb_compiler.local.front.server import Answer, Request, Server
from cncb_compiler.local.session import Running
from cncb_compiler.passes import analyse, has_errors
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.scenarios.dump import dumped
from cncb_compiler.scenarios.live import LiveWorld
from cncb_compiler.source.discover import systems
from cncb_compiler.target import deployment
from cncb_compiler.trace import remembered

WRITTEN_SECONDS = 30.0
"""How long the lake of a run may take to write what it has gathered."""


@contextmanager
def control(root: Path, running: Running, world: LiveWorld) -> Iterator[str]:
    """Serve `GET /dump`, `GET /invocations`, `POST /deployed` and `POST /written`. Gives its URL."""
    system, machine = running.analysis.linked.name, running.machine

    def answer(request: Request) -> Answer:
        match request.method, request.path:
            case "GET", "/dump":
                body = json.dumps(dumped(system, machine, world, world.names)).encode()
            case "GET", remembered.PATH:
                body = remembered.told(machine.journal.invocations)
            case "POST", deployment.DEPLOYED:
                return _look_again(root, running, world, request.body.decode())
            case "POST", deployment.WRITTEN:
                return Answer(204 if machine.write_lake(WRITTEN_SECONDS) else 503)
            case _:
                return Answer(404)
        return Answer(200, (("Content-Type", "application/json"),), body)

    server = Server(answer)
    server.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.stop()


def _look_again(root: Path, running: Running, world: LiveWorld, service: str) -> Answer:
    """Go on with a service as it is deployed now, and as it is declared where that is what is deployed."""
    stacks = {stack.service: stack.name for stack in running.stacks}
    if service not in stacks:
        return Answer(404)
    running.machine.look_again(stacks[service])
    (source,) = systems(root)
    analysis = analyse(source)
    if has_errors(analysis.shown()):
        return Answer(409)
    plan = next(one for one in analysis.plans if one.service == service)
    physical = physical_ids(running.machine.target, stacks[service])
    if _made_by(plan) <= physical.keys():
        world.look_again(analysis, service, physical)
    return Answer(204)


def _made_by(plan: ServicePlan) -> set[str]:
    """The logical ids of what a plan's functions are, and of what holds their data."""
    held = [*(one.asset for one in plan.tables), *(one.asset for one in plan.buckets)]
    return {*map(naming.asset_id, held), *(naming.function_id(one.name) for one in plan.functions)}
