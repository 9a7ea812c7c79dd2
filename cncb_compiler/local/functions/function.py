"""A function as it is configured now, with its environments: idle, busy, or yet to be started."""

from __future__ import annotations

import threading
from collections.abc import Callable

from cncb_compiler.local.functions.configuration import Configuration
from cncb_compiler.local.functions.environment import Environment
from cncb_compiler.target.problems import Problem


class ThrottledError(Exception):
    """All environments that the function may have are busy."""


class RetiredError(Exception):
    """The function's code or configuration changed, or it is gone: ask for it anew."""


class Function:
    """Lends each of its environments to one invocation at a time. Safe for threads."""

    def __init__(self, configuration: Configuration, start: Callable[[Function], Environment]) -> None:
        self.configuration = configuration
        self._start = start
        self._idle: list[Environment] = []
        self._busy: set[Environment] = set()
        self._starting = 0
        self._retired = False
        self._changed = threading.Condition()

    def take(self, wait: bool) -> tuple[Environment, bool]:
        """An environment, and whether it was started for this. With `wait`, waits until one may be had.

        Raises ThrottledError, RetiredError, and Problem where it cannot be started.
        """
        with self._changed:
            limit = self.configuration.concurrency
            while not self._retired and not self._idle and len(self._busy) + self._starting >= limit:
                if not wait or limit == 0:
                    raise ThrottledError
                self._changed.wait()
            if self._retired:
                raise RetiredError
            if self._idle:
                environment = self._idle.pop()
                self._busy.add(environment)
                return environment, False
            self._starting += 1
        started = None
        try:
            started = self._start(self)
        finally:
            with self._changed:
                self._starting -= 1
                if started is not None:
                    self._busy.add(started)
                self._changed.notify()
        return started, True

    def give_back(self, environment: Environment) -> None:
        """The invocation ended. The environment is kept for the next one, where there may be one."""
        with self._changed:
            self._busy.discard(environment)
            keep = environment.usable and not self._retired
            if keep:
                self._idle.append(environment)
            self._changed.notify()
        if not keep:
            environment.close()

    def drop(self, environment: Environment) -> None:
        """The environment's process ended. A busy one is still given back."""
        with self._changed:
            if environment not in self._idle:
                return
            self._idle.remove(environment)
        environment.close()

    def kill(self) -> int:
        """Kill the busy environments; how many."""
        with self._changed:
            busy = list(self._busy)
        for environment in busy:
            environment.kill()
        return len(busy)

    def retire(self) -> None:
        """No further invocation: idle environments end now, busy ones after theirs."""
        with self._changed:
            self._retired = True
            idle, self._idle = self._idle, []
            self._changed.notify_all()
        for environment in idle:
            environment.close()


def unknown(name: str) -> Problem:
    """Nobody deployed such a function here."""
    return UnknownError(f"There is no function {name} here.", "`cncb run` prints the functions that it deployed.")


class UnknownError(Problem):
    """The Problem that Lambda answers with ResourceNotFoundException."""
