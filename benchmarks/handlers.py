"""`python -m benchmarks.handlers`: what a generated listener costs of its own, beside the same job by Powertools.

Three things, each in fresh processes, by turns: the time for one event into a view where AWS answers at once (a
stubbed client), the time that the first import takes on top of `import boto3`, and the size of the package. Imports are
measured twice: from source, as from a package that Lambda has just unpacked, and from compiled Python. Times are those
that the process itself had of a processor, so that others on the machine count for little.
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
from benchmarks.peers import install
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
import base64, json, time, boto3

class Aws:
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
            len(_zipped(package)),
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


def as_text(costs: Sequence[Cost]) -> str:
    """The report."""
    lines = [f"{'listener':28} {'us/event':>10} {'import ms':>10} {'compiled ms':>12} {'zipped KB':>10}"]
    for cost in costs:
        micros, imported = statistics.median(cost.microseconds), statistics.median(cost.imported)
        compiled = statistics.median(cost.compiled)
        lines.append(f"{cost.subject:28} {micros:10.1f} {imported:10.1f} {compiled:12.1f} {cost.zipped / 1000:10.1f}")
    for each in verdicts(costs):
        said = "reached" if each.reached else f"not reached, by {each.missed_by:.2f}x"
        lines.append(f"{each.target}: {each.measured:.2f}{each.unit}, at most {each.limit:g}{each.unit}: {said}")
    return "\n".join(lines) + "\n"


def _zipped(package: Path) -> bytes:
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
def main(rounds: int) -> None:
    """Measure a generated listener beside the same job written with Powertools."""
    with tempfile.TemporaryDirectory(prefix="cncb-handlers-") as folder:
        packages = {CNCB: generated(Path(folder) / "cncb")}
        peer = with_powertools(Path(folder) / "powertools")
        if peer is not None:
            packages |= {POWERTOOLS: peer, BY_HAND: peer}
        try:
            costs = measured(packages, rounds)
        except FailedError as failure:
            raise click.ClickException(str(failure)) from failure
    click.echo(as_text(costs), nl=False)
    version = install.pypi_version("aws-lambda-powertools")
    click.echo(f"With Python {sys.version.split()[0]}, Powertools {version or 'not installed: left out'}.")


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.handlers")
