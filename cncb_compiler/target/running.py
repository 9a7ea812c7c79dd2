"""Runs of systems on this machine, as others find them, and the target that a command means.

A `cncb run` leaves `.cncb/run/<system>-<pid>.json` in its working folder for as long as it runs.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from cncb_compiler.model.declared import DeclaredSystem
from cncb_compiler.model.system import LOCAL_STAGE
from cncb_compiler.target.problems import Problem
from cncb_compiler.target.target import Target

FOLDER = Path(".cncb", "run")
LOCAL_REGION = "us-east-1"
"""The region of a local endpoint, where nothing says otherwise."""


@dataclass(frozen=True, slots=True)
class Run:
    """A system that runs on this machine. `root` is its folder; `started` is in seconds since the epoch.

    `front` is where its APIs answer, `control` where it tells what has happened (`cli.running`).
    """

    system: str
    stage: str
    region: str
    endpoint: str
    front: str
    control: str
    root: str
    pid: int
    started: float

    @property
    def file(self) -> str:
        """The name of its state file."""
        return f"{self.system}-{self.pid}.json"

    @property
    def alive(self) -> bool:
        """Whether the process that left the file is still there."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except (PermissionError, OverflowError):
            return True
        return True


@contextmanager
def announced(run: Run, folder: Path | None = None) -> Iterator[None]:
    """Let other commands in this working folder find a run for as long as the block lasts."""
    path = (folder or Path.cwd()) / FOLDER / run.file
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_suffix(".new")
    written.write_text(json.dumps(asdict(run), indent=2) + "\n")
    written.replace(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def live_runs(folder: Path | None = None) -> tuple[Run, ...]:
    """The runs that go on, by system and age; files of dead ones are removed."""
    found: list[Run] = []
    for path in sorted(((folder or Path.cwd()) / FOLDER).glob("*.json")):
        run = _read(path)
        if run is not None and run.alive:
            found.append(run)
        elif run is not None:
            path.unlink(missing_ok=True)
    return tuple(sorted(found, key=lambda run: (run.system, run.started, run.pid)))


def _read(path: Path) -> Run | None:
    """The run that a file tells of; None where it is another version's, or no such file."""
    try:
        told = json.loads(path.read_text())
        run = Run(**{field.name: told[field.name] for field in fields(Run)})
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return run if isinstance(run.pid, int) and run.pid > 0 and isinstance(run.started, (int, float)) else None


def resolve_target(
    system: DeclaredSystem,
    stage: str | None = None,
    region: str | None = None,
    profile: str | None = None,
    endpoint: str | None = None,
    folder: Path | None = None,
) -> Target:
    """The target that a command about a running system means.

    An endpoint that is named (`endpoint`, else AWS_ENDPOINT_URL) has the first word; then a run of the system in the
    working folder, unless another stage is named; then AWS, for which a stage has to be named. Raises Problem.
    """
    runs = [run for run in live_runs(folder) if run.system == system.name and stage in (None, run.stage)]
    named = endpoint or os.environ.get("AWS_ENDPOINT_URL")
    if named:
        runs = [run for run in runs if run.endpoint.rstrip("/") == named.rstrip("/")]
        there = runs[0] if runs else None
        found = stage or (there.stage if there else LOCAL_STAGE)
        return Target(found, region or _region(system, found, there), named, profile)
    if len(runs) > 1:
        raise Problem(f"{system.name} runs several times here: {_listed(runs)}.", "Name one with --endpoint URL.")
    if runs:
        return Target(runs[0].stage, region or runs[0].region, runs[0].endpoint, profile)
    if stage is None or (stage == LOCAL_STAGE and stage not in system.stages):
        named_none = "No stage is named, and no" if stage is None else "No"
        raise Problem(
            f"{named_none} `cncb run` of {system.name} goes on in this folder.",
            "Name a stage with --stage, or start `cncb run`.",
        )
    from cncb_compiler.deploy.guard import guarded

    return guarded(system, stage, region, profile)


def _region(system: DeclaredSystem, stage: str, run: Run | None) -> str:
    """The region at an endpoint that was named."""
    if run is not None:
        return run.region
    if stage in system.stages:
        return system.stages[stage].value.regions[0]
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or LOCAL_REGION


def _listed(runs: Sequence[Run]) -> str:
    return ", ".join(f"{run.endpoint} (stage {run.stage}, process {run.pid})" for run in runs)
