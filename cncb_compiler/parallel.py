"""Work on both cores: parts of a list in forked processes, which see everything that was computed before."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")


def fork_map(function: Callable[[T], R], parts: Sequence[T]) -> list[R]:
    """`function` of each part, in order; the first in this process, each other in a fork of its own.

    Results are pickled on their way home; arguments are not, since a fork has them already. Where the platform
    cannot fork safely (macOS, Windows), or there is one part, all is done here. An error in a fork is raised here.
    """
    if len(parts) < 2 or not sys.platform.startswith("linux"):
        return [function(part) for part in parts]
    context = multiprocessing.get_context("fork")
    children = []
    for part in parts[1:]:
        receiving, sending = context.Pipe(duplex=False)
        child = context.Process(target=_send, args=(function, part, sending), daemon=True)
        child.start()
        sending.close()
        children.append((child, receiving))
    results = [function(parts[0])]
    for child, receiving in children:
        kind, value = receiving.recv()
        child.join()
        if kind == "error":
            raise value
        results.append(value)
    return results


def _send(function: Callable[[Any], Any], part: Any, sending: Connection) -> None:
    try:
        message = ("result", function(part))
    except BaseException as error:
        message = ("error", error)
    sending.send(message)
    sending.close()
