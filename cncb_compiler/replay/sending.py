"""Delivering records to a function as an event source mapping does (AWS Lambda: Kinesis, partial batch response)."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from .patience import Patience

REPORT = {"custom": {"cncb": "report"}}
"""The client context by which a cncb function is asked to name, in its answer, the faults that it has published."""


class Failed(NamedTuple):
    """A record that the function did not take, however often it was asked, and what it said."""

    record: Mapping[str, Any]
    error: str


class Sent(NamedTuple):
    """What has become of records: how many were handled, the ids of their faults, and which failed."""

    handled: int
    faults: tuple[str, ...]
    failed: tuple[Failed, ...]


class Sender:
    """Invokes one function; `attempts` is how often a single record is tried.

    `before` is called with the number of records before each invocation: it is where a rate makes it wait.
    """

    def __init__(
        self,
        client: Any,
        function: str,
        attempts: int,
        patience: Patience,
        before: Callable[[int], None] = lambda count: None,
    ) -> None:
        self._client = client
        self._function = function
        self._attempts = max(attempts, 1)
        self._patience = patience
        self._before = before

    def send(self, records: Sequence[Mapping[str, Any]]) -> Sent:
        """Deliver records in their order. Where the function names those that failed, it goes on from the first.

        A batch that fails without a name is halved at each further attempt, until the record that does it stands alone.
        """
        left = list(records)
        faults: dict[str, None] = {}
        failed: list[Failed] = []
        size, tried, refused = len(left), 0, 0
        while left:
            asked = left[:size]
            answer = self._invoke(asked)
            faults |= dict.fromkeys(answer.faults)
            if answer.done:
                left, tried, refused = left[answer.done :], 0, 0
            if answer.done == len(asked):
                size = len(left)
                continue
            tried += 1
            known = answer.named or size == 1
            refused += known
            if refused >= self._attempts:
                failed.append(Failed(left.pop(0), answer.error))
                size, tried, refused = len(left), 0, 0
                continue
            self._patience.pause(tried)
            if not known and tried > 1:
                size //= 2
            size = min(size, len(left))
        return Sent(len(records) - len(failed), tuple(faults), tuple(failed))

    def _invoke(self, records: Sequence[Mapping[str, Any]]) -> _Answer:
        payload = json.dumps({"Records": records}, separators=(",", ":")).encode()
        context = b64encode(json.dumps(REPORT).encode()).decode()

        def call() -> tuple[Any, bytes]:
            self._before(len(records))
            answer = self._client.invoke(FunctionName=self._function, Payload=payload, ClientContext=context)
            return answer, answer["Payload"].read()

        answer, body = self._patience.ask(call)
        return _read(records, body, failed="FunctionError" in answer)


class _Answer(NamedTuple):
    """How many records, from the first on, are done; why the next one is not; the faults that were published.

    `named`: the function said itself which one it is.
    """

    done: int
    error: str
    named: bool = False
    faults: tuple[str, ...] = ()


def _read(records: Sequence[Mapping[str, Any]], body: bytes, failed: bool) -> _Answer:
    try:
        told = json.loads(body) if body else None
    except ValueError:
        told = None
    if failed:
        return _Answer(0, _error(told))
    failures = told.get("batchItemFailures") if isinstance(told, dict) else None
    if not failures:
        return _Answer(len(records), "", faults=_faults(told))
    positions = {sequence_of(record): at for at, record in reversed(list(enumerate(records)))}
    named = [str(one.get("itemIdentifier")) if isinstance(one, dict) else "" for one in failures]
    unknown = [name for name in named if name not in positions]
    if unknown:
        return _Answer(0, f"it names a record that it was not given: {unknown[0]!r}", faults=_faults(told))
    return _Answer(min(positions[name] for name in named), "it asked for the record again", True, _faults(told))


def sequence_of(record: Mapping[str, Any]) -> str:
    """The sequence number by which a function names a record of a stream or a table."""
    if "kinesis" in record:
        return str(record["kinesis"]["sequenceNumber"])
    return str(record.get("dynamodb", {}).get("SequenceNumber"))


def _faults(told: Any) -> tuple[str, ...]:
    named = told.get("faults") if isinstance(told, dict) else None
    return tuple(str(one) for one in named) if isinstance(named, list) else ()


def _error(told: Any) -> str:
    if not isinstance(told, dict):
        return "it failed"
    return ": ".join(str(told[name]) for name in ("errorType", "errorMessage") if told.get(name)) or "it failed"
