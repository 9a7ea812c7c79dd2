"""One port of this machine that answers for all deployed APIs, each under its own prefix."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as LateError
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from cncb_compiler.local.front.answers import of_json
from cncb_compiler.local.front.api import PAYLOAD_BYTES, Api, Arrival, Function, Gate, Invocation
from cncb_compiler.local.front.http_api import read_http_api
from cncb_compiler.local.front.rest_api import read_rest_api
from cncb_compiler.local.front.server import HOST, Answer, Request, Server
from cncb_compiler.local.front.signing import Caller, verified
from cncb_compiler.target.problems import Problem, translated
from cncb_compiler.target.target import Target

LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answered:
    """A request that was answered. `path` is the part behind the prefix; `duration` is in seconds; `at` is in UTC."""

    at: datetime
    request_id: str
    prefix: str
    method: str
    path: str
    query: str
    status: int
    duration: float
    request_body: bytes
    response_body: bytes


@dataclass(frozen=True, slots=True)
class _Failed:
    """An invocation that could not be made."""

    error: str
    payload: bytes = b""


class Front:
    """Answers for deployed APIs as API Gateway would.

    `invoke` invokes a function by its name. `limit` is how many seconds an integration may take at most, instead of
    what API Gateway allows (30 for HTTP APIs, 29 for REST APIs).
    """

    def __init__(
        self, target: Target, invoke: Callable[[str, bytes], Invocation], port: int = 0, limit: float | None = None
    ) -> None:
        self._target = target
        self._invoke = invoke
        self._limit = limit
        self._apis: dict[str, Api] = {}
        self._identity: dict[str, str] | None = None
        self._subscribers: tuple[Callable[[Answered], None], ...] = ()
        self._lock = threading.Lock()
        self._gate = Gate(self._invoked, self._verified)
        self._server = Server(self._answer, port, PAYLOAD_BYTES, self._too_large)

    @property
    def port(self) -> int:
        """The port, once it is started."""
        return self._server.port

    def start(self) -> None:
        """Begin to answer. Raises Problem where the port is taken."""
        try:
            self._server.start()
        except OSError as error:
            raise Problem(
                f"Port {self._server.port} cannot be listened on: {error.strerror}.", "Take another."
            ) from None

    def stop(self) -> None:
        """Answer no more, and close all connections."""
        self._server.stop()

    def adopt(self, prefix: str, kind: Literal["http", "rest"], api_id: str) -> None:
        """Answer for a deployed API under a prefix, as `dev/orders`; it is read anew if it was adopted before.

        Raises Problem where it asks for what is not played on this machine, and goes on to serve what was there.
        """
        with translated(f"reading the API of {prefix}"):
            account = self._caller()["Account"]
            if kind == "http":
                api: Api = read_http_api(self._target.client("apigatewayv2"), api_id, account)
            else:
                api = read_rest_api(self._target.client("apigateway"), api_id, account)
        with self._lock:
            self._apis = {**self._apis, prefix.strip("/"): api}

    def forget(self, prefix: str) -> None:
        """Answer no more for the API of a prefix."""
        with self._lock:
            self._apis = {known: api for known, api in self._apis.items() if known != prefix.strip("/")}

    def url(self, prefix: str) -> str:
        """Where the API of a prefix answers. Raises KeyError where there is none."""
        known = prefix.strip("/")
        return f"http://{HOST}:{self.port}/{known}{self._apis[known].base}"

    def subscribe(self, callback: Callable[[Answered], None]) -> Callable[[], None]:
        """Call back for each answered request, before its answer is sent. What is returned ends that."""
        with self._lock:
            self._subscribers = (*self._subscribers, callback)

        def unsubscribe() -> None:
            with self._lock:
                self._subscribers = tuple(known for known in self._subscribers if known is not callback)

        return unsubscribe

    def _answer(self, request: Request) -> Answer:
        return self._answered(request, lambda api, arrival: api.answer(arrival, self._gate))

    def _too_large(self, request: Request) -> Answer:
        return self._answered(request, lambda api, arrival: api.too_large(arrival))

    def _answered(self, request: Request, answer: Callable[[Api, Arrival], Answer]) -> Answer:
        prefix = self._prefix(request.path)
        if prefix is None:
            known = ", ".join(f"/{name}" for name in sorted(self._apis)) or "none yet"
            return of_json(404, {"message": f"No API answers here. There are: {known}."})
        path = request.path.removeprefix(f"/{prefix}") or "/"
        arrival = Arrival(request, path, str(uuid.uuid4()), datetime.now(UTC))
        begin = time.perf_counter()
        made = answer(self._apis[prefix], arrival)
        duration = time.perf_counter() - begin
        self._tell(
            Answered(
                at=arrival.at,
                request_id=arrival.id,
                prefix=prefix,
                method=request.method,
                path=path,
                query=request.query,
                status=made.status,
                duration=duration,
                request_body=request.body,
                response_body=made.body,
            )
        )
        return made

    def _prefix(self, path: str) -> str | None:
        """The longest prefix that a path begins with."""
        fitting = [name for name in self._apis if path == f"/{name}" or path.startswith(f"/{name}/")]
        return max(fitting, key=len, default=None)

    def _tell(self, answered: Answered) -> None:
        for subscriber in self._subscribers:
            try:
                subscriber(answered)
            except Exception:
                LOGGER.exception("a subscriber failed at %s %s", answered.method, answered.path)

    def _invoked(self, function: Function, payload: bytes) -> Invocation | None:
        """Invoke, and wait no longer than allowed; as on AWS, a function that is late goes on for itself."""
        result: Future[Invocation] = Future()

        def invoke() -> None:
            try:
                result.set_result(self._invoke(function.name, payload))
            except Exception as error:
                LOGGER.exception("%s could not be invoked", function.name)
                result.set_result(_Failed(str(error)))

        threading.Thread(target=invoke, name=f"invoke {function.name}", daemon=True).start()
        allowed = function.seconds if self._limit is None else min(function.seconds, self._limit)
        try:
            return result.result(allowed)
        except LateError:
            return None

    def _verified(self, request: Request) -> Caller:
        access_key = verified(request, self._target, datetime.now(UTC))
        caller = self._caller()
        return Caller(access_key, caller["Account"], caller["Arn"], caller["UserId"])

    def _caller(self) -> dict[str, str]:
        """Whose credentials the target has; asked once."""
        if self._identity is None:
            self._identity = self._target.client("sts").get_caller_identity()
        return self._identity
