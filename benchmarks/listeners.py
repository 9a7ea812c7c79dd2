"""What a generated listener costs, and how fast it is end to end, beside Powertools: measured, and told."""

from __future__ import annotations

import importlib.util
import platform
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks import handlers, packages, per_event, requests, running, tables
from benchmarks.handlers import Cost
from benchmarks.packages import BY_HAND, CNCB, LOOP, LOOP_BY_HAND, LOOP_COUNTED, POWERTOOLS, POWERTOOLS_BY_HAND
from benchmarks.peers import install
from benchmarks.per_event import PerEvent
from benchmarks.requests import Requests
from benchmarks.running import Rate
from benchmarks.subjects import HERE
from benchmarks.targets import Verdict

HEADING = "## Running"


@dataclass(frozen=True)
class Listeners:
    """Everything that one run found of listeners."""

    costs: tuple[Cost, ...]
    per_event: tuple[PerEvent, ...]
    rates: tuple[Rate, ...]
    requests: tuple[Requests, ...]
    notes: tuple[str, ...]
    """With what it was measured, what was left out, and why."""


def measure(rounds: int, events: int, say: Callable[[str], None]) -> Listeners:
    """Measure listeners: `rounds` processes or runs each, of `events` events end to end (0: not end to end).

    `say` is told what runs. Raises FailedError where one does not do its work.
    """
    version = install.pypi_version("aws-lambda-powertools")
    notes = [f"With Python {platform.python_version()}, Powertools {version or 'not installed: left out'}."]
    rates: list[Rate] = []
    with tempfile.TemporaryDirectory(prefix="cncb-listeners-") as folder:
        ways = {CNCB: packages.generated(Path(folder) / "cncb")}
        peer = packages.with_powertools(Path(folder) / "powertools")
        if peer is not None:
            ways |= {POWERTOOLS: peer, POWERTOOLS_BY_HAND: peer}
        say(f"listeners: {rounds} rounds with AWS stubbed")
        costs = handlers.measured(ways, rounds)
        say(f"listeners: {rounds} rounds of 1, 10 and 100,000 events with AWS stubbed")
        loop = packages.plain_loop(Path(folder) / "loop")
        each = per_event.measured(ways | {LOOP: loop, LOOP_COUNTED: loop, LOOP_BY_HAND: loop}, rounds)
        if events and importlib.util.find_spec("moto") is None:
            notes.append("End to end left out: `pip install 'cncb[local]'`.")
        elif events:
            say(f"listeners: {rounds} rounds of {events} events end to end")
            zips = {name: packages.zipped(package) for name, package in ways.items() if name not in BY_HAND}
            rates = running.measured(zips, Path(folder) / "system", events, rounds)
    return Listeners(tuple(costs), tuple(each), tuple(rates), tuple(requests.counted()), tuple(notes))


def as_text(found: Listeners) -> str:
    """The report for a terminal."""
    parts = [f"{tables.as_text(rows)}\n" for _, rows in _tables(found)]
    return "\n".join([*parts, *found.notes]) + "\n"


def as_values(found: Listeners) -> dict[str, Any]:
    """The report as values of JSON: every run, and the verdicts."""
    verdicts = [{**asdict(each), "reached": each.reached} for each in _verdicts(found)]
    return {**asdict(found), "verdicts": verdicts}


def as_markdown(found: Listeners) -> str:
    """The section of the page: the method, then the tables of this run."""
    method = (HERE / "running.md").read_text(encoding="utf-8").rstrip("\n")
    parts = [f"{HEADING}\n\n{method}\n", *(f"{note}\n" for note in found.notes)]
    parts += [f"### {title}\n\n{tables.as_markdown(rows)}\n" for title, rows in _tables(found)]
    return "\n".join(parts)


def renewed(page: str, found: Listeners) -> str:
    """The page with this run's section in place of its own, which is the last one."""
    before, _, _ = page.partition(f"\n{HEADING}\n")
    return f"{before.rstrip()}\n\n{as_markdown(found)}"


def _tables(found: Listeners) -> list[tuple[str, tables.Rows]]:
    made: list[tuple[str, tables.Rows]] = [
        ("Targets of a listener", tables.verdicts(_verdicts(found))),
        ("A listener, with AWS stubbed", handlers.rows(found.costs)),
        ("The pipeline beside a plain loop, with AWS stubbed", per_event.rows(found.per_event)),
        ("Requests of the book's simulation", requests.rows(found.requests)),
        ("End to end on this machine", running.rows(found.rates)),
    ]
    return [(title, rows) for title, rows in made if len(rows) > 1]


def _verdicts(found: Listeners) -> list[Verdict]:
    return [*handlers.verdicts(found.costs), *per_event.verdicts(found.per_event)]
