"""What is measured: each subject's command, what must be there before it runs, and what it leaves."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import generate
from benchmarks.peers import architect_inputs, install, sam_inputs, troposphere_inputs
from benchmarks.process import Finished

HERE = Path(__file__).resolve().parent
CHECK = "cncb check"
EDITED = "cncb check, one file edited"
SAME = "cncb check, nothing changed"
DIFF = "cncb diff"
GRAPH = "cncb graph --format html"
COLD = "cncb compile, cold"
UNCHANGED = "cncb compile, nothing changed"
FLOOR = "floor"
SAM = "SAM translator"
SAM_LIBYAML = "SAM translator, libyaml"
TROPOSPHERE = "troposphere"
ARCHITECT = "Architect"
IMPORTS = 'python -c "import click, yaml, pydantic, networkx"'
IMPORT_CLICK = 'python -c "import click"'
VERSION = "cncb --version"
HELP = "cncb --help"

Command = list[str | Path]


@dataclass(frozen=True)
class Place:
    """The folders of one size: inputs, and a folder for what each subject writes."""

    root: Path
    services: int

    @property
    def system(self) -> Path:
        """The system that cncb compiles."""
        return self.root / "system"

    @property
    def edited(self) -> Path:
        """The system as it was before one of its files was edited: what `cncb diff` compares with."""
        return self.root / "edited"

    @property
    def compiled(self) -> Path:
        """The output tree of cncb."""
        return self.root / "compiled"

    @property
    def picture(self) -> Path:
        """The page that `cncb graph` makes of the system."""
        return self.root / "picture.html"

    @property
    def home(self) -> Path:
        """The home directory of everything that runs, so that no cache or setting of the user counts."""
        return self.root / "home"

    def output(self, subject: str) -> Path:
        """The folder that a peer or the floor writes."""
        return self.root / "output" / subject.replace(", ", "-").replace(" ", "-").lower()


def make(root: Path, services: int) -> Place:
    """Write the inputs of every subject for `services` services below `root`."""
    place = Place(root, services)
    generate.write(place.system, services)
    generate.write(place.edited, services)
    edited = place.edited / "events" / "chain-000.yaml"
    edited.write_text(edited.read_text(encoding="utf-8").replace("price: number", "price: integer"), encoding="utf-8")
    sam_inputs.write(place.root / "sam", services)
    architect_inputs.write(place.root / "architect", services)
    troposphere_inputs.write(place.root / "troposphere.json", services)
    place.home.mkdir(parents=True)
    (place.root / "output").mkdir()
    return place


@dataclass(frozen=True)
class Subject:
    """A command that is timed."""

    name: str
    command: Callable[[Place], Command]
    """Its arguments."""
    clear: Callable[[Place], None]
    """Makes the place as it must be before each run; not timed."""
    aside: Callable[[Finished], float] = lambda finished: 0.0
    """The seconds of a run that do not count."""
    writes: Callable[[Place], Path] | None = None
    """The tree that it leaves, where it writes one."""
    settles: bool = False
    """It writes so much that it runs once untimed at every size: memory that a file system uses first comes dearer."""
    workers: bool = False
    """It may use several processes, so its memory is that of the whole tree."""


def available(cncb: Path | None) -> tuple[tuple[Subject, ...], tuple[str, ...]]:
    """The subjects that can run here, in the order of a round, and a note for each that cannot.

    `cncb` is the executable to measure; None where it is not installed.
    """
    subjects: list[Subject] = []
    notes: list[str] = []
    if cncb is None:
        notes.append("cncb, and the floor under its output, are left out: no `cncb` to measure.")
    else:
        subjects += _cncb(cncb)
    if install.pypi_version("aws-sam-translator"):
        subjects += [_sam(SAM), _sam(SAM_LIBYAML, "libyaml")]
    else:
        notes.append("SAM translator left out: `python -m benchmarks.peers install`.")
    if install.pypi_version("troposphere"):
        subjects.append(_peer(TROPOSPHERE, _troposphere))
    else:
        notes.append("troposphere left out: `python -m benchmarks.peers install`.")
    if all(install.npm_version(package) for package in install.NPM_PACKAGES):
        subjects.append(_peer(ARCHITECT, _architect))
    else:
        notes.append("Architect left out: it needs node, npm and `python -m benchmarks.peers install`.")
    return tuple(subjects), tuple(notes)


def _cncb(cncb: Path) -> list[Subject]:
    def compile_command(place: Place) -> Command:
        return [cncb, "compile", place.system, "--out", place.compiled]

    def forget_all(place: Place) -> None:
        shutil.rmtree(place.compiled, ignore_errors=True)
        _forget_caches(place)

    def compiled(place: Place) -> Path:
        return place.compiled

    def check(place: Place) -> Command:
        return [cncb, "check", place.system]

    return [
        Subject(IMPORTS, lambda place: [sys.executable, "-c", IMPORTS.split('"')[1]], lambda place: None),
        Subject(CHECK, check, _forget_caches, workers=True),
        # These two follow the cold check in each round, so what that one remembers is there.
        Subject(EDITED, check, _edit, workers=True),
        Subject(SAME, check, lambda place: None, workers=True),
        Subject(DIFF, lambda place: [cncb, "diff", place.system, "--against", place.edited], _forget_caches),
        Subject(
            GRAPH,
            lambda place: [cncb, "graph", place.system, "--format", "html", "-o", place.picture],
            _forget_caches,
        ),
        Subject(COLD, compile_command, forget_all, writes=compiled, settles=True, workers=True),
        # It follows the cold compile in each round, so what that one left is there.
        Subject(UNCHANGED, compile_command, lambda place: None, workers=True),
        Subject(FLOOR, _floor, _clear_output(FLOOR), aside=_printed_seconds, writes=_output_of(FLOOR), settles=True),
    ]


def start_commands(cncb: Path | None) -> dict[str, Command]:
    """What is timed for the start of a program, by name."""
    commands: dict[str, Command] = {IMPORT_CLICK: [sys.executable, "-c", "import click"]}
    if cncb is not None:
        commands |= {VERSION: [cncb, "--version"], HELP: [cncb, "--help"]}
    return commands


def _forget_caches(place: Place) -> None:
    shutil.rmtree(place.home, ignore_errors=True)
    place.home.mkdir()
    shutil.rmtree(place.system / ".cncb", ignore_errors=True)
    shutil.rmtree(place.root / ".cncb", ignore_errors=True)


def _edit(place: Place) -> None:
    """Let a view take a field from another one than it did."""
    file = place.system / "services" / "service-0000.yaml"
    text = file.read_text(encoding="utf-8")
    taken, other = ("item.price", "item.quantity") if "price: item.price" in text else ("item.quantity", "item.price")
    file.write_text(text.replace(f"price: {taken}", f"price: {other}"), encoding="utf-8")


def _floor(place: Place) -> Command:
    return [sys.executable, HERE / "floor.py", place.system, place.compiled, place.output(FLOOR)]


def _printed_seconds(finished: Finished) -> float:
    return float(finished.output)


def _sam(name: str, *loader: str) -> Subject:
    script = HERE / "peers" / "by_sam.py"
    return _peer(name, lambda place: [sys.executable, script, place.root / "sam", place.output(name), *loader])


def _troposphere(place: Place) -> Command:
    script = HERE / "peers" / "by_troposphere.py"
    return [sys.executable, script, place.root / "troposphere.json", place.output(TROPOSPHERE)]


def _architect(place: Place) -> Command:
    script = HERE / "peers" / "by_architect.cjs"
    return ["node", script, install.NPM_FOLDER, place.root / "architect", place.output(ARCHITECT)]


def _peer(name: str, command: Callable[[Place], Command]) -> Subject:
    return Subject(name, command, _clear_output(name), writes=_output_of(name))


def _output_of(name: str) -> Callable[[Place], Path]:
    return lambda place: place.output(name)


def _clear_output(name: str) -> Callable[[Place], None]:
    return lambda place: shutil.rmtree(place.output(name), ignore_errors=True)
