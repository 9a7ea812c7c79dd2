"""What `cncb faults` says and does, for the faults that its options mean."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import click

from cncb_compiler.faults import text
from cncb_compiler.faults.described import described, summary
from cncb_compiler.faults.resubmitting import Outcome, resubmit
from cncb_compiler.faults.store import OPEN, RESUBMITTED, FaultStore, Kept, LostError
from cncb_compiler.operate.functions import find, functions_of, physical_name
from cncb_compiler.passes import Analysis
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
    """The faults that are meant: `function` and `service` are empty where all are."""

    analysis: Analysis
    target: Target
    store: FaultStore
    service: str
    function: str
    since: int
    ids: tuple[str, ...]

    def kept(self, prefix: str = OPEN) -> list[Kept]:
        """Those under a prefix, oldest record first."""
        with translated(f"reading {self.store.bucket}"):
            return sorted(
                one
                for one in self.store.kept(prefix, self.service, self.function)
                if one.at >= self.since and (not self.ids or one.id.startswith(self.ids))
            )


def reach(analysis: Analysis, target: Target, of: str | None, since: str | None, ids: tuple[str, ...]) -> Reach:
    """What the options mean. Raises Problem, UnknownNameError, ValueError (a time that is none)."""
    service, dot, function = (of or "").partition(".")
    if service:
        functions_of(analysis, service)
    if dot:
        function = find(analysis, service, function)
    after = 0 if since is None else moment(since, now())
    store = FaultStore(s3_client(target), bucket_of(analysis, MONITOR, target), Patience())
    return Reach(analysis, target, store, service, function, after, ids)


def list_faults(reach: Reach, resubmitted: bool, limit: int, output_format: str) -> None:
    """List faults: all are counted, the newest of them shown."""
    kept = reach.kept(RESUBMITTED if resubmitted else OPEN)
    faults = _summaries(reach, kept[-limit:])
    if output_format == "json":
        _print(reach, count=len(kept), faults=faults)
        return
    _table(faults, len(kept), f"{text.faults_of(len(kept))}{' that were resubmitted' if resubmitted else ''}.")


def show_faults(reach: Reach, output_format: str) -> bool:
    """Show faults whole, those that were resubmitted too; whether there is one."""
    told = []
    for kept in [*reach.kept(), *reach.kept(RESUBMITTED)]:
        try:
            with translated(f"reading {reach.store.bucket}"):
                event = reach.store.event(kept)
        except LostError as error:
            click.echo(f"cncb: {error}.", err=True)
            continue
        fault = described(kept, event) | {"declared": _declared(reach.analysis, kept)}
        told.append(fault | {"fault": event})
        if output_format != "json":
            for line in ["", *text.shown(fault, event, fault["declared"])][len(told) == 1 :]:
                click.echo(line)
    if output_format == "json":
        _print(reach, faults=told)
    elif not told:
        click.echo("There is no such fault.")
    return bool(told)


def resubmit_faults(reach: Reach, go: bool, output_format: str) -> bool:
    """Say what would be sent, or send it; whether all was well."""
    kept = reach.kept()
    if not go:
        faults = _summaries(reach, kept[:SHOWN])
        if output_format == "json":
            _print(reach, sent=False, count=len(kept), faults=faults)
        else:
            hint = " Nothing was sent; --go sends them." if kept else ""
            _table(faults, len(kept), f"Would resubmit {text.faults_of(len(kept))}.{hint}")
        return True
    sender = _senders(reach.target)
    outcomes: list[Outcome] = []
    for one in kept:
        function = physical_name_of(reach, one)
        with translated(f"resubmitting {one.id}"):
            outcomes.append(resubmit(reach.store, one, function, sender))
        if output_format != "json":
            click.echo(text.outcome(outcomes[-1]))
    if output_format == "json":
        _print(reach, sent=True, outcomes=[_as_json(one) for one in outcomes])
    else:
        click.echo(text.totals(outcomes) if outcomes else "There is no such fault.")
    return all(one.state == "handled" for one in outcomes)


SHOWN = 100
"""How many faults a dry run shows."""


def physical_name_of(reach: Reach, kept: Kept) -> str:
    """What Lambda calls the function of a fault; it is never taken from the fault alone."""
    return physical_name(reach.analysis, kept.service, kept.function, reach.target.stage)


def _senders(target: Target) -> Callable[[str], Sender]:
    client = sending_client(target)
    return cache(lambda function: Sender(client, function, ATTEMPTS, Patience()))


def _summaries(reach: Reach, kept: list[Kept]) -> list[dict[str, Any]]:
    with translated(f"reading {reach.store.bucket}"):
        return [summary(reach.store, one) for one in kept]


def _table(faults: list[dict[str, Any]], count: int, said: str) -> None:
    for line in text.table(faults) if faults else ():
        click.echo(line)
    if count > len(faults):
        click.echo(f"... and {text.faults_of(count - len(faults))} more")
    click.echo(said)


def _declared(analysis: Analysis, kept: Kept) -> str:
    """Where the function of a fault is declared; empty where it no longer is."""
    for plan in analysis.plans:
        for function in plan.functions:
            if (plan.service, function.name) == (kept.service, kept.function):
                at = function.at
                named = at.key() if at.path and isinstance(at.path[-1], str) else at
                return f"{analysis.sources.shown(at.file)}:{analysis.sources.range(named).line}"
    return ""


def _as_json(outcome: Outcome) -> dict[str, Any]:
    kept = outcome.kept
    told = {"id": kept.id, "service": kept.service, "function": kept.function, "outcome": outcome.state}
    return told | ({"detail": outcome.detail} if outcome.detail else {})


def _print(reach: Reach, **told: Any) -> None:
    click.echo(json.dumps({"version": 1, "bucket": reach.store.bucket, **told}, indent=2))
