"""Work on all cores: tasks in forked processes, which see everything that was computed before."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any, TypeVar

R = TypeVar("R")


def run_forked(tasks: Sequence[Callable[[], R]]) -> list[R]:
    """The results of the tasks, in order; the first runs in this process, each other one in a fork of its own.

    Results are pickled on their way home. Where the platform cannot fork safely (macOS, Windows) all is done here.
    An error in a fork is raised here.
    """
    if len(tasks) < 2 or not sys.platform.startswith("linux"):
        return [task() for task in tasks]
    context = multiprocessing.get_context("fork")
    children = []
    for task in tasks[1:]:
        receiving, sending = context.Pipe(duplex=False)
        child = context.Process(target=_send, args=(task, sending), daemon=True)
        child.start()
        sending.close()
        children.append((child, receiving))
    results = [tasks[0]()]
    for child, receiving in children:
        kind, value = receiving.recv()
        child.join()
        if kind == "error":
            raise value
        results.append(value)
    return results


def _send(task: Callable[[], Any], sending: Connection) -> None:
    try:
        message = ("result", task())
    except BaseException as error:
        message = ("error", error)
    sending.send(message)
    sending.close()
