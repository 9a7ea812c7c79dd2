"""What a replay is asked for, found in a system: the function, the types that it listens to, the lake."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches

from cncb_compiler.model.base import seconds
from cncb_compiler.operate.functions import UnknownNameError, find, functions_of, physical_name
from cncb_compiler.passes import Analysis
from cncb_compiler.plan.function import FunctionPlan, StreamTrigger
from cncb_compiler.replay.lines import Source
from cncb_compiler.target.problems import Problem, translated
from cncb_compiler.target.target import Target
from cncb_compiler.trace.places import Places

LAKE = "data-lake"
_AGO = re.compile(r"[1-9][0-9]{0,5}[smhd]")


@dataclass(frozen=True, slots=True)
class Listener:
    """A function that listens to streams, and what Lambda calls it."""

    service: str
    plan: FunctionPlan
    physical: str

    @property
    def triggers(self) -> tuple[StreamTrigger, ...]:
        """The streams that it listens to, and to which types of them."""
        return tuple(trigger for trigger in self.plan.triggers if isinstance(trigger, StreamTrigger))

    @property
    def types(self) -> tuple[str, ...]:
        """All event types that it listens to, sorted; none where it listens to every event."""
        return tuple(sorted({name for trigger in self.triggers for name in trigger.types}))

    @property
    def prefixes(self) -> tuple[str, ...]:
        """Where the lake keeps what is on its streams."""
        return tuple(sorted(f"{trigger.stream.name}/" for trigger in self.triggers))

    @property
    def batch_size(self) -> int:
        """The most records that it is given at a time."""
        return min(trigger.read.batch_size for trigger in self.triggers)

    @property
    def attempts(self) -> int:
        """How often a record is tried."""
        return 1 + max(trigger.read.attempts for trigger in self.triggers)

    def __str__(self) -> str:
        return f"{self.service}.{self.plan.name}"


def listener(analysis: Analysis, name: str, stage: str) -> Listener:
    """The function `SERVICE.FUNCTION`, as declared or as planned. Raises UnknownNameError."""
    service, dot, function = name.partition(".")
    if not dot or not function:
        raise UnknownNameError(f"`{name}` is no function: say SERVICE.FUNCTION.")
    functions_of(analysis, service)
    plans = {plan.service: {one.name: one for one in plan.functions} for plan in analysis.plans}[service]

    def listening(plan: FunctionPlan) -> list[str]:
        """A view that is computed from collected events reads them from a table; then its collecting half is meant."""
        return [one for one in plans if plans[one].at == plan.at and _listens(plans[one])]

    planned = find(analysis, service, function, lambda plan: bool(listening(plan)))
    if not _listens(plans[planned]):
        planned = next(iter(listening(plans[planned])), planned)
    if not _listens(plans[planned]):
        known = [one for one in plans if _listens(plans[one])]
        hint = f"These do: {', '.join(known)}." if known else f"No function of {service} does."
        raise UnknownNameError(f"{service}.{planned} listens to no stream. {hint}")
    return Listener(service, plans[planned], physical_name(analysis, service, planned, stage))


def _listens(plan: FunctionPlan) -> bool:
    return any(isinstance(trigger, StreamTrigger) for trigger in plan.triggers)


def chosen_types(listener: Listener, said: Sequence[str]) -> tuple[str, ...]:
    """The types to send: those that were said, else all that it listens to. Raises UnknownNameError."""
    known = listener.types
    for name in said:
        if known and name not in known:
            close = get_close_matches(name, known, 1, 0.6)
            hint = f"Did you mean `{close[0]}`?" if close else f"It listens to: {', '.join(known)}."
            raise UnknownNameError(f"{listener} does not listen to `{name}`. {hint}")
    return tuple(sorted(set(said))) or known


def moment(text: str, now: int) -> int:
    """A time in milliseconds: an ISO 8601 date or time (UTC where it says no zone), or how long ago. ValueError."""
    if _AGO.fullmatch(text):
        return now - seconds(text) * 1000
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"`{text}` is no time: say 2026-11-25, 2026-11-25T18:00Z, or how long ago: 2h, 7d.") from None
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)


def bucket_of(analysis: Analysis, kind: str, target: Target) -> str:
    """The physical name of the bucket of the system's only service of a kind. Raises Problem."""
    found = [(plan.service, one.asset) for plan in analysis.plans if plan.kind == kind for one in plan.buckets]
    system = analysis.linked.name
    if len(found) != 1:
        count = "no" if not found else "several"
        mend = f"Declare a service with `kind: {kind}`." if not found else "Name the bucket."
        raise Problem(f"{system} has {count} service{'s' if found else ''} of kind `{kind}`.", mend)
    service, asset = found[0]
    physical = Places(target, system).physical(service, asset)
    if physical is None:
        raise Problem(
            f"{service} is not deployed in stage `{target.stage}` ({target.region}).",
            "Deploy it with `cncb deploy`, or look at --stage.",
        )
    return physical


class Sources:
    """Where the records of streams come from, asked once for each."""

    def __init__(self, target: Target, system: str, function: str) -> None:
        self._target = target
        self._system = system
        self._function = function
        self._role = ""
        self._known: dict[str, Source] = {}

    def __call__(self, stream: str) -> Source:
        """Of a stream as declared. Raises Problem."""
        if stream not in self._known:
            if not self._role:
                with translated(f"looking at {self._function}"):
                    client = self._target.client("lambda")
                    try:
                        self._role = client.get_function_configuration(FunctionName=self._function)["Role"]
                    except client.exceptions.ResourceNotFoundException:
                        raise Problem(
                            f"There is no function {self._function} ({self._target.region}).",
                            "Deploy it with `cncb deploy`, or look at --stage.",
                        ) from None
            arn = Places(self._target, self._system).stream_arn(stream)
            self._known[stream] = Source(arn, self._role)
        return self._known[stream]
