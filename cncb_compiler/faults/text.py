"""Faults for people: as a table, and one by one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cncb_compiler.diagnostics.render.excerpt import visible
from cncb_compiler.faults.resubmitting import Outcome

MESSAGE = 60
"""How many characters of an error's message a table shows."""


def table(faults: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A line for each fault, under a head."""
    rows = [("faulted", "function", "event", "id", "error")]
    for one in faults:
        rows.append(
            (
                one["faulted"],
                f"{one['service']}.{one['function']}",
                visible(one.get("event", {}).get("type", "-")),
                visible(one["id"]),
                _cut(error(one)),
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        yield "  ".join([*(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)), row[4]])


def error(fault: Mapping[str, Any]) -> str:
    """The error of a fault in one line."""
    told = fault["error"]
    return visible(" ".join(": ".join(part for part in (told["name"], told["message"]) if part).split()))


def shown(fault: Mapping[str, Any], event: Mapping[str, Any], declared: str) -> Iterator[str]:
    """One fault whole: what it is, where its function is declared, the event that could not be handled."""
    yield f"fault     {visible(fault['id'])}"
    yield f"function  {fault['service']}.{fault['function']}{f', declared at {declared}' if declared else ''}"
    yield f"faulted   {fault['faulted']}"
    yield f"error     {error(fault)}"
    claim = fault.get("claimCheck")
    if claim:
        yield f"record    s3://{visible(str(claim.get('bucket')))}/{visible(str(claim.get('key')))}"
    unit = event.get("unit")
    caused = unit.get("event") if isinstance(unit, dict) else None
    if caused is None:
        yield "event     not kept in the fault" if fault.get("trimmed") else "event     it could not be read"
        return
    yield "event     what is sensitive is blotted out" if fault.get("redacted") else "event"
    yield from (f"  {visible(line)}" for line in json.dumps(caused, indent=2, ensure_ascii=False).splitlines())


def outcome(one: Outcome) -> str:
    """What became of a fault, in one line."""
    detail = f": {_cut(visible(' '.join(one.detail.split())))}" if one.detail else ""
    return f"{one.state:<8}  {one.kept.service}.{one.kept.function}  {visible(one.kept.id)}{detail}"


def totals(outcomes: Sequence[Outcome]) -> str:
    """How many of each outcome there were."""
    counts = {state: sum(one.state == state for one in outcomes) for state in ("handled", "faulted", "failed")}
    told = [f"{count:,} {state}" for state, count in counts.items() if count or state == "handled"]
    return f"{', '.join(told)}."


def faults_of(count: int) -> str:
    """`2 faults`."""
    return f"{count:,} fault{'' if count == 1 else 's'}"


def _cut(text: str) -> str:
    return text if len(text) <= MESSAGE else f"{text[: MESSAGE - 3]}..."
