"""The packages that are measured: a view's generated listener, and the same job written by hand."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.measure import FailedError
from benchmarks.subjects import HERE

CNCB = "cncb"
POWERTOOLS = "Powertools"
POWERTOOLS_BY_HAND = "Powertools, values by hand"
"""Powertools without boto3's serializer of values: its batch processor and next to nothing else."""
LOOP = "plain loop"
"""With boto3's serializer."""
LOOP_BY_HAND = "plain loop, values by hand"
"""The floor: nobody can do the job with less."""
LOOP_COUNTED = "plain loop, with a metric line"
"""Serializer as `LOOP`, and one line of metrics an invocation, as cncb writes: without it no event is counted."""
BY_HAND = (POWERTOOLS_BY_HAND, LOOP_BY_HAND)
REQUIRED = ("aws_lambda_powertools", "typing_extensions")
"""What a package with Powertools has to hold; the rest comes with Lambda's runtime."""

_ENVIRONMENT = {
    "PRODUCTS_TABLE": "products",
    "MAIN_STREAM": "main",
    "STAGE": "dev",
    "SYSTEM": "shop",
    "SERVICE": "storefront",
    "FUNCTION": "view-products",
    "AWS_LAMBDA_FUNCTION_NAME": "storefront-dev-view-products",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "CALL_TIMEOUT_SECONDS": "2",
    "CALL_ATTEMPTS": "3",
}

STUBS = """
import base64, json, os, sys, time, types, boto3

class Aws:
    meta = types.SimpleNamespace(events=types.SimpleNamespace(register=lambda *given: None))
    class exceptions:
        class ConditionalCheckFailedException(Exception): ...
    calls, last = 0, None
    def update_item(self, **request):
        self.calls += 1
        self.last = request
        return {}

class Context:
    aws_request_id = "8f7b1c1e-2f63-4c57-9d6e-0d7d3f4f0000"
    function_name = "storefront-dev-view-products"
    memory_limit_in_mb = 256
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:storefront-dev-view-products"
    def get_remaining_time_in_millis(self):
        return 30000

aws = Aws()
boto3.client = lambda *names, **settings: aws
# What a listener logs goes nowhere, at its cost.
told, sys.stdout = sys.stdout, open(os.devnull, "w")
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

def timed(batches):
    events = sum(len(batch["Records"]) for batch in batches)
    aws.calls = 0
    begin = time.process_time()
    for batch in batches:
        answer = handler.handler(batch, Context())
        assert answer == {"batchItemFailures": []}, answer
    seconds = time.process_time() - begin
    assert aws.calls == events, aws.calls
    return seconds / events * 1e6
"""
"""The beginning of a program beside a handler: AWS as a stub, `record(number)`, and `timed(batches)`: us per event."""


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
    for name in REQUIRED:
        found = importlib.util.find_spec(name)
        if found is None or found.origin is None:
            return None
        origin = Path(found.origin)
        if found.submodule_search_locations:
            shutil.copytree(origin.parent, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(origin, root / origin.name)
    _by_hand(root, "by_powertools.py")
    return root


def plain_loop(root: Path) -> Path:
    """The package with nothing around the job."""
    root.mkdir(parents=True, exist_ok=True)
    _by_hand(root, "by_loop.py")
    return root


def zipped(package: Path) -> bytes:
    """A package as it is deployed."""
    from cncb_compiler.deploy.artifacts import zipped

    files = [path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return zipped({path.relative_to(package).as_posix(): path.read_bytes() for path in files})


def python(name: str, package: Path, program: str, bytecode: str | None = None) -> str:
    """What a program prints that runs beside a package's handler; `bytecode` is where compiled Python is kept.

    Raises FailedError where the program fails.
    """
    # Without `bytecode`, what is installed (boto3) still has its compiled Python; the package has none.
    compiling = {"PYTHONPYCACHEPREFIX": bytecode} if bytecode else {"PYTHONDONTWRITEBYTECODE": "1"}
    environment = {"PATH": os.environ.get("PATH", os.defpath), **compiling, **_ENVIRONMENT}
    if name in BY_HAND:
        environment["VALUES"] = "by hand"
    if name == LOOP_COUNTED:
        environment["METRICS"] = "a line"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=package, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise FailedError(f"the listener of {name} failed:\n{done.stderr.strip()}")
    return done.stdout


def _by_hand(root: Path, handler: str) -> None:
    shutil.copy(HERE / "peers" / handler, root / "handler.py")
    shutil.copy(HERE / "peers" / "update.py", root / "update.py")
