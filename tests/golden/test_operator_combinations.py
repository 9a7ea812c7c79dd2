"""Operators in any combination make handlers that are lint clean, typed, and pass the tests that come with them."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

THING = {"id": "string", "name": "string", "n": "integer"}
EVENTS = {
    "thing-saved": {"entity": "thing", "with": {"thing": "Thing"}, "external": True},
    "thing-counted": {
        "partitionKey": "thing.id",
        "with": {"thing": {"id": "string", "n": "integer"}},
        "external": True,
    },
}
APART = {
    "thing-saved": {"fields": {"name": "thing.name"}},
    "thing-counted": {"fields": {"n": "thing.n"}},
}


PACED = {"parallel": 4, "rate": 50}
FLOWS = ({}, {"group": "last", "parallel": 4}, {"group": "last", "rate": 50}, PACED)
"""Each pair of the three, with and without."""


def services(noun: str, made: Iterator[dict[str, Any]], **shared: Any) -> dict[str, Any]:
    """The constructs of a kind, so few a service that a stack holds them."""
    constructs = list(made)
    return {
        f"{noun}{first}": {**shared, noun: {f"{noun}{first + at}": constructs[first + at] for at in range(len(some))}}
        for first in range(0, len(constructs), 12)
        if (some := constructs[first : first + 12])
    }


def views() -> Iterator[dict[str, Any]]:
    for idempotence, flow in itertools.product(("oplock", "sequence", "id", "none"), FLOWS):
        processing = {"idempotence": idempotence, **flow}
        yield {"on": "thing-saved", "processing": {**processing, "compact": "thing.id"}}
        yield {"on": APART, "key": "thing.id", "processing": processing}
    for idempotence, flow in itertools.product(("none", "id"), FLOWS):
        yield {"on": "thing-saved", "processing": {"idempotence": idempotence, "batch": 25, **flow}}
    for flow in FLOWS:
        yield {"kind": "s3", "on": "thing-saved", "processing": flow}
    for batch, flow in itertools.product(({}, {"batch": 10}), FLOWS):
        collect = {"on": "thing-saved", "by": "thing.id"}
        yield {"collect": collect, "fields": {"total": "sum(thing-saved, thing.n)"}, "processing": {**batch, **flow}}


def reactions() -> Iterator[dict[str, Any]]:
    reduce = {"total": "sum(thing-saved, thing.n)", "last": "last(thing-saved, thing.name)"}
    groups = ({}, {"group": "all", "compact": "thing.id"}, {"group": {"reduce": reduce}})
    for idempotence, group, flow in itertools.product(("id", "none"), groups, ({}, PACED)):
        processing = {"idempotence": idempotence, **group, **flow}
        yield {"on": "thing-saved", "call": {"hook": "told.tell"}, "processing": processing}
    for flow in ({}, PACED, {"batch": 5, "parallel": 4}, {"batch": 5, "rate": 50}):
        yield {"on": "thing-saved", "send": "outbox", "set": {"id": "thing.id"}, "processing": flow}
    for effect, flow in itertools.product(({"write": "kept"}, {"update": "kept", "key": "thing.id"}), FLOWS):
        yield {"on": "thing-saved", **effect, "processing": flow}
    for flow in FLOWS:
        processing = {"idempotence": "none", "batch": 25, **flow}
        yield {"on": "thing-saved", "write": "kept", "when": "thing.n > `1`", "processing": processing}


def system() -> dict[str, Any]:
    """One service for each of what can be written, as few as hold them all."""
    changing = {}
    events = dict(EVENTS)
    for number, processing in enumerate(({}, PACED, {"batch": 100, "parallel": 4}, {"batch": 100, "rate": 50})):
        changed, settled = f"thing-changed{number}", f"thing-settled{number}"
        events[changed] = {"entity": "thing", "with": {"thing": "Thing"}}
        events[settled] = {"entity": "thing", "with": {"thing": {"id": "string"}}}
        changing[f"changing{number}"] = {
            "stores": {"things": {"of": "Thing"}},
            "processing": processing,
            "changes": {"things": {"modify": changed}},
            "transitions": [{"on": changed, "emit": settled}],
        }
    viewing = services("views", views())
    outbox = {"outbox": {"of": {"id": "string"}}}
    told = services("reactions", reactions(), kind="esg", stores={"kept": {"of": "Thing"}}, queues=outbox)
    return {
        "system": "operators",
        "types": {"Thing": THING},
        "events": events,
        "services": {**viewing, **told, **changing},
    }


def test_operators_in_any_combination_compile_and_pass_their_tests(cncb, write):
    hook = "def tell(event: object) -> None:\n    pass\n"
    made = system()
    text = "".join(f"{key}: {json.dumps(value)}\n" for key, value in made.items())
    hooks = {f"hooks/{service}/told.py": hook for service in made["services"] if service.startswith("reactions")}
    folder = write({"system.yaml": text, **hooks})
    compiled = cncb("compile", ".", cwd=folder)
    assert compiled.returncode == 0, compiled.stdout[-3000:] + compiled.stderr[-1000:]
    options = ["--isolated", "--line-length", "120", "--target-version", "py311", "--select", "E,F,W,I,UP,B"]
    for command in (
        ["ruff", "check", "--no-cache", *options, "."],
        ["pytest", "-q", "-p", "no:cacheprovider", "."],
    ):
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        ran = subprocess.run(
            [sys.executable, "-m", *command], cwd=folder / "generated", capture_output=True, text=True, env=environment
        )
        assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-1000:]
