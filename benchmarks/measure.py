"""Measuring: rounds over all subjects, so that whatever else the machine does falls on all of them alike."""

from __future__ import annotations

import json
import os
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.process import Finished, run
from benchmarks.subjects import Command, Place, Subject

FEWEST_RUNS = 3
"""A median needs at least so many."""

SHORT = 100
SHORT_RUNS = 3
"""Up to `SHORT` services, so many runs a round: growth is the difference of short times, which noise would drown."""

PATIENCE_SECONDS = 60.0
"""A subject that has taken this long at one size is not run more often than `FEWEST_RUNS`."""


class FailedError(Exception):
    """A measured command did not succeed; the message says which and what it printed."""


@dataclass(frozen=True)
class Made:
    """What a subject wrote."""

    files: int
    bytes: int
    resources: int
    """CloudFormation (or SAM) resources in all its `template.json`."""


@dataclass(frozen=True)
class Measurement:
    """One subject at one size."""

    subject: str
    services: int
    runs: tuple[float, ...]
    """Wall time of each run, in seconds."""
    peak_bytes: int
    made: Made | None = None

    @property
    def seconds(self) -> float:
        """The median of the runs."""
        return statistics.median(self.runs)


def measure(
    subjects: Sequence[Subject], places: Sequence[Place], repeat: int, say: Callable[[str], None]
) -> list[Measurement]:
    """Run every subject in every place `repeat` times, a round at a time.

    `say` is told what runs. Raises `FailedError` where a command does not succeed.
    """
    runs: dict[tuple[Place, Subject], list[Finished]] = {(place, each): [] for place in places for each in subjects}
    for number in range(repeat):
        for (place, subject), before in runs.items():
            for _ in range(SHORT_RUNS if place.services <= SHORT else 1):
                if len(before) >= FEWEST_RUNS and sum(each.seconds for each in before) > PATIENCE_SECONDS:
                    break
                say(f"round {number + 1} of {repeat}, {place.services} services: {subject.name}")
                before.append(_run(subject, place))
    return [_summary(subject, place, finished) for (place, subject), finished in runs.items()]


def _summary(subject: Subject, place: Place, finished: Sequence[Finished]) -> Measurement:
    peaks = [each.peak_bytes for each in finished]
    if subject.workers:
        peaks.append(_run(subject, place, watch_tree=True).peak_bytes)
    seconds = tuple(each.seconds - subject.aside(each) for each in finished)
    made = None if subject.writes is None else _made(subject.writes(place))
    return Measurement(subject.name, place.services, seconds, max(peaks), made)


def warm(subjects: Iterable[Subject], place: Place) -> None:
    """Run every subject once, so that compiled Python and the file cache are there for all."""
    for subject in subjects:
        _run(subject, place)


def starts(commands: Mapping[str, Command], place: Place, repeat: int) -> list[Measurement]:
    """The start of programs that do next to nothing, by turns: `commands` by name. One round warms up."""
    rounds = [
        [_checked(name, run(argv, place.root, environment(place))) for name, argv in commands.items()]
        for _ in range(repeat + 1)
    ][1:]
    return [
        Measurement(name, 0, tuple(run.seconds for run in runs), max(run.peak_bytes for run in runs))
        for name, runs in zip(commands, zip(*rounds, strict=True), strict=True)
    ]


def environment(place: Place) -> dict[str, str]:
    """The environment of everything that is measured: the user's search path, and nothing else of theirs."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(place.home),
        "XDG_CACHE_HOME": str(place.home / "cache"),
        "LANG": "C.UTF-8",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _run(subject: Subject, place: Place, *, watch_tree: bool = False) -> Finished:
    subject.clear(place)
    finished = run(subject.command(place), place.root, environment(place), watch_tree=watch_tree)
    return _checked(f"{subject.name} of {place.services} services", finished)


def _checked(what: str, finished: Finished) -> Finished:
    if finished.status:
        said = (finished.output + finished.errors).strip().splitlines()
        raise FailedError("\n".join([f"{what} ended with status {finished.status}:", *said[:20], *said[20:][-20:]]))
    return finished


def _made(root: Path) -> Made:
    files = [Path(folder, name) for folder, _, names in os.walk(root) for name in names]
    templates = [path for path in files if path.name == "template.json"]
    # One template at a time is held: see `Finished.peak_bytes`.
    resources = sum(len(json.loads(path.read_bytes())["Resources"]) for path in templates)
    return Made(len(files), sum(path.stat().st_size for path in files), resources)
