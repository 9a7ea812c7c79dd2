"""`cncb new scenario`: what happened in the run that goes on, as a scenario."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.request import urlopen

import click

from cncb_compiler.cli.common import fail, found_systems, prefix_of
from cncb_compiler.scaffold.change import ScaffoldError
from cncb_compiler.scaffold.names import checked_name
from cncb_compiler.scenarios.read import FOLDER
from cncb_compiler.scenarios.record import recorded
from cncb_compiler.source.discover import SystemSource
from cncb_compiler.target.running import Run, live_runs

SECONDS = 30.0


def record(name: str, path: Path | None) -> None:
    """Write `scenarios/<name>.yaml` beside the system that runs; never over a file."""
    try:
        checked_name(name)
    except ScaffoldError as error:
        fail(str(error))
    source, run = _running(found_systems(path))
    try:
        with urlopen(f"{run.control}/dump", timeout=SECONDS) as answer:
            dump = json.load(answer)
    except OSError as error:
        fail(f"the run of {run.system} (process {run.pid}) does not answer: {error}")
    text = modeline(source) + recorded(dump, name.replace("-", " ").capitalize())
    file = Path(prefix_of(source), FOLDER, f"{name}.yaml")
    file.parent.mkdir(exist_ok=True)
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except FileExistsError:
        fail(f"`{file}` is there already.")
    except OSError as error:
        fail(f"`{file}` cannot be written: {error.strerror}.")
    click.echo(f"wrote {file}")
    click.echo(f"next: cncb test {source.root} -k {name}")


def _running(sources: list[SystemSource]) -> tuple[SystemSource, Run]:
    roots = {str(source.root.resolve()): source for source in sources}
    runs = [run for run in live_runs() if run.root in roots]
    if not runs:
        fail("no `cncb run` of this system goes on in this folder; a scenario is recorded from one.")
    if len(runs) > 1:
        fail(
            f"several runs go on: {', '.join(f'{run.system} (process {run.pid})' for run in runs)}. Name one with --in."
        )
    return roots[runs[0].root], runs[0]


def modeline(source: SystemSource) -> str:
    """The line that tells editors which schema a scenario has, where the topology's files tell theirs."""
    marker = "$schema="
    for file in source.files:
        first = file.text.split("\n", 1)[0]
        if marker in first:
            schema = Path(source.root, file.name).parent / first.split(marker, 1)[1].strip()
            there = os.path.relpath(schema.parent / "scenario.schema.json", source.root / FOLDER)
            return f"# yaml-language-server: {marker}{Path(there).as_posix()}\n"
    return ""
