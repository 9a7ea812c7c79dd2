"""The worker of a distributed replay: one object of the lake to the function, as far as one invocation gets.

It travels with a few modules of its own package, and with `question.json`, which says what is replayed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from .batches import batches
from .lake import Lake, Position
from .lines import Source
from .patience import Patience
from .replaying import Progress, replay
from .selection import Selection
from .sending import Sender

SPARE_SECONDS = 60
"""What is left of an invocation, beside the function's own timeout, when no batch is begun any more."""


class FailedError(Exception):
    """A record was refused whenever it was tried, or a line could not be read: somebody has to look."""


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Replay from where `event` says: `{key, line, handled, faulted}`; the answer says how far it came, and `done`.

    Raises FailedError; the state machine ends then, and its map run can be redriven from the object's beginning.
    """
    import boto3
    from botocore.config import Config

    question = json.loads(Path(__file__).with_name("question.json").read_text(encoding="utf-8"))
    settings = Config(read_timeout=question["timeout"] + 10, retries={"total_max_attempts": 1})
    s3, lambda_ = (boto3.client(service, config=settings) for service in ("s3", "lambda"))
    enough = (question["timeout"] + SPARE_SECONDS) * 1000
    return work(event, question, s3, lambda_, lambda: context.get_remaining_time_in_millis() > enough)


def work(
    event: Mapping[str, Any], question: Mapping[str, Any], s3: Any, lambda_: Any, go_on: Callable[[], bool]
) -> dict[str, Any]:
    """As `handler`, with the clients, and what says whether there is time for another batch."""
    key = event["key"]
    at = Position(key, event["line"])
    selection = Selection(
        tuple(question["types"]),
        None if question["keys"] is None else tuple(question["keys"]),
        question["since"],
        question["until"],
    )
    sources = {stream: Source(*told) for stream, told in question["sources"].items()}
    sender = Sender(lambda_, question["function"], question["attempts"], Patience())
    lake = Lake(s3, question["bucket"], Patience())
    outcome = replay(
        batches(lake, (key,), selection, question["most"], at),
        sender,
        sources.__getitem__,
        replace(Progress(at), handled=event["handled"], faulted=event["faulted"]),
        keep=lambda progress, failed: _refuse(key, [one.error for one in failed]),
        most_failed=0,
        go_on=lambda progress: go_on(),
    )
    _refuse(key, list(outcome.unreadable))
    progress = outcome.progress
    line = progress.position.line
    return {
        "key": key,
        "line": line,
        "handled": progress.handled,
        "faulted": progress.faulted,
        "done": progress.done,
    }


def _refuse(key: str, problems: list[str]) -> None:
    if problems:
        raise FailedError(f"{key}: {problems[0]}")
