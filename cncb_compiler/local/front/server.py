"""A small HTTP/1.1 server of this machine: requests and answers as values, connections kept alive."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

LOGGER = logging.getLogger(__name__)

_DISCARDED = 100_000_000

HOST = "127.0.0.1"
"""Nothing outside of this machine is served."""

METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
"""The methods that are served; another is answered 501."""

Headers = tuple[tuple[str, str], ...]
"""Names and values as sent; a name may come several times."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came. `path` is still percent-encoded; `query` is what follows the question mark."""

    method: str
    path: str
    query: str = ""
    headers: Headers = ()
    body: bytes = b""
    client: str = HOST
    protocol: str = "HTTP/1.1"

    def header(self, name: str) -> str | None:
        """The value of a header (several joined by commas), or None."""
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        return ",".join(found) if found else None

    def parameters(self) -> list[tuple[str, str]]:
        """The query's parameters in their order, decoded."""
        return parse_qsl(self.query, keep_blank_values=True)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back."""

    status: int
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The value of a header (several joined by commas), or None."""
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        return ",".join(found) if found else None


class Server:
    """Serves on a free port (or `port`) of this machine, one thread for each connection.

    `answer` is called for each request, by many threads at once. `too_large` answers a body over `limit` bytes.
    """

    def __init__(
        self,
        answer: Callable[[Request], Answer],
        port: int = 0,
        limit: int | None = None,
        too_large: Callable[[Request], Answer] = lambda request: Answer(413),
    ) -> None:
        self._wanted = port
        methods = {f"do_{method}": _Handler.answer_one for method in METHODS}
        answers = {"answer": staticmethod(answer), "too_large": staticmethod(too_large), "limit": limit}
        self._handler = type("Handler", (_Handler,), {**methods, **answers})
        self._listening: _Listening | None = None

    @property
    def port(self) -> int:
        """The port, once it is started."""
        return int(self._listening.server_address[1]) if self._listening else self._wanted

    def start(self) -> None:
        """Begin to serve. Raises OSError where the port is taken."""
        self._listening = _Listening((HOST, self._wanted), self._handler)
        serve = partial(self._listening.serve_forever, poll_interval=0.05)
        threading.Thread(target=serve, name="http", daemon=True).start()

    def stop(self) -> None:
        """Serve no more, and close all connections. May be called again."""
        listening, self._listening = self._listening, None
        if listening is not None:
            self._wanted = int(listening.server_address[1])
            listening.shutdown()
            listening.server_close()
            listening.hang_up()


class _Listening(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self.connections: set[socket.socket] = set()
        self.changing = threading.Lock()
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self.changing:
            self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self.changing:
            self.connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        with self.changing:
            open_ones = list(self.connections)
        for connection in open_ones:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                LOGGER.debug("a connection was closed already")

    def handle_error(self, request: Any, client_address: Any) -> None:
        LOGGER.debug("a connection broke", exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Each answer leaves in one packet, at once: without these two a kept-alive request waits for the client's
    # delayed acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True

    answer: Callable[[Request], Answer]
    too_large: Callable[[Request], Answer]
    limit: int | None

    def answer_one(self) -> None:
        path, _, query = self.path.partition("?")
        headers = tuple((name, str(value)) for name, value in self.headers.items())
        request = Request(self.command, path, query, headers, b"", self.client_address[0], self.request_version)
        try:
            body = self._body()
        except ValueError:
            self.close_connection = True
            return self._send(Answer(400))
        if body is None:
            self.close_connection = True
            return self._send(self.too_large(request))
        with_body = Request(request.method, path, query, headers, body, request.client, request.protocol)
        try:
            answer = self.answer(with_body)
        except Exception:
            LOGGER.exception("%s %s was not answered", request.method, request.path)
            answer = Answer(500, (("content-type", "application/json"),), b'{"message":"Internal Server Error"}')
        return self._send(answer)

    def _body(self) -> bytes | None:
        """The body; None where it is over the limit. Raises ValueError where it is not well framed."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._chunks()
        length = int(self.headers.get("Content-Length") or 0)
        if length < 0:
            raise ValueError("Content-Length is negative")
        if self.limit is not None and length > self.limit:
            self._discard(min(length, _DISCARDED))
            return None
        return self.rfile.read(length)

    def _discard(self, length: int) -> None:
        """Read what is not wanted: a client that is still sending would take a closed connection for a failure."""
        while length > 0 and (read := self.rfile.read(min(length, 65_536))):
            length -= len(read)

    def _chunks(self) -> bytes | None:
        read = bytearray()
        while size := int(self.rfile.readline(1024).split(b";")[0], 16):
            if self.limit is not None and len(read) + size > self.limit:
                return None
            read += self.rfile.read(size)
            self.rfile.readline(1024)
        while self.rfile.readline(65_536).strip():
            continue
        return bytes(read)

    def _send(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        named = {name.lower() for name, _ in answer.headers}
        if "date" not in named:
            self.send_header("Date", self.date_time_string())
        for name, value in answer.headers:
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                # HTTP's headers are bytes, and http.server writes them as Latin-1; API Gateway's are UTF-8.
                self.send_header(name, value.encode("utf-8", "replace").decode("latin-1"))
        if answer.status >= 200 and answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD" and answer.status not in (204, 304):
            self.wfile.write(answer.body)

    def log_message(self, *args: Any) -> None:
        LOGGER.debug(*args)
