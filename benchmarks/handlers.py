"""`python -m benchmarks.handlers`: what a generated listener costs, beside the same job by Powertools.

Of its own, three things, each in fresh processes, by turns: the time for one event into a view where AWS answers at
once (a stubbed client), the time that the first import takes on top of `import boto3`, and the size of the package.
Imports are measured twice: from source, as from a package that Lambda has just unpacked, and from compiled Python.
Times are those that the process itself had of a processor, so that others on the machine count for little. Then end to
end, by `running`.
"""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from benchmarks.measure import FailedError
from benchmarks.packages import CNCB, POWERTOOLS, STUBS, python, zipped
from benchmarks.targets import Verdict

MICROSECONDS = 20.0
IMPORT_MILLISECONDS = 15.0
ZIPPED_BYTES = 40_000

_IMPORT = """
import time, boto3
begin = time.process_time()
import handler
print((time.process_time() - begin) * 1000)
"""

_EVENTS = (
    STUBS
    + """
batches = [{"Records": [record(number) for number in range(at, at + 100)]} for at in range(0, 1000, 100)]
times = [timed(batches) for _ in range(20)]
print(json.dumps({"microseconds": min(times[2:]), "request": aws.last}), file=told)
"""
)


@dataclass(frozen=True)
class Cost:
    """What one way to write the listener costs."""

    subject: str
    microseconds: tuple[float, ...]
    """For one event; the best of each process."""
    imported: tuple[float, ...]
    """Milliseconds of each first import over `import boto3`, from source."""
    compiled: tuple[float, ...]
    """The same from compiled Python."""
    zipped: int
    """Bytes of the package."""
    request: Mapping[str, object]
    """The last request that it made, to see that all do the same."""


def measured(packages: Mapping[str, Path], rounds: int) -> list[Cost]:
    """Measure each package `rounds` times, by turns. Raises FailedError where one does not do its work."""
    events: dict[str, list[dict[str, Any]]] = {name: [] for name in packages}
    imported: dict[str, list[float]] = {name: [] for name in packages}
    compiled: dict[str, list[float]] = {name: [] for name in packages}
    for _ in range(rounds):
        for name, package in packages.items():
            events[name].append(json.loads(python(name, package, _EVENTS)))
            imported[name].append(float(python(name, package, _IMPORT)))
        with tempfile.TemporaryDirectory(prefix="cncb-bytecode-") as cache:
            for name, package in packages.items():
                python(name, package, _IMPORT, cache)
                compiled[name].append(float(python(name, package, _IMPORT, cache)))
    return [
        Cost(
            name,
            tuple(float(found["microseconds"]) for found in events[name]),
            tuple(imported[name]),
            tuple(compiled[name]),
            len(zipped(package)),
            dict(events[name][-1]["request"]),
        )
        for name, package in packages.items()
    ]


def verdicts(costs: Sequence[Cost]) -> list[Verdict]:
    """Whether the generated listener is as cheap as it is to be."""
    by_name = {cost.subject: cost for cost in costs}
    own = by_name[CNCB]
    micros = statistics.median(own.microseconds)
    found = [
        Verdict("own cost of an event", MICROSECONDS, micros, unit=" us"),
        Verdict("first import over boto3's", IMPORT_MILLISECONDS, statistics.median(own.imported), unit=" ms"),
        Verdict("package, zipped", ZIPPED_BYTES / 1000, own.zipped / 1000, unit=" KB"),
    ]
    if POWERTOOLS in by_name:
        ratio = micros / statistics.median(by_name[POWERTOOLS].microseconds)
        found.append(Verdict(f"own cost of an event, against {POWERTOOLS}", 0.5, ratio))
    return found


def rows(costs: Sequence[Cost]) -> list[tuple[str, ...]]:
    """The rows of the table of costs, the heading first. `spread` is that of the time of an event."""
    found: list[tuple[str, ...]] = [("listener", "us/event", "spread", "import ms", "compiled ms", "zipped KB")]
    for cost in costs:
        micros = statistics.median(cost.microseconds)
        spread = (max(cost.microseconds) - min(cost.microseconds)) / 2 / micros
        imported, compiled = statistics.median(cost.imported), statistics.median(cost.compiled)
        row = (f"{micros:.1f}", f"±{spread:.0%}", f"{imported:.1f}", f"{compiled:.1f}", f"{cost.zipped / 1000:.1f}")
        found.append((cost.subject, *row))
    return found


@click.command()
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1), help="Processes that a median is of.")
@click.option(
    "--events", default=1000, show_default=True, type=click.IntRange(0), help="Events of a run end to end; 0: none."
)
@click.option(
    "--markdown",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Also renew the section `Running` of the page of the documentation.",
)
def main(rounds: int, events: int, markdown: Path | None) -> None:
    """Measure a generated listener beside the same job written with Powertools."""
    from benchmarks import listeners

    try:
        found = listeners.measure(rounds, events, lambda text: click.echo(text, err=True))
    except FailedError as failure:
        raise click.ClickException(str(failure)) from failure
    click.echo(listeners.as_text(found), nl=False)
    if markdown:
        markdown.write_text(listeners.renewed(markdown.read_text(encoding="utf-8"), found), encoding="utf-8")


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.handlers")
