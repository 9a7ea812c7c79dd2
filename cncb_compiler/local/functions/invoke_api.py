"""The Invoke API (AWS Lambda API: "Invoke") for the functions of this machine, and the switch that kills them."""

from __future__ import annotations

import base64
import json
import re
import threading
import urllib.parse
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol

from cncb_compiler.local.functions.configuration import VERSION, Configuration
from cncb_compiler.local.functions.function import ThrottledError, UnknownError
from cncb_compiler.local.functions.invocation import PAYLOAD_BYTES, Invocation, new_request_id
from cncb_compiler.target.problems import Problem

INVOKE = re.compile(r"/2015-03-31/functions/(?P<function>[^/]+)/invocations")
KILL = re.compile(r"/_cncb/kill/(?P<function>[^/]+)")
EVENT_BYTES = 1024 * 1024
"""Largest payload of an asynchronous invocation."""


class Invoker(Protocol):
    """What the API needs of the pool."""

    def known(self, name: str) -> Configuration:
        """What is configured for a function. Raises Problem."""

    def invoke(
        self, name: str, payload: bytes, *, wait: bool = True, trace: str = "", client_context: str = ""
    ) -> Invocation:
        """Run one invocation to its end. Raises ThrottledError and Problem."""

    def kill(self, name: str) -> int:
        """Kill a function's busy environments."""

    def post(self, name: str, payload: bytes, *, trace: str = "", client_context: str = "") -> None:
        """Run one invocation later, and again where it fails."""


class RefusedError(Exception):
    """The request is answered with an error, as Lambda words it."""

    def __init__(self, status: int, kind: str, message: str, **more: str) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.body = json.dumps({"Type": "User" if status < 500 else "Service", "Message": message, **more}).encode()


class InvokeApi:
    """The HTTP server on a free port of this machine."""

    def __init__(self, invoker: Invoker) -> None:
        self._invoker = invoker
        self._server: _Server | None = None

    @property
    def url(self) -> str:
        """Where it is served. Only after `start`."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> None:
        """Begin to serve."""
        self._server = _Server(self._invoker)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name="invoke api", daemon=True).start()

    def stop(self) -> None:
        """Take no more requests."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, invoker: Invoker) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.invoker = invoker


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def do_POST(self) -> None:
        """Invoke, or kill."""
        payload = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = urllib.parse.urlsplit(self.path).path
        try:
            if match := INVOKE.fullmatch(path):
                self._invoke(function_name(urllib.parse.unquote(match["function"])), payload)
            elif match := KILL.fullmatch(path):
                killed = self.server.invoker.kill(urllib.parse.unquote(match["function"]))
                self._answer(HTTPStatus.OK, json.dumps({"killed": killed}).encode())
            else:
                raise RefusedError(404, "UnknownOperationException", f"Nothing is served at {path}.")
        except RefusedError as refused:
            self._answer(refused.status, refused.body, {"x-amzn-ErrorType": refused.kind})

    # The base class names the parameter, which is also a builtin.
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the journal of invocations tells more."""

    def _invoke(self, name: str, payload: bytes) -> None:
        kind = self.headers.get("X-Amz-Invocation-Type", "RequestResponse")
        payload = checked(payload or b"{}", EVENT_BYTES if kind == "Event" else PAYLOAD_BYTES)
        trace = self.headers.get("X-Amzn-Trace-Id", "")
        context = client_context(self.headers.get("X-Amz-Client-Context", ""))
        invoker = self.server.invoker
        try:
            if kind == "DryRun":
                invoker.known(name)
                self._answer(HTTPStatus.NO_CONTENT)
            elif kind == "Event":
                invoker.post(name, payload, trace=trace, client_context=context)
                self._answer(HTTPStatus.ACCEPTED)
            else:
                self._finished(invoker.invoke(name, payload, wait=False, trace=trace, client_context=context))
        except ThrottledError:
            reason = "ReservedFunctionConcurrentInvocationLimitExceeded"
            raise RefusedError(429, "TooManyRequestsException", "Rate Exceeded.", Reason=reason) from None
        except UnknownError:
            raise RefusedError(404, "ResourceNotFoundException", f"Function not found: {name}") from None
        except Problem as problem:
            raise RefusedError(500, "ServiceException", str(problem)) from None

    def _finished(self, invocation: Invocation) -> None:
        headers = {"X-Amz-Executed-Version": VERSION}
        if invocation.error:
            headers["X-Amz-Function-Error"] = "Unhandled"
        if self.headers.get("X-Amz-Log-Type") == "Tail":
            headers["X-Amz-Log-Result"] = base64.b64encode(invocation.tail).decode()
        self._answer(HTTPStatus.OK, invocation.payload, headers, invocation.request_id)

    def _answer(
        self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None, request_id: str = ""
    ) -> None:
        self.send_response(status)
        self.send_header("x-amzn-RequestId", request_id or new_request_id())
        self.send_header("Content-Type", "application/json")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def function_name(given: str) -> str:
    """The name in a name, a partial or a whole ARN, each with or without a version or an alias."""
    parts = given.split(":")
    return parts[parts.index("function") + 1] if "function" in parts[:-1] else parts[0]


def checked(payload: bytes, most: int) -> bytes:
    """The payload, where it is JSON and not too large. Raises RefusedError."""
    import orjson

    if len(payload) > most:
        message = f"Request must be smaller than {most} bytes for the InvokeFunction operation"
        raise RefusedError(413, "RequestTooLargeException", message)
    try:
        orjson.loads(payload)
    except ValueError as error:
        message = f"Could not parse request body into json: {error}"
        raise RefusedError(400, "InvalidRequestContentException", message) from None
    return payload


def client_context(header: str) -> str:
    """The JSON of `X-Amz-Client-Context`, in ASCII, for it goes on as a header. Raises RefusedError."""
    try:
        return json.dumps(json.loads(base64.b64decode(header))) if header else ""
    except ValueError:
        message = "Client context must be a valid Base64-encoded JSON object."
        raise RefusedError(400, "InvalidRequestContentException", message) from None
