"""What other commands ask of a `cncb run`: what has happened, and to go on with what they have deployed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cncb_compiler.deploy.standing import physical_ids
from cncb_compiler.local.front.server import Answer, Request, Server
from cncb_compiler.local.session import Running
from cncb_compiler.passes import analyse, has_errors
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
    """Go on with a service as it is declared and deployed now."""
    stacks = {stack.service: stack.name for stack in running.stacks}
    if service not in stacks:
        return Answer(404)
    running.machine.look_again(stacks[service])
    (source,) = systems(root)
    analysis = analyse(source)
    if has_errors(analysis.shown()):
        return Answer(409)
    world.look_again(analysis, service, physical_ids(running.machine.target, stacks[service]))
    return Answer(204)
