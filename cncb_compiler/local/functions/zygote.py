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
import sysconfig
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
    if own_package != Path(sysconfig.get_path("purelib")).resolve():
        # A checkout's folder would give functions what they have not in AWS; installed, cncb lies beside boto3.
        sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != own_package]
    _warm()
    ended = processes.child_signals()
    gc.collect()
    gc.freeze()
    living: set[int] = set()
    messages.send(connection, {"ready": os.getpid()})
    while True:
        sources: list[Any] = [connection, ended]
        readable, _, _ = select.select(sources, [], [])
        if ended in readable:
            with contextlib.suppress(BlockingIOError):
                os.read(ended, 4096)
        if connection in readable:
            received = messages.receive(connection)
            if received is None:
                break
            _obey(connection, *received, living=living)
        for pid, status in processes.reap().items():
            if pid in living:
                living.discard(pid)
                _end_group(pid)
                messages.send(connection, {"exited": pid, "status": status})
    processes.end_descendants()
    os._exit(0)


def _obey(connection: socket.socket, message: dict[str, Any], descriptors: list[int], *, living: set[int]) -> None:
    if message.get("kill") in living:
        _end_group(message["kill"])
        with contextlib.suppress(ProcessLookupError):
            os.kill(message["kill"], signal.SIGKILL)
    if "fork" in message:
        zygote = os.getpid()
        pid = os.fork()
        if pid == 0:
            connection.close()
            _become(zygote, message["variables"], message["root"], descriptors[0])
        os.close(descriptors[0])
        living.add(pid)
        messages.send(connection, {"forked": message["fork"], "pid": pid})


def _end_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _warm() -> None:
    """Import what every function needs, and make the session that `boto3.client` uses, with parsed service models.

    Neither may read the environment: the function's is set after the fork. The session reads it for its first client,
    the runtime client when it is imported (so that is left to the fork).
    """
    import concurrent.futures.thread
    import ctypes
    import uuid

    import boto3
    import boto3.dynamodb.types
    import botocore.session
    from awslambdaric import lambda_config, lambda_context, lambda_runtime_log_utils, lambda_runtime_marshaller

    _ = (concurrent.futures.thread, ctypes, uuid, boto3.dynamodb.types)
    _ = (lambda_config, lambda_context, lambda_runtime_log_utils, lambda_runtime_marshaller)
    throw_away = botocore.session.get_session()
    throw_away.set_credentials("zygote", "zygote")
    for service in WARMED:
        throw_away.create_client(service, region_name="us-east-1", endpoint_url="http://127.0.0.1:1")
    shared = botocore.session.get_session()
    shared.register_component("data_loader", throw_away.get_component("data_loader"))
    boto3.setup_default_session(botocore_session=shared)


def _become(zygote: int, variables: dict[str, str], root: str, output: int) -> NoReturn:
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


def _run() -> int:
    from awslambdaric.__main__ import main as serve

    try:
        serve(sys.argv)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0
