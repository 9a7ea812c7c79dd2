"""All functions of one machine."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from cncb_compiler.local.functions import configuration, invocation, package
from cncb_compiler.local.functions.configuration import Configuration
from cncb_compiler.local.functions.environment import Call, Environment
from cncb_compiler.local.functions.forks import Forks
from cncb_compiler.local.functions.function import Function, RetiredError, ThrottledError, unknown
from cncb_compiler.local.functions.invocation import Invocation
from cncb_compiler.local.functions.invoke_api import InvokeApi
from cncb_compiler.local.functions.logs import LogStream, LogWriter, stream_name
from cncb_compiler.local.functions.memory import MemoryWatch
from cncb_compiler.target.problems import Problem, translated
from cncb_compiler.target.target import Target

EVENT_ATTEMPTS = 3
"""An event that fails is tried twice again (AWS Lambda: "Invoking a Lambda function asynchronously"); here at once,
on Lambda after one minute, then two."""
Extra = Callable[[str], Mapping[str, str]]
"""Variables that a function, given by its name, gets beside those that it declares."""


class Functions:
    """Runs the functions that a target holds. Safe for threads; nothing runs before `start` or after `stop`."""

    def __init__(self, target: Target, environment: Extra | None = None) -> None:
        self._target = target
        self._extra: Extra = environment or (lambda name: {})
        self._forks = Forks()
        self._memory = MemoryWatch()
        self._logs = LogWriter(lambda: target.client("logs"))
        self._api = InvokeApi(self)
        self._folder = Path()
        self._adopted: set[str] = set()
        self._functions: dict[str, Function] = {}
        self._loading: dict[str, threading.Lock] = {}
        self._subscribers: list[Callable[[Invocation], None]] = []
        self._inflight = 0
        self._running = False
        self._lock = threading.RLock()

    @property
    def url(self) -> str:
        """Where the Invoke API is served."""
        return self._api.url

    @property
    def inflight(self) -> int:
        """How many invocations are not yet finished: running, waiting for an environment, or accepted as events."""
        return self._inflight

    def start(self) -> None:
        """Serve the Invoke API; the zygote gets ready meanwhile."""
        self._folder = Path(tempfile.mkdtemp(prefix="cncb-functions-"))
        self._running = True
        self._logs.start()
        self._memory.start()
        self._api.start()
        threading.Thread(target=self._forks.prepare, name="zygote start", daemon=True).start()

    def stop(self) -> None:
        """End every environment, in the middle of its invocation too, and write the logs that are left."""
        with self._lock:
            if not self._running:
                return
            self._running = False
        self._api.stop()
        self._forks.stop()
        self.forget(list(self._functions))
        self._memory.stop()
        self._logs.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def adopt(self, names: Collection[str]) -> None:
        """Those functions run here from now on."""
        with self._lock:
            self._adopted.update(names)

    def forget(self, names: Collection[str]) -> None:
        """The functions' code or configuration changed, or they are gone: their environments end after what they do.

        The next invocation asks the target anew.
        """
        with self._lock:
            found = [self._functions.pop(name) for name in names if name in self._functions]
        for function in found:
            function.retire()

    def subscribe(self, callback: Callable[[Invocation], None]) -> None:
        """Have each finished invocation told, in the thread that ran it, before `inflight` goes down."""
        self._subscribers.append(callback)

    def flush_logs(self) -> None:
        """Returns when all that was logged until now is in CloudWatch Logs."""
        self._logs.flush()

    def kill(self, name: str) -> int:
        """Kill the environments of a function that are at work, as if the sandbox died; how many there were."""
        with self._lock:
            function = self._functions.get(name)
        return function.kill() if function is not None else 0

    def known(self, name: str) -> Configuration:
        """What is configured for a function. Raises Problem: UnknownError where there is none."""
        return self._function(name).configuration

    def invoke(
        self, name: str, payload: bytes, *, wait: bool = True, trace: str = "", client_context: str = ""
    ) -> Invocation:
        """Run one invocation to its end. What the function does wrong is in the answer's `error`.

        Where all its environments are busy: waits; without `wait` raises ThrottledError (so does a function whose
        reserved concurrency is 0). Raises Problem where there is no such function, or it cannot be started.
        """
        with self._counted():
            call = Call(invocation.new_request_id(), payload, trace or invocation.new_trace(), client_context)
            function, environment, cold = self._taken(name, wait)
            started = time.time()
            try:
                outcome = environment.invoke(call)
                tail = environment.tail
            finally:
                function.give_back(environment)
            finished = Invocation(
                name, call.request_id, started, time.time(), cold, payload, outcome.result, outcome.error or None, tail
            )
            for callback in self._subscribers:
                callback(finished)
            return finished

    def post(self, name: str, payload: bytes, *, trace: str = "", client_context: str = "") -> None:
        """Run one invocation in a thread of its own, EVENT_ATTEMPTS times at most where it fails.

        It is accepted without asking the target, who may itself be waiting for that. Raises Problem where the function
        does not run here.
        """
        with self._lock:
            if name not in self._adopted:
                raise unknown(name)

        def attempts() -> None:
            with counted, contextlib.suppress(Problem, ThrottledError):
                for _ in range(EVENT_ATTEMPTS):
                    if not self.invoke(name, payload, trace=trace, client_context=client_context).error:
                        break

        counted = contextlib.ExitStack()
        counted.enter_context(self._counted())
        threading.Thread(target=attempts, name="event", daemon=True).start()

    @contextlib.contextmanager
    def _counted(self) -> Iterator[None]:
        with self._lock:
            self._inflight += 1
        try:
            yield
        finally:
            with self._lock:
                self._inflight -= 1

    def _taken(self, name: str, wait: bool) -> tuple[Function, Environment, bool]:
        while True:
            function = self._function(name)
            with contextlib.suppress(RetiredError):
                return function, *function.take(wait)

    def _function(self, name: str) -> Function:
        with self._lock:
            if not self._running:
                raise Problem("The functions were stopped.")
            if function := self._functions.get(name):
                return function
            if name not in self._adopted:
                raise unknown(name)
            loading = self._loading.setdefault(name, threading.Lock())
        with loading:
            if function := self._functions.get(name):
                return function
            function = self._loaded(name)
            with self._lock:
                self._functions[name] = function
            return function

    def _loaded(self, name: str) -> Function:
        client = self._target.client("lambda")
        with translated(f"asking for the function {name}"):
            try:
                answer = client.get_function(FunctionName=name)
            except client.exceptions.ResourceNotFoundException:
                raise unknown(name) from None
        configured = Configuration.answered(answer)
        root = package.unpacked(package.fetched(configured.code_location), self._folder)
        return Function(configured, lambda function: self._started(function, root))

    def _started(self, function: Function, root: Path) -> Environment:
        configured = function.configuration
        stream = LogStream(configured.log_group, stream_name(), self._logs.put)
        environment = Environment(configured, self._forks, self._memory, stream, function.drop)
        given = configuration.variables(
            configured,
            region=self._target.region,
            endpoint=self._target.endpoint,
            runtime_api=environment.address,
            task_root=str(root),
            log_stream=stream.name,
            path=os.environ.get("PATH", os.defpath),
        )
        environment.start(given | dict(self._extra(configured.name)), root)
        return environment
