"""`python -m benchmarks`: measure cncb, the floor and the peers in one run, and print tables and verdicts."""

from __future__ import annotations

import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

import click

from benchmarks import editing, listeners, measure, report, subjects
from benchmarks.peers import install

_MEMORY = Path("/dev/shm")
_ROOM_BYTES = 4_000_000_000
_STARTS = 4
"""Starts of a program are short, so they are repeated this many times as often."""
_KEYSTROKES = 3
"""Keystrokes of one round: as often as what is short is run."""
_EVENTS = 1000
"""Events of one run end to end."""


def _sizes(context: click.Context, parameter: click.Parameter, value: str) -> tuple[int, ...]:
    sizes = [int(part) for part in value.split(",") if part.strip().isdecimal()]
    if len(sizes) != len(value.split(",")) or not sizes or min(sizes) < 1:
        raise click.BadParameter("give numbers of services, such as 1,10,100,1000")
    return tuple(sorted(set(sizes)))


@click.command()
@click.option("--sizes", default="1,10,100,1000", show_default=True, callback=_sizes, help="Numbers of services.")
@click.option("--repeat", default=5, show_default=True, type=click.IntRange(1), help="Runs that a median is taken of.")
@click.option("--quick", is_flag=True, help="Sizes 1, 10 and 100, three runs each: for a first look.")
@click.option(
    "--without", multiple=True, metavar="WORD", help="Leave out what begins with WORD: cncb, SAM, trop, Arch, listen."
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Where everything is written. Default: a memory file system where there is one.",
)
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Also write everything as JSON to FILE.")
@click.option("--markdown", type=click.Path(path_type=Path), help="Also write the page of the documentation.")
@click.option("--cncb", type=click.Path(path_type=Path), help="The executable to measure. Default: beside this Python.")
def main(
    sizes: tuple[int, ...],
    repeat: int,
    quick: bool,
    without: tuple[str, ...],
    folder: Path | None,
    json_file: Path | None,
    markdown: Path | None,
    cncb: Path | None,
) -> None:
    """Measure cncb beside a floor and the field's own tools.

    All of it in one run; ends with status 1 where something measured fails.
    """
    # Ended from outside, it still takes what it wrote out of the memory file system.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    if quick:
        sizes, repeat = (1, 10, 100), 3
    words = tuple(word.lower() for word in without)
    executable = None if "cncb" in words else cncb.resolve() if cncb else _installed_cncb()
    found = _run(sizes, repeat, words, executable, folder or _quiet_folder())
    click.echo(report.as_text(found), nl=False)
    if json_file:
        json_file.write_text(report.as_json(found), encoding="utf-8")
    if markdown:
        markdown.write_text(report.as_markdown(found), encoding="utf-8")


def _run(
    sizes: tuple[int, ...], repeat: int, without: tuple[str, ...], cncb: Path | None, folder: Path
) -> report.Report:
    chosen, notes = subjects.available(cncb)
    chosen = tuple(subject for subject in chosen if not subject.name.lower().startswith(without))
    where = (
        "a memory file system"
        if folder.resolve().is_relative_to(_MEMORY)
        else "another place than a memory file system"
    )
    load, processors = os.getloadavg()[0], os.cpu_count()
    notes += (f"Everything was written to {where}.", f"Load before the run: {load:.1f}, of {processors} processors.")
    notes += tuple(f"Left out as asked: {word}." for word in without)
    measurements: list[measure.Measurement] = []
    try:
        with tempfile.TemporaryDirectory(prefix="cncb-benchmarks-", dir=folder) as root:
            places = [subjects.make(Path(root).resolve() / str(services), services) for services in sizes]
            measure.warm(chosen, places[0])
            for place in places[1:]:
                measure.warm([subject for subject in chosen if subject.settles], place)
            measurements += measure.starts(subjects.start_commands(cncb), places[0], repeat * _STARTS)
            measurements += measure.measure(chosen, places, repeat, lambda text: click.echo(text, err=True))
            if cncb is not None and editing.SERVICES in sizes:
                click.echo("the language server", err=True)
                measurements += editing.measurements(Path(root).resolve() / "bench", repeat * _KEYSTROKES)
        # The last, since it makes this process large, and the kernel would hand that on as the peak of what follows.
        found = None
        if not "listeners".startswith(without):
            found = listeners.measure(repeat, _EVENTS, lambda text: click.echo(text, err=True))
    except measure.FailedError as failure:
        raise click.ClickException(str(failure)) from failure
    return report.Report(tuple(measurements), _versions(cncb), notes, found)


def _quiet_folder() -> Path:
    """A memory file system, if there is one with room; else the system's folder for temporary files.

    On a disk, creating a file may take thirty times as long within minutes of deleting others (ext4 passes over
    inodes that were freed lately), which drowns everything else.
    """
    if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES:
        return _MEMORY
    return Path(tempfile.gettempdir())


def _installed_cncb() -> Path | None:
    found = Path(sys.executable).with_name("cncb")
    return found if found.is_file() else None


def _versions(cncb: Path | None) -> dict[str, str]:
    versions = {"Python": platform.python_version(), "PyYAML": metadata.version("pyyaml")}
    if cncb is not None:
        versions["cncb"] = metadata.version("cncb")
    versions |= {package: install.pypi_version(package) or "" for package in install.PYPI_PACKAGES}
    if any(install.npm_version(package) for package in install.NPM_PACKAGES):
        node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
        versions["node"] = node.stdout.strip()
        versions |= {package: install.npm_version(package) or "" for package in install.NPM_PACKAGES}
    return {name: version for name, version in versions.items() if version}


if __name__ == "__main__":
    main(prog_name="python -m benchmarks")
