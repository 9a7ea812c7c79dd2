"""The Runtime API of one environment (AWS Lambda: "Using the Lambda runtime API for custom runtimes").

No thread of its own: whoever invokes the environment reads its requests and answers them. Requests and answers are
HTTP/1.1 with keep-alive, each answer one write, without Nagle's delay.
"""

from __future__ import annotations

import http.client
import io
import select
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass

VERSION = "/2018-06-01/runtime"
NEXT = f"{VERSION}/invocation/next"
INIT_ERROR = f"{VERSION}/init/error"
ERROR_TYPE = "Lambda-Runtime-Function-Error-Type"


@dataclass(frozen=True, slots=True)
class Request:
    """One request of the runtime client."""

    method: str
    path: str
    headers: http.client.HTTPMessage
    body: bytes


class RuntimeApi:
    """Where one environment asks for its next invocation. For one thread at a time, but for `hang_up`."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ended, self._end = socket.socketpair()
        self._connection: socket.socket | None = None
        self._reader: io.BufferedReader | None = None

    @property
    def address(self) -> str:
        """Host and port, as AWS_LAMBDA_RUNTIME_API gives them."""
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    def request(self, latest: float) -> Request | None:
        """The environment's next request; None when `hang_up` was called.

        Raises TimeoutError at `latest`, a moment of time.monotonic.
        """
        while True:
            source = self._connection or self._listener
            readable, _, _ = select.select([source, self._ended], [], [], max(0.0, latest - time.monotonic()))
            if not readable:
                raise TimeoutError
            if source not in readable:
                return None
            if self._connection is None:
                self._accept()
                continue
            request = self._read(latest)
            if request is not None:
                return request
            self._disconnect()

    def answer(self, status: int, headers: Mapping[str, str], body: bytes = b"") -> None:
        """Answer the request that was read last. Where the environment is gone, the next `request` will tell."""
        lines = [f"HTTP/1.1 {status} {http.client.responses[status]}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += [f"Content-Length: {len(body)}", "", ""]
        try:
            if self._connection is not None:
                self._connection.sendall("\r\n".join(lines).encode("latin-1", "replace") + body)
        except OSError:
            self._disconnect()

    def hang_up(self) -> None:
        """The environment's process ended: no request will come. From any thread."""
        self._end.close()

    def close(self) -> None:
        """Give back the port and the connection."""
        self._disconnect()
        for each in (self._listener, self._ended, self._end):
            each.close()

    def _accept(self) -> None:
        self._connection, _ = self._listener.accept()
        self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._reader = self._connection.makefile("rb")

    def _disconnect(self) -> None:
        for each in (self._reader, self._connection):
            if each is not None:
                each.close()
        self._reader = self._connection = None

    def _read(self, latest: float) -> Request | None:
        """One request from the connection; None where it was closed, or broke off."""
        assert self._connection is not None and self._reader is not None
        self._connection.settimeout(max(0.001, latest - time.monotonic()))
        try:
            words = self._reader.readline().split()
            if len(words) != 3:
                return None
            headers = http.client.parse_headers(self._reader)
            length = int(headers.get("Content-Length") or 0)
            body = self._reader.read(length)
        except TimeoutError:
            raise
        except (OSError, ValueError, http.client.HTTPException):
            return None
        finally:
            self._connection.settimeout(None)
        return (
            Request(words[0].decode("latin-1"), words[1].decode("latin-1"), headers, body)
            if len(body) == length
            else None
        )
