"""No child outlives its parent, however the parent ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from cncb_compiler.local.processes import spawn

SECONDS = 20
TREE = "setsid sleep 600 & echo $!; sleep 600 & echo $!; echo $$; wait"
"""A command with a child of its own process group, and one that left for a session of its own. Prints three ids."""
PARENT = f"""
import subprocess, sys, threading
from cncb_compiler.local.processes import spawn
children = []
thread = threading.Thread(target=lambda: children.append(spawn(["sh", "-c", {TREE!r}])))
thread.start(); thread.join()
sys.stdin.read()
"""


def gone(pids: list[int]) -> bool:
    latest = time.monotonic() + SECONDS
    while time.monotonic() < latest:
        if not any(alive(pid) for pid in pids):
            return True
        time.sleep(0.01)
    return False


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def three_ids(output) -> list[int]:
    return [int(output.readline()) for _ in range(3)]


@pytest.fixture
def parent():
    """A process whose spawning thread has ended already, as threads of the machine do."""
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env, start_new_session=True
    )
    yield process
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()


def test_the_status_is_the_commands() -> None:
    assert spawn(["sh", "-c", "exit 3"]).wait(SECONDS) == 3


def test_a_signal_gives_the_shells_status() -> None:
    assert spawn(["sh", "-c", "kill -9 $$"]).wait(SECONDS) == 128 + signal.SIGKILL


def test_a_command_that_is_not_there_ends_with_127() -> None:
    child = spawn(["no-such-command-of-cncb"], output=subprocess.PIPE)
    assert child.wait(SECONDS) == 127
    assert b"no-such-command-of-cncb: No such file" in child.output.read()


def test_only_the_given_environment_directory_and_descriptors_arrive(tmp_path) -> None:
    theirs, ours = os.pipe()
    other = os.open(os.devnull, os.O_RDONLY)
    script = (
        f"import os; print(sorted(os.environ), os.getcwd(), flush=True); os.write({ours}, b'here'); os.fstat({other})"
    )
    child = spawn(
        [sys.executable, "-I", "-c", script],
        {"ONLY": "this", "LC_CTYPE": "C.UTF-8"},
        directory=tmp_path,
        output=subprocess.PIPE,
        descriptors=[ours],
    )
    assert child.wait(SECONDS) == 1, "the other descriptor is closed in the child"
    assert child.output.readline().decode() == f"['LC_CTYPE', 'ONLY'] {tmp_path}\n"
    assert os.read(theirs, 4) == b"here"
    for each in (theirs, ours, other):
        os.close(each)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_signals_are_as_a_shell_finds_them() -> None:
    """Python ignores SIGPIPE for itself; a command that inherits that does not notice that its reader is gone."""
    child = spawn(["grep", "SigIgn", "/proc/self/status"], output=subprocess.PIPE)
    child.wait(SECONDS)
    ignored = int(child.output.readline().split()[1], 16)
    assert not ignored & (1 << signal.SIGTERM - 1 | 1 << signal.SIGPIPE - 1)


def test_stop_ends_all_that_the_command_started() -> None:
    child = spawn(["sh", "-c", TREE], output=subprocess.PIPE)
    pids = three_ids(child.output)
    assert child.running
    assert child.stop() == 128 + signal.SIGTERM
    assert not child.running
    assert gone(pids)


def test_stop_kills_what_does_not_listen() -> None:
    child = spawn(["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 600; done"], output=subprocess.PIPE)
    assert child.output.readline() == b"ready\n"
    assert child.stop(seconds=0.1) == 128 + signal.SIGKILL


def test_what_a_command_leaves_behind_ends_with_it() -> None:
    child = spawn(["sh", "-c", "setsid sleep 600 & echo $!; exit 0"], output=subprocess.PIPE)
    left = int(child.output.readline())
    assert child.wait(SECONDS) == 0
    assert gone([left])


def test_the_interrupt_of_a_terminal_is_not_theirs() -> None:
    child = spawn(["sh", "-c", "echo $$; sleep 600"], output=subprocess.PIPE)
    command = int(child.output.readline())
    assert os.getpgid(command) != os.getpgid(0)
    assert os.getsid(command) != os.getsid(0)
    child.kill()


def test_waiting_has_a_bound() -> None:
    child = spawn(["sleep", "600"])
    with pytest.raises(TimeoutError, match="sleep still runs after"):
        child.wait(0.01)
    child.kill()


def test_nothing_outlives_a_killed_parent(parent) -> None:
    pids = three_ids(parent.stdout)
    assert all(alive(pid) for pid in pids), "they live on when the thread that started them ends"
    parent.send_signal(signal.SIGKILL)
    assert gone(pids)


def test_nothing_outlives_a_parent_that_leaves(parent) -> None:
    pids = three_ids(parent.stdout)
    parent.stdin.close()
    assert gone(pids)


def test_a_command_does_not_outlive_its_guardian() -> None:
    child = spawn(["sh", "-c", "echo $$; exec sleep 600"], output=subprocess.PIPE)
    command = int(child.output.readline())
    os.kill(child.pid, signal.SIGKILL)
    assert gone([command])
