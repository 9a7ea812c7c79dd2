"""What a deployment tells while it goes on, and how long it waits between two questions to AWS."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from cncb_compiler.target.target import Target

State: TypeAlias = Literal["uploading", "planning", "running", "done", "unchanged", "failed", "waiting"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stack is. `done` of `total` resources have changed; `total` 0 where that is not known yet."""

    stack: str
    state: State
    done: int = 0
    total: int = 0
    message: str = ""


Report: TypeAlias = Callable[[Progress], None]
"""Takes each progress as it happens, from several threads at once."""


def silent(progress: Progress) -> None:
    """A report that nobody reads."""


AWS_INTERVAL = (2.0, 6.0)
"""Seconds between the first two questions to AWS, and at most: its CloudFormation API answers few calls a second."""
LOCAL_INTERVAL = (0.05, 0.4)
"""The same for an endpoint on this machine, which has better things to do than to answer."""
_GROWTH = 1.5
"""How much longer each wait is than the one before it."""


class StoppedError(Exception):
    """The wait was cut short: somebody else's work failed for good, or the user ended the command."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to wait before asking again: `seconds`, then ever longer, `most` at most; `stop` ends all waits."""

    seconds: float
    most: float
    _stopped: threading.Event = field(default_factory=threading.Event)

    def pause(self, asked: int) -> None:
        """Wait, having asked so many times. Raises StoppedError when there is nothing to wait for any more."""
        if self._stopped.wait(min(self.seconds * _GROWTH ** min(asked, 20), self.most)):
            raise StoppedError

    def stop(self) -> None:
        """End all waits, those to come too."""
        self._stopped.set()


def pace_of(target: Target) -> Pace:
    """The pace that suits a target."""
    return Pace(*(LOCAL_INTERVAL if target.local else AWS_INTERVAL))
