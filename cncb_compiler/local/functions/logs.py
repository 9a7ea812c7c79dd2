"""What environments print, on its way to CloudWatch Logs: lines, log streams, and the thread that writes batches."""

from __future__ import annotations

import contextlib
import os
import select
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

TAIL_BYTES = 4096
"""What `X-Amz-Log-Type: Tail` gives (AWS Lambda API: "Invoke")."""
EVENT_BYTES = 262_144 - 26
BATCH_EVENTS = 10_000
BATCH_BYTES = 1_048_576
"""Limits of one PutLogEvents (CloudWatch Logs API: "PutLogEvents"); each event counts 26 bytes more."""
WRITE_SECONDS = 0.5
READ_BYTES = 65_536

Put = Callable[[str, str, int, str], None]
"""Takes one event: log group, log stream, milliseconds since the epoch, message."""


def stream_name(now: datetime | None = None) -> str:
    """A new log stream as Lambda names it: the day, the version, 32 hexadecimal digits."""
    return f"{(now or datetime.now(UTC)):%Y/%m/%d}/[$LATEST]{uuid.uuid4().hex}"


@dataclass(slots=True)
class LogStream:
    """The log stream of one environment. `tail` is the end of what came since `begin`."""

    group: str
    name: str
    put: Put
    tail: bytearray = field(default_factory=bytearray)

    def begin(self) -> None:
        """An invocation begins: its tail is empty."""
        self.tail.clear()

    def line(self, message: str) -> None:
        """One event. Carriage returns are the line breaks that the runtime client writes within one event."""
        message = message.rstrip("\r\n").replace("\r", "\n")
        if message:
            self.tail += message.encode() + b"\n"
            del self.tail[:-TAIL_BYTES]
            self.put(self.group, self.name, time.time_ns() // 1_000_000, message)


class Output:
    """The pipe that an environment prints into; each line goes to its log stream."""

    def __init__(self, stream: LogStream) -> None:
        self._stream = stream
        self._partial = b""
        self._lock = threading.Lock()
        self._open = True
        self._source, self.sink = os.pipe()
        os.set_blocking(self._source, False)

    def follow(self) -> None:
        """Begin to read, in a thread that ends with the last process that can print. Closes the pipe's sink here."""
        os.close(self.sink)
        threading.Thread(target=self._follow, name="output", daemon=True).start()

    def drain(self) -> None:
        """All that was printed until now becomes events, with the last line even if it is not at its end."""
        with self._lock:
            self._read()
            self._split(end=True)

    def _follow(self) -> None:
        while self._open:
            select.select([self._source], [], [])
            with self._lock:
                self._read()
                self._split(end=not self._open)
        os.close(self._source)

    def _read(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._open:
                chunk = os.read(self._source, READ_BYTES)
                self._open = bool(chunk)
                self._partial += chunk

    def _split(self, end: bool) -> None:
        *lines, rest = self._partial.split(b"\n")
        self._partial = b"" if end else rest
        for line in [*lines, rest] if end else lines:
            self._stream.line(line.decode(errors="replace"))


class LogWriter:
    """Writes events to CloudWatch Logs behind the functions' backs, in batches. `client` is asked for when needed.

    What cannot be written is dropped: the endpoint is gone, and a function's answer does not depend on its log.
    """

    def __init__(self, client: Callable[[], Any]) -> None:
        self._client = client
        self._events: list[tuple[str, str, int, str]] = []
        self._known: set[tuple[str, str]] = set()
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="logs", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def put(self, group: str, stream: str, moment: int, message: str) -> None:
        """Take one event; `moment` in milliseconds since the epoch."""
        message = message.encode()[:EVENT_BYTES].decode(errors="ignore")
        with self._lock:
            self._events.append((group, stream, moment, message))

    def flush(self) -> None:
        """Write what was taken until now; returns when it is written."""
        with self._writing:
            with self._lock:
                events, self._events = self._events, []
            by_stream: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
            for group, stream, moment, message in events:
                by_stream[group, stream].append((moment, message))
            for (group, stream), lines in by_stream.items():
                with contextlib.suppress(Exception):
                    self._write(group, stream, lines)

    def stop(self) -> None:
        """Write what is left, and end."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()
        self.flush()

    def _work(self) -> None:
        while not self._stopped.wait(WRITE_SECONDS):
            self.flush()

    def _write(self, group: str, stream: str, lines: list[tuple[int, str]]) -> None:
        """Write to a group that is there; none is made, which the functions' roles would not allow either."""
        client = self._client()
        if (group, stream) not in self._known:
            with contextlib.suppress(client.exceptions.ResourceAlreadyExistsException):
                client.create_log_stream(logGroupName=group, logStreamName=stream)
            self._known.add((group, stream))
        for batch in batches(lines):
            events = [{"timestamp": moment, "message": message} for moment, message in batch]
            client.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)


def batches(lines: list[tuple[int, str]]) -> list[list[tuple[int, str]]]:
    """The events, in order of time, in as many lists as PutLogEvents' limits ask for."""
    found: list[list[tuple[int, str]]] = []
    size = BATCH_BYTES + 1
    for line in sorted(lines, key=lambda each: each[0]):
        length = len(line[1].encode()) + 26
        if size + length > BATCH_BYTES or len(found[-1]) == BATCH_EVENTS:
            found.append([])
            size = 0
        found[-1].append(line)
        size += length
    return found
