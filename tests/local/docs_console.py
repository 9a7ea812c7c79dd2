"""Pages that are true: runs the ```console blocks of a Markdown page in order, and compares what they print.

- `$ command` runs in a shell; the lines below it are what it prints. `$ export NAME=VALUE` is for all that follow.
- `$ cncb run` and `$ cncb endpoint` go on in the background; a block without a command is what the last one says next.
- A line `...` stands for any number of lines, and for the end of a line `...` for its rest.
- What differs from run to run (ids, ports, times, sizes) is compared by its form. An id or address of the page stands
  for the one of this run in the commands that follow.
- A yaml block that begins with `# some/file.yaml` is that file; with `# some/file.yaml, at its end`, what is added.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

SECONDS = 30
"""How long the expected lines of a background command may take, and reading commands what is still on its way."""
_BLOCK = re.compile(r"^```(console|yaml)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_BACKGROUND = re.compile(r"cncb (run|endpoint)\b(?!.*--help)")
_READS = re.compile(r"cncb (logs|trace|faults list|faults show|replay (?!.*--go))\b|curl -s (?!.*-X)")
_CHANGING = re.compile(
    r"""(?P<uuid>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})
    |(?P<address>127\.0\.0\.1:\d+)
    |(?P<api>[a-z0-9]+\.execute-api)
    |(?P<physical>(?<=-)[0-9A-Z]{13}\b)
    |(?P<digest>\b[0-9a-f]{32,64}\b)
    |(?P<date>\d{4}-\d\d-\d\dT[\d:.]+Z)
    |(?P<clock>\d\d:\d\d:\d\d\.\d+)
    |(?P<long>\d{13,}|shardId-\d+)
    |(?P<measure>\d[\d.,]*(?=\s(m?s|bytes|of\s\d+\sMB)\b))
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Step:
    """A command of a page ('' in a block without one), and the lines that are to follow. `line` is where it stands."""

    line: int
    command: str
    expected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A file that a page shows, or what it adds at the file's end."""

    path: str
    text: str
    added: bool


def steps(page: str) -> Iterator[Step | Source]:
    """What a page does, in order."""
    for block in _BLOCK.finditer(page):
        line, text = page.count("\n", 0, block.start()) + 2, block[2]
        if block[1] == "yaml":
            if named := re.match(r"# ([\w./-]+\.yaml)(, at its end)?\n", text):
                yield Source(named[1], text[named.end() :], bool(named[2]))
            continue
        command, start, expected = "", line, []
        for number, row in enumerate(text.splitlines(), line):
            if row.startswith("$ "):
                if command or expected:
                    yield Step(start, command, tuple(expected))
                command, start, expected = row[2:], number, []
            else:
                expected.append(row)
        yield Step(start, command, tuple(expected))


@dataclass
class Console:
    """A shell in a folder. Leaving it ends what it has started."""

    folder: Path
    environment: dict[str, str]
    known: dict[str, str] = field(default_factory=dict)
    _background: list[subprocess.Popen[str]] = field(default_factory=list)
    _lines: Queue[str] = field(default_factory=Queue)

    def __enter__(self) -> Console:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._background:
            process.send_signal(signal.SIGINT)
        for process in self._background:
            try:
                process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def take(self, step: Step | Source) -> str:
        """Do what a page says; '' where it prints what the page shows, else both."""
        if isinstance(step, Source):
            file = self.folder / step.path
            file.parent.mkdir(parents=True, exist_ok=True)
            before = file.read_text() if step.added else ""
            file.write_text(before + step.text)
            return ""
        command = re.sub("|".join(map(re.escape, self.known)) or "$^", lambda id_: self.known[id_[0]], step.command)
        if exported := re.fullmatch(r"export (\w+)=(\S+)", command):
            self.environment[exported[1]] = exported[2]
            return ""
        printed = self._going_on(command, step) if self._goes_on(command) else self._run(command, step)
        if not self._matched(step.expected, printed):
            return "\n".join([f"line {step.line}: $ {step.command}", *step.expected, "--- but it printed:", *printed])
        return ""

    def _goes_on(self, command: str) -> bool:
        return not command or _BACKGROUND.match(command) is not None

    def _run(self, command: str, step: Step) -> list[str]:
        """What a command prints; one that only reads is given again while what it reads is on its way."""
        until = time.monotonic() + SECONDS
        while True:
            printed = self._shell(command).communicate(timeout=SECONDS * 2)[0].splitlines()
            hopeless = not _READS.match(command) or time.monotonic() > until
            if hopeless or matches(step.expected, printed) is not None:
                return printed

    def _going_on(self, command: str, step: Step) -> list[str]:
        """What the background command prints, until it is what is expected."""
        if command:
            process = self._shell(f"exec {command}")
            self._background.append(process)
            self._lines = Queue()
            Thread(target=_read, args=(process, self._lines), daemon=True).start()
        printed: list[str] = []
        until = time.monotonic() + SECONDS
        while matches(step.expected, printed) is None:
            try:
                printed.append(self._lines.get(timeout=max(0.0, until - time.monotonic())))
            except Empty:
                break
        return printed

    def _shell(self, command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["bash", "-c", command],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def _matched(self, expected: tuple[str, ...], printed: list[str]) -> bool:
        pairs = matches(expected, printed)
        for shown, said in pairs or []:
            ids = zip(_CHANGING.finditer(shown), _CHANGING.finditer(said), strict=False)
            self.known |= {ours[0]: theirs[0] for ours, theirs in ids if ours.lastgroup not in ("clock", "measure")}
        return pairs is not None


def _read(process: subprocess.Popen[str], lines: Queue[str]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        lines.put(line.rstrip("\n"))


def matches(expected: tuple[str, ...], printed: list[str]) -> list[tuple[str, str]] | None:
    """Each expected line with the printed one, where all that is printed is expected; else None."""
    wanted = [line for line in expected if line.strip()]
    found = [line for line in printed if line.strip()]
    return _matches(wanted, found)


def _matches(wanted: list[str], found: list[str]) -> list[tuple[str, str]] | None:
    if not wanted:
        return None if found else []
    if wanted[0].strip() == "...":
        for start in range(len(found) + 1):
            rest = _matches(wanted[1:], found[start:])
            if rest is not None:
                return rest
        return None
    if not found or not _alike(wanted[0], found[0]):
        return None
    rest = _matches(wanted[1:], found[1:])
    return None if rest is None else [(wanted[0], found[0]), *rest]


def _alike(shown: str, said: str) -> bool:
    ours, theirs = _form(shown), _form(said)
    return theirs.startswith(ours[:-3]) if ours.endswith("...") else ours == theirs


def _form(line: str) -> str:
    """A line with the form of what changes from run to run in its place, and single spaces."""
    masked = _CHANGING.sub(lambda found: f"<{found.lastgroup}>", line)
    return re.sub(r"[ ─]+", " ", masked).strip()


def console(folder: Path, cncb: list[str]) -> Console:
    """A shell in a folder where `cncb` is that command, and nothing of the user's own AWS settings is known."""
    tools = folder / ".bin"
    tools.mkdir()
    script = tools / "cncb"
    script.write_text("#!/bin/sh\nexec " + " ".join(f"'{word}'" for word in cncb) + ' "$@"\n')
    script.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return Console(folder, {**kept, "PATH": f"{tools}:{os.environ['PATH']}", "NO_COLOR": "1", "PYTHONUNBUFFERED": "1"})
