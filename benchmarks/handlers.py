"""`python -m benchmarks.handlers`: what a generated listener costs, beside the same job by Powertools.

Of its own, three things, each in fresh processes, by turns: the time for one event into a view where AWS answers at
once (a stubbed client), the time that the first import takes on top of `import boto3`, and the size of the package.
Imports are measured twice: from source, as from a package that Lambda has just unpacked, and from compiled Python.
Times are those that the process itself had of a processor, so that others on the machine count for little. Then end to
end, by `running`.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from benchmarks.measure import FailedError
from benchmarks.subjects import HERE
from benchmarks.targets import Verdict

CNCB = "cncb"
POWERTOOLS = "Powertools"
BY_HAND = "Powertools, values by hand"
"""Powertools without boto3's serializer of values: its batch processor and next to nothing else."""
PACKAGES = ("aws_lambda_powertools", "typing_extensions")
"""What a package with Powertools has to hold; the rest comes with Lambda's runtime."""

MICROSECONDS = 20.0
IMPORT_MILLISECONDS = 15.0
ZIPPED_BYTES = 40_000

_ENVIRONMENT = {
    "PRODUCTS_TABLE": "products",
    "MAIN_STREAM": "main",
    "STAGE": "dev",
    "SYSTEM": "shop",
    "SERVICE": "storefront",
    "FUNCTION": "view-products",
    "AWS_DEFAULT_REGION": "us-east-1",
}

_IMPORT = """
import time, boto3
begin = time.process_time()
import handler
print((time.process_time() - begin) * 1000)
"""

_EVENTS = """
import base64, json, time, types, boto3

class Aws:
    meta = types.SimpleNamespace(events=types.SimpleNamespace(register=lambda *given: None))
    class exceptions:
        class ConditionalCheckFailedException(Exception): ...
    calls, last = 0, None
    def update_item(self, **request):
        self.calls += 1
        self.last = request
        return {}

aws = Aws()
boto3.client = lambda *names, **settings: aws
import handler

def event(number):
    product = {"id": f"p-{number}", "category": "lamps", "description": "A lamp. " * 10, "name": f"Lamp {number}",
               "price": {"amount": 1999 + number, "currency": "EUR"}}
    return {"id": f"8f7b1c1e-2f63-4c57-9d6e-0d7d3f4f{number:04d}", "type": "product-created",
            "timestamp": 1700000000000 + number, "partitionKey": product["id"], "product": product}

def record(number):
    data = base64.b64encode(json.dumps(event(number)).encode()).decode()
    kinesis = {"kinesisSchemaVersion": "1.0", "partitionKey": f"p-{number}", "sequenceNumber": str(number),
               "approximateArrivalTimestamp": 1700000000.0, "data": data}
    return {"kinesis": kinesis, "eventSource": "aws:kinesis", "eventVersion": "1.0", "eventID": f"shardId-0:{number}",
            "eventName": "aws:kinesis:record", "awsRegion": "us-east-1",
            "eventSourceARN": "arn:aws:kinesis:us-east-1:123456789012:stream/main"}

batches = [{"Records": [record(number) for number in range(at, at + 100)]} for at in range(0, 1000, 100)]
times = []
for _ in range(20):
    aws.calls = 0
    begin = time.process_time()
    for batch in batches:
        answer = handler.handler(batch, None)
        assert answer == {"batchItemFailures": []}, answer
    times.append((time.process_time() - begin) / 1000 * 1e6)
    assert aws.calls == 1000, aws.calls
print(json.dumps({"microseconds": min(times[2:]), "request": aws.last}))
"""


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


def generated(root: Path) -> Path:
    """The package of the shop's view of products, as compiled now."""
    from cncb_compiler.compilation import emit_service
    from cncb_compiler.passes import analyse
    from cncb_compiler.source.discover import systems

    analysis = analyse(systems(HERE.parent / "topologies" / "shop")[0])
    plan = next(plan for plan in analysis.plans if plan.service == "storefront")
    inside = "storefront/functions/view-products/"
    for path, content in emit_service(analysis, plan).files.items():
        if path.startswith(inside):
            place = root / path.removeprefix(inside)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
    return root


def with_powertools(root: Path) -> Path | None:
    """The peer's package; None where Powertools is not installed."""
    root.mkdir(parents=True, exist_ok=True)
    for name in PACKAGES:
        found = importlib.util.find_spec(name)
        if found is None or found.origin is None:
            return None
        origin = Path(found.origin)
        if found.submodule_search_locations:
            shutil.copytree(origin.parent, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(origin, root / origin.name)
    shutil.copy(HERE / "peers" / "by_powertools.py", root / "handler.py")
    return root


def measured(packages: Mapping[str, Path], rounds: int) -> list[Cost]:
    """Measure each package `rounds` times, by turns. Raises FailedError where one does not do its work."""
    events: dict[str, list[dict[str, Any]]] = {name: [] for name in packages}
    imported: dict[str, list[float]] = {name: [] for name in packages}
    compiled: dict[str, list[float]] = {name: [] for name in packages}
    for _ in range(rounds):
        for name, package in packages.items():
            events[name].append(json.loads(_python(name, package, _EVENTS)))
            imported[name].append(float(_python(name, package, _IMPORT)))
        with tempfile.TemporaryDirectory(prefix="cncb-bytecode-") as cache:
            for name, package in packages.items():
                _python(name, package, _IMPORT, cache)
                compiled[name].append(float(_python(name, package, _IMPORT, cache)))
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


def zipped(package: Path) -> bytes:
    """A package as it is deployed."""
    from cncb_compiler.deploy.artifacts import zipped

    files = [path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return zipped({path.relative_to(package).as_posix(): path.read_bytes() for path in files})


def _python(name: str, package: Path, program: str, bytecode: str | None = None) -> str:
    """What a program prints that runs beside a package's handler; `bytecode` is where compiled Python is kept."""
    # Without `bytecode`, what is installed (boto3) still has its compiled Python; the package has none.
    compiling = {"PYTHONPYCACHEPREFIX": bytecode} if bytecode else {"PYTHONDONTWRITEBYTECODE": "1"}
    environment = {"PATH": os.environ.get("PATH", os.defpath), **compiling, **_ENVIRONMENT}
    if name == BY_HAND:
        environment["VALUES"] = "by hand"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=package, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise FailedError(f"the listener of {name} failed:\n{done.stderr.strip()}")
    return done.stdout


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
