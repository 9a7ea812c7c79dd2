"""One execution environment: a process under the runtime client, which takes one invocation after the other.

AWS Lambda: "Understanding the Lambda execution environment lifecycle". What differs here: an init that fails is not
run a second time, and an init that outlasts its 10 seconds goes on at the cost of the function's timeout.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cncb_compiler.local.functions import invocation, reports, runtime_api
from cncb_compiler.local.functions.configuration import Configuration
from cncb_compiler.local.functions.forks import Forks
from cncb_compiler.local.functions.invocation import Outcome
from cncb_compiler.local.functions.logs import LogStream, Output
from cncb_compiler.local.functions.memory import MB, MemoryWatch
from cncb_compiler.local.functions.runtime_api import Request, RuntimeApi
from cncb_compiler.target.problems import Problem

INIT_SECONDS = 10.0
GONE_SECONDS = 5.0
"""How long a killed process is waited for."""


@dataclass(frozen=True, slots=True)
class Call:
    """One invocation on its way to an environment. `client_context` is JSON, as the caller gave it."""

    request_id: str
    payload: bytes
    trace: str
    client_context: str = ""


class Environment:
    """A process that serves one function. For one thread at a time, but for `kill`.

    `ended` is called once with the environment, from another thread, when its process ended.
    """

    def __init__(
        self,
        configuration: Configuration,
        forks: Forks,
        memory: MemoryWatch,
        stream: LogStream,
        ended: Callable[[Environment], None],
    ) -> None:
        self.usable = True
        """Whether another invocation may come."""
        self._configuration = configuration
        self._forks = forks
        self._memory = memory
        self._stream = stream
        self._ended = ended
        self._api = RuntimeApi()
        self._output = Output(stream)
        self._gone = threading.Event()
        self._status = 0
        self._pid = 0
        self._process: Any = None
        self._full = False
        self._init: float | None = None
        self._forked = 0.0
        self._began = 0.0

    @property
    def address(self) -> str:
        """The Runtime API's, for AWS_LAMBDA_RUNTIME_API."""
        return self._api.address

    def start(self, variables: Mapping[str, str], root: Path) -> None:
        """Fork the process. Raises Problem."""
        import psutil

        self._stream.begin()
        self._say(reports.init_started(self._configuration))
        self._forks.prepare()
        self._forked = time.monotonic()
        try:
            self._pid = self._forks.fork(variables, root, self._output.sink, self._exited)
        except Problem:
            self._api.close()
            raise
        finally:
            self._output.follow()
        with contextlib.suppress(psutil.NoSuchProcess):
            self._process = psutil.Process(self._pid)

    def invoke(self, call: Call) -> Outcome:
        """Run one invocation to its end; afterwards `tail` is its log's end."""
        self._began, self._init, self._full = time.monotonic(), None, False
        with self._memory.watch(self._process, self._configuration.memory, self._overfull) as watched:
            outcome = self._outcome(call)
            ended = time.monotonic()
            watched.look()
        if not self.usable:
            self.kill()
        self._output.drain()
        duration = (ended - self._began) * 1000
        memory = round(watched.peak / MB)
        self._say(
            reports.ended(self._configuration, reports.Report(call.request_id, duration, memory, self._init, outcome))
        )
        return outcome

    @property
    def tail(self) -> bytes:
        """The last 4 KB of the last invocation's log."""
        return bytes(self._stream.tail)

    def kill(self) -> None:
        """End the process at once, as if the sandbox died: afterwards it does nothing more. From any thread."""
        self._forks.kill(self._pid)
        self._gone.wait(GONE_SECONDS)

    def close(self) -> None:
        """End the process, and give back what the environment held."""
        self.usable = False
        self.kill()
        self._output.drain()
        self._api.close()

    def _outcome(self, call: Call) -> Outcome:
        first = self._forked > 0
        timeout = float(self._configuration.timeout)
        if not first:
            self._stream.begin()
            self._say(reports.started(self._configuration, call.request_id))
        try:
            request = self._api.request(self._began + timeout + (INIT_SECONDS if first else 0.0))
            if first:
                self._initialised(call)
            if request is not None and request.path == runtime_api.NEXT:
                self._deliver(call, timeout)
                request = self._api.request(self._began + timeout)
            return self._ending(call, request)
        except TimeoutError:
            self.usable = False
            return invocation.timed_out(call.request_id, timeout)

    def _initialised(self, call: Call) -> None:
        self._began = time.monotonic()
        self._init, self._forked = (self._began - self._forked) * 1000, 0.0
        self._output.drain()
        self._say(reports.started(self._configuration, call.request_id))

    def _deliver(self, call: Call, timeout: float) -> None:
        headers = {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": call.request_id,
            "Lambda-Runtime-Deadline-Ms": str(int((time.time() + timeout) * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": self._configuration.arn,
            "Lambda-Runtime-Trace-Id": call.trace,
        }
        if call.client_context:
            headers["Lambda-Runtime-Client-Context"] = call.client_context
        self._api.answer(200, headers, call.payload)

    def _ending(self, call: Call, request: Request | None) -> Outcome:
        if request is None:
            self.usable = False
            if self._full:
                return invocation.out_of_memory(call.request_id)
            return invocation.exited(call.request_id, self._status)
        if request.path == f"{runtime_api.VERSION}/invocation/{call.request_id}/response":
            if len(request.body) > invocation.RESPONSE_BYTES:
                self.usable = False
                self._answer(413)
                return invocation.too_large(len(request.body))
            self._answer(202)
            return Outcome(request.body)
        error_type = str(request.headers.get(runtime_api.ERROR_TYPE, ""))
        self.usable = request.path == f"{runtime_api.VERSION}/invocation/{call.request_id}/error"
        self._answer(202)
        if request.path == runtime_api.INIT_ERROR:
            self._gone.wait(GONE_SECONDS)
        return invocation.reported(request.body, error_type)

    def _answer(self, status: int) -> None:
        self._api.answer(status, {"Content-Type": "application/json"}, b'{"status":"OK"}')

    def _say(self, lines: Any) -> None:
        for line in lines:
            self._stream.line(line)

    def _overfull(self) -> None:
        self._full = True
        self.kill()

    def _exited(self, status: int) -> None:
        self._status = status
        self.usable = False
        self._gone.set()
        self._api.hang_up()
        self._ended(self)
