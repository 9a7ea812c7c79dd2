"""The faults that are meant: of a deployed system, a service or function, a time, or by their ids."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from cncb_compiler.faults.resubmitting import Outcome, resubmit
from cncb_compiler.faults.store import OPEN, FaultStore, Kept
from cncb_compiler.operate.functions import find, functions_of, physical_name
from cncb_compiler.passes import Analysis
from cncb_compiler.plan.function import FunctionPlan, StreamTrigger, TableTrigger
from cncb_compiler.replay.asked import bucket_of, moment
from cncb_compiler.replay.clients import s3_client, sending_client
from cncb_compiler.replay.patience import Patience
from cncb_compiler.replay.sending import Sender
from cncb_compiler.runtime.envelope import now
from cncb_compiler.target.problems import translated
from cncb_compiler.target.target import Target

MONITOR = "monitor"
ATTEMPTS = 3
"""How often a record is given to a function that asks for it again."""


@dataclass(frozen=True, slots=True)
class Reach:
    """`service` and `function` are empty where all are meant, `ids` may be the first characters of ids."""

    analysis: Analysis
    target: Target
    store: FaultStore
    service: str = ""
    function: str = ""
    since: int = 0
    ids: tuple[str, ...] = ()

    def kept(self, prefix: str = OPEN) -> list[Kept]:
        """Those under a prefix, oldest record first. Raises Problem."""
        with translated(f"reading {self.store.bucket}"):
            return sorted(
                one
                for one in self.store.kept(prefix, self.service, self.function)
                if one.at >= self.since and (not self.ids or one.id.startswith(self.ids))
            )

    def resubmitted(self) -> Iterator[Outcome]:
        """Resubmit them, one as each outcome is asked for. Raises Problem."""
        sender = _senders(self.target)
        for kept in self.kept():
            # What Lambda calls the function is never taken from the fault alone.
            function = physical_name(self.analysis, kept.service, kept.function, self.target.stage)
            with translated(f"resubmitting {kept.id}"):
                yield resubmit(self.store, kept, function, sender)


def reach(analysis: Analysis, target: Target, of: str | None, since: str | None, ids: tuple[str, ...]) -> Reach:
    """Of `SERVICE` or `SERVICE.FUNCTION`, since a time, with ids. Raises Problem, UnknownNameError, ValueError."""
    service, dot, function = (of or "").partition(".")
    if service:
        functions_of(analysis, service)
    if dot:
        function = find(analysis, service, function, _reads)
    after = 0 if since is None else moment(since, now())
    store = FaultStore(s3_client(target), bucket_of(analysis, MONITOR, target), Patience())
    return Reach(analysis, target, store, service, function, after, ids)


def _reads(plan: FunctionPlan) -> bool:
    """Whether it handles records, which may become faults."""
    return any(isinstance(trigger, (StreamTrigger, TableTrigger)) for trigger in plan.triggers)


def _senders(target: Target) -> Callable[[str], Sender]:
    client = sending_client(target)
    return cache(lambda function: Sender(client, function, ATTEMPTS, Patience()))
