"""What `cncb faults` says of the faults that its options mean."""

from __future__ import annotations

import json
from typing import Any

import click

from cncb_compiler.cli.common import prefix_of
from cncb_compiler.faults import text
from cncb_compiler.faults.described import described, summary
from cncb_compiler.faults.reach import Reach
from cncb_compiler.faults.resubmitting import Outcome
from cncb_compiler.faults.store import OPEN, RESUBMITTED, Kept, LostError
from cncb_compiler.passes import Analysis
from cncb_compiler.source.sources import Sources
from cncb_compiler.target.problems import translated

SHOWN = 100
"""How many faults a dry run shows."""


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
    if not go:
        _would(reach, output_format)
        return True
    outcomes: list[Outcome] = []
    for outcome in reach.resubmitted():
        outcomes.append(outcome)
        if output_format != "json":
            click.echo(text.outcome(outcome))
    if output_format == "json":
        _print(reach, sent=True, outcomes=[_as_json(one) for one in outcomes])
    else:
        click.echo(text.totals(outcomes) if outcomes else "There is no such fault.")
    return all(one.state == "handled" for one in outcomes)


def _would(reach: Reach, output_format: str) -> None:
    kept = reach.kept()
    faults = _summaries(reach, kept[:SHOWN])
    if output_format == "json":
        _print(reach, sent=False, count=len(kept), faults=faults)
    else:
        hint = " Nothing was sent; --go sends them." if kept else ""
        _table(faults, len(kept), f"Would resubmit {text.faults_of(len(kept))}.{hint}")


def _summaries(reach: Reach, kept: list[Kept]) -> list[dict[str, Any]]:
    with translated(f"reading {reach.store.bucket}"):
        return [summary(reach.store, one) for one in kept]


def _table(faults: list[dict[str, Any]], count: int, said: str) -> None:
    for line in text.table(faults) if faults else ():
        click.echo(line)
    if count > len(faults):
        click.echo(f"... and {count - len(faults):,} more that are not shown")
    click.echo(said)


def _declared(analysis: Analysis, kept: Kept) -> str:
    """Where the function of a fault is declared; empty where it no longer is."""
    for plan in analysis.plans:
        for function in plan.functions:
            if (plan.service, function.name) == (kept.service, kept.function):
                at = function.at
                named = at.key() if at.path and isinstance(at.path[-1], str) else at
                sources = Sources(analysis.source.files, prefix_of(analysis.source))
                return f"{sources.shown(at.file)}:{sources.range(named).line}"
    return ""


def _as_json(outcome: Outcome) -> dict[str, Any]:
    kept = outcome.kept
    told = {"id": kept.id, "service": kept.service, "function": kept.function, "outcome": outcome.state}
    return told | ({"detail": outcome.detail} if outcome.detail else {})


def _print(reach: Reach, **told: Any) -> None:
    click.echo(json.dumps({"version": 1, "bucket": reach.store.bucket, **told}, indent=2))
