"""Child processes that cannot outlive their parent, however it ends.

A command runs under a guardian: a small process, in a session of its own (so that Ctrl-C in the terminal reaches the
parent only), that starts the command and holds the reading end of a pipe, the lifeline. When the parent is gone, the
kernel closes the lifeline, and the guardian kills all that descends from it. On Linux it is also the reaper of orphans,
so a grandchild that made a session of its own is found as well (prctl(2): PR_SET_CHILD_SUBREAPER).

This file is also the guardian's program; it is run by its path, before any package can be imported.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, NoReturn

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
PARENT_CHECK_SECONDS = 1.0
"""How often a guardian looks whether its parent is still the same: a fork of the parent may hold the lifeline open."""
KILLED_SECONDS = 5.0
"""How long the kernel is given to end what was killed."""


@dataclass(slots=True)
class Child:
    """A running command under its guardian. `output` is what it prints, where a pipe was asked for."""

    argv: tuple[str, ...]
    _guardian: subprocess.Popen[bytes] = field(repr=False)
    _lifeline: int = field(repr=False)

    @property
    def pid(self) -> int:
        """The guardian's process id; also the id of the process group that the command begins in."""
        return self._guardian.pid

    @property
    def output(self) -> IO[bytes] | None:
        """The pipe of the command's standard output; None where it was not asked for."""
        return self._guardian.stdout

    @property
    def running(self) -> bool:
        """Whether the command still runs."""
        return self._guardian.poll() is None

    def wait(self, seconds: float | None = None) -> int:
        """The exit status of the command, 128 + n where signal n ended it. Raises TimeoutError."""
        try:
            status = self._guardian.wait(seconds)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"{self.argv[0]} still runs after {seconds} seconds") from None
        self._cut()
        return status

    def stop(self, seconds: float = 5.0) -> int:
        """End the command and all that it started: SIGTERM to its process group, after `seconds` SIGKILL to all."""
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                return self.wait(seconds)
        return self.kill()

    def kill(self) -> int:
        """End the command and all that it started with SIGKILL, now. Gives the exit status."""
        self._cut()
        with contextlib.suppress(TimeoutError):
            return self.wait(KILLED_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        return self.wait(KILLED_SECONDS)

    def _cut(self) -> None:
        lifeline, self._lifeline = self._lifeline, -1
        if lifeline >= 0:
            os.close(lifeline)


def spawn(
    argv: Sequence[str],
    environment: Mapping[str, str] | None = None,
    *,
    directory: Path | None = None,
    output: int | IO[Any] | None = None,
    descriptors: Collection[int] = (),
) -> Child:
    """Start a command that ends when this process does, with all that it starts.

    `environment` is all that the command sees (None: this process's). `output` takes its standard output and standard
    error, as subprocess takes them (subprocess.PIPE, subprocess.DEVNULL, a file); None leaves both where this process
    has them. `descriptors` stay open in it, with the same numbers. A command that cannot be started ends with 127.
    """
    theirs, ours = os.pipe()
    guardian = [sys.executable, "-I", "-S", __file__, str(theirs), str(os.getpid()), *argv]
    try:
        process = subprocess.Popen(
            guardian,
            env=None if environment is None else dict(environment),
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=None if output is None else subprocess.STDOUT,
            pass_fds=(theirs, *descriptors),
            start_new_session=True,
        )
    except BaseException:
        os.close(ours)
        raise
    finally:
        os.close(theirs)
    return Child(tuple(argv), process, ours)


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when `parent`, the process id of its parent, ends. Linux only; else nothing.

    Only for a child of a process with one thread: the signal comes when the parent's THREAD that forked ends.
    """
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(128 + signal.SIGKILL)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends. Linux only; else nothing."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def end_descendants() -> None:
    """Kill all that descends from this process and wait until it is gone, KILLED_SECONDS at most."""
    latest = time.monotonic() + KILLED_SECONDS
    while (found := _descendants(os.getpid())) and time.monotonic() < latest:
        for pid in found:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        reap()
        time.sleep(0.002)


def reap() -> dict[int, int]:
    """The children that have ended, by process id, with the status that os.waitpid gives. Waits for nothing."""
    ended: dict[int, int] = {}
    with contextlib.suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            ended[found[0]] = found[1]
    return ended


def child_signals() -> int:
    """Make SIGCHLD readable: a descriptor that has bytes after a child ended. For processes with one thread."""
    readable, writable = os.pipe()
    os.set_blocking(readable, False)
    os.set_blocking(writable, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(writable, warn_on_full_buffer=False)
    return readable


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _descendants(pid: int) -> list[int]:
    children: dict[int, list[int]] = {}
    if sys.platform == "linux":
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    parent = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()[1]
                    children.setdefault(int(parent), []).append(int(entry.name))
    else:
        listing = subprocess.Popen(["ps", "-A", "-o", "ppid=,pid="], stdout=subprocess.PIPE, text=True)
        for line in listing.communicate()[0].splitlines():
            above, below = map(int, line.split())
            if below != listing.pid:
                children.setdefault(above, []).append(below)
    found, seen = [], [pid]
    while seen:
        below_this = children.get(seen.pop(), [])
        found += below_this
        seen += below_this
    return found


def _guard(lifeline: int, parent: int, argv: Sequence[str]) -> NoReturn:
    """The guardian: start the command, wait for its end or for the parent's, end what is left, pass on the status."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    adopt_orphans()
    ended = child_signals()
    command = _command(lifeline, argv)
    status: int | None = None
    while status is None and os.getppid() == parent:
        readable, _, _ = select.select([lifeline, ended], [], [], PARENT_CHECK_SECONDS)
        if lifeline in readable:
            break
        with contextlib.suppress(BlockingIOError):
            os.read(ended, 4096)
        status = reap().get(command)
    if status is None:
        status = signal.SIGKILL
    end_descendants()
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else 128 - code)


def _command(lifeline: int, argv: Sequence[str]) -> int:
    guardian = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    try:
        signal.set_wakeup_fd(-1)
        for name in (signal.SIGCHLD, signal.SIGTERM, signal.SIGPIPE):
            signal.signal(name, signal.SIG_DFL)
        os.close(lifeline)
        die_with_parent(guardian)
        os.execvp(argv[0], list(argv))
    except OSError as error:
        os.write(2, f"{argv[0]}: {error.strerror}\n".encode())
    finally:
        os._exit(127)


if __name__ == "__main__":
    _guard(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
