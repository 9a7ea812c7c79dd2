"""The pool's side of the zygote: asks for forks, and hears which of them ended."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cncb_compiler.local import processes
from cncb_compiler.local.functions import messages
from cncb_compiler.target.problems import Problem

START_SECONDS = 30.0
STOP_SECONDS = 5.0
Exited = Callable[[int], None]
"""Called with the status of os.waitpid when a forked process ended."""


@dataclass(slots=True)
class Forks:
    """Processes forked from one zygote, which is started with the first of them. Safe for threads.

    Raises Problem where this machine cannot fork, or the zygote does not start.
    """

    _connection: socket.socket | None = None
    _child: processes.Child | None = None
    _numbers: itertools.count[int] = field(default_factory=itertools.count)
    _answers: dict[int, int] = field(default_factory=dict)
    _exits: dict[int, Exited] = field(default_factory=dict)
    _waiting: dict[int, Exited] = field(default_factory=dict)
    _stopped: bool = False
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def prepare(self) -> None:
        """Start the zygote now, so that the first fork need not wait. What hinders it, the first fork tells."""
        with contextlib.suppress(Problem), self._changed:
            if self._connection is None:
                self._start()

    def fork(self, variables: Mapping[str, str], root: Path, output: int, exited: Exited) -> int:
        """Fork an environment whose output goes to the file `output`; gives its process id.

        `exited` is called once, from a thread of this object, when it ended; perhaps before this method returns.
        """
        with self._changed:
            connection = self._connection or self._start()
            number = next(self._numbers)
            self._waiting[number] = exited
            request = {"fork": number, "variables": dict(variables), "root": str(root)}
            with contextlib.suppress(OSError):
                messages.send(connection, request, [output])
            self._changed.wait_for(lambda: number in self._answers or self._connection is not connection, START_SECONDS)
            pid = self._answers.pop(number, None)
        if pid is None:
            raise Problem("The process that forks the functions' environments ended.", "Try again.")
        return pid

    def kill(self, pid: int) -> None:
        """End a forked process, and what it started, with SIGKILL. Nothing happens where it ended before."""
        with self._changed:
            if self._connection is not None and pid in self._exits:
                with contextlib.suppress(OSError):
                    messages.send(self._connection, {"kill": pid})

    def stop(self) -> None:
        """End the zygote and every environment."""
        with self._changed:
            self._stopped = True
            child, self._child = self._child, None
            if self._connection is not None:
                with contextlib.suppress(OSError):
                    self._connection.shutdown(socket.SHUT_WR)
        if child is not None:
            with contextlib.suppress(TimeoutError):
                child.wait(STOP_SECONDS)
            child.kill()

    def _start(self) -> socket.socket:
        if self._stopped:
            raise Problem("The functions were stopped.")
        if not hasattr(os, "fork"):
            raise Problem(
                "Functions cannot run on this machine: its operating system has no fork.",
                "Use Linux, macOS, or the Windows Subsystem for Linux.",
            )
        if self._child is not None:
            self._child.kill()
        ours, theirs = socket.socketpair()
        program = (
            f"import sys; sys.path.insert(0, {str(Path(__file__).parents[3])!r}); "
            f"from cncb_compiler.local.functions.zygote import main; main({theirs.fileno()})"
        )
        argv = [sys.executable, "-I", "-X", "utf8", "-c", program]
        environment = {"PATH": os.environ.get("PATH", os.defpath), "TZ": ":UTC"}
        with theirs:
            self._child = processes.spawn(argv, environment, output=subprocess.PIPE, descriptors=(theirs.fileno(),))
        ours.settimeout(START_SECONDS)
        try:
            ready = messages.receive(ours)
        except TimeoutError:
            ready = None
        if ready is None:
            self._child.kill()
            said = self._child.output.read().decode(errors="replace") if self._child.output else ""
            last = said.strip().rpartition("\n")[2]
            raise Problem(f"The functions' interpreter does not start: {last}", "Install cncb[local].")
        ours.settimeout(None)
        self._connection = ours
        threading.Thread(target=self._listen, args=(ours,), name="zygote", daemon=True).start()
        return ours

    def _listen(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while received := messages.receive(connection):
                self._heard(received[0])
        with self._changed:
            self._connection = None
            left, self._exits = self._exits, {}
            self._changed.notify_all()
        connection.close()
        for exited in left.values():
            exited(signal.SIGKILL)

    def _heard(self, message: dict[str, int]) -> None:
        exited = None
        with self._changed:
            if "forked" in message:
                self._answers[message["forked"]] = message["pid"]
                self._exits[message["pid"]] = self._waiting.pop(message["forked"])
                self._changed.notify_all()
            else:
                exited = self._exits.pop(message["exited"], None)
        if exited is not None:
            exited(message["status"])
