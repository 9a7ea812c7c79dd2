"""The zygote: a process with one thread that has imported what every function imports, and forks the environments.

A fork takes milliseconds where an interpreter that imports boto3 takes half a second. The zygote only knows how to
fork, to kill, and to tell who ended; messages.py is its language:

- `{"fork": n, "variables": {...}, "root": folder}` with the file for the output -> `{"forked": n, "pid": p}`
- `{"kill": p}` -> nothing
- `{"exited": p, "status": s}` when an environment ended; the status is that of os.waitpid
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import socket
import sys
from pathlib import Path
from typing import Any, NoReturn

from cncb_compiler.local import processes
from cncb_compiler.local.functions import messages

WARMED = ("dynamodb", "kinesis", "s3")
"""The services whose clients are made once before the first fork, so that their models are read and parsed once."""


def main(descriptor: int) -> NoReturn:
    """Serve the pool at the other end of the socket `descriptor` until it hangs up; then end all environments."""
    connection = socket.socket(fileno=descriptor)
    own_package = Path(__file__).parents[3]
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != own_package]
    loader = _warm()
    ended = processes.child_signals()
    gc.collect()
    gc.freeze()
    living: set[int] = set()
    messages.send(connection, {"ready": os.getpid()})
    while True:
        readable, _, _ = select.select([connection, ended], [], [])
        if ended in readable:
            with contextlib.suppress(BlockingIOError):
                os.read(ended, 4096)
        if connection in readable:
            received = messages.receive(connection)
            if received is None:
                break
            _obey(connection, *received, living=living, loader=loader)
        for pid, status in processes.reap().items():
            if pid in living:
                living.discard(pid)
                _end_group(pid)
                messages.send(connection, {"exited": pid, "status": status})
    processes.end_descendants()
    os._exit(0)


def _obey(
    connection: socket.socket, message: dict[str, Any], descriptors: list[int], *, living: set[int], loader: Any
) -> None:
    if message.get("kill") in living:
        _end_group(message["kill"])
        with contextlib.suppress(ProcessLookupError):
            os.kill(message["kill"], signal.SIGKILL)
    if "fork" in message:
        zygote = os.getpid()
        pid = os.fork()
        if pid == 0:
            connection.close()
            _become(zygote, message["variables"], message["root"], descriptors[0], loader)
        os.close(descriptors[0])
        living.add(pid)
        messages.send(connection, {"forked": message["fork"], "pid": pid})


def _end_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _warm() -> Any:
    import logging.handlers
    import uuid
    from concurrent import futures

    import awslambdaric
    import boto3
    import botocore.session
    import runtime_client

    _ = (logging.handlers, uuid, futures.ThreadPoolExecutor, awslambdaric, runtime_client)
    session = botocore.session.get_session()
    session.set_credentials("zygote", "zygote")
    warm = boto3.Session(botocore_session=session, region_name="us-east-1")
    for service in WARMED:
        warm.client(service, endpoint_url="http://127.0.0.1:1")
    return session.get_component("data_loader")


def _become(zygote: int, variables: dict[str, str], root: str, output: int, loader: Any) -> NoReturn:
    """The forked process becomes the environment of a function: nothing of the zygote is left but its modules."""
    code = 1
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        processes.die_with_parent(zygote)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.closerange(3, max(output, 64) + 1)
        os.environ.clear()
        os.environ.update(variables)
        os.chdir(root)
        sys.path.insert(0, root)
        sys.argv[:] = ["bootstrap", variables["_HANDLER"]]
        _forget_modules(Path(root))
        _share(loader)
        code = _run()
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _forget_modules(root: Path) -> None:
    """Drop cncb's own modules, and those that the function's package brings itself, in its own version."""
    own = {entry.stem if entry.is_file() else entry.name for entry in root.iterdir()} - sys.stdlib_module_names
    for name in list(sys.modules):
        if name.partition(".")[0] in own | {"cncb_compiler"}:
            del sys.modules[name]


def _share(loader: Any) -> None:
    """Give the session that `boto3.client` uses the service models that the zygote has read."""
    import boto3
    import botocore.session

    session = botocore.session.get_session()
    session.register_component("data_loader", loader)
    boto3.setup_default_session(botocore_session=session)


def _run() -> int:
    from awslambdaric.__main__ import main as serve

    try:
        serve(sys.argv)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0
