"""`cncb compile --check`: how the output on disk differs from what a compile would write. Writes nothing."""

# One representation of paths throughout the package.
from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.rules.cncb951_edited_output import RULE as EDITED
from cncb_compiler.write import filelist, journal
from cncb_compiler.write.batch import Batch, Results, read_file
from cncb_compiler.write.decide import bounded, collisions, decide
from cncb_compiler.write.paths import LIST_NAME, join

DIFF_LINES = 200
"""The most lines that are shown of one file's diff."""
DIFF_BYTES = 1_000_000
"""The most characters of all diffs together; a file of more bytes is not compared by lines."""


@dataclass(frozen=True, slots=True)
class Differences:
    """How the output differs; paths are below the system's folder, sorted.

    `changed`: (path, unified diff from the disk to what would be written; bounded). `missing`: would be made.
    `orphaned`: made before, no longer made. `edited`: those of the changed and orphaned ones that somebody
    edited. `diagnostics`: what would keep a compile from writing.
    """

    changed: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    orphaned: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def same(self) -> bool:
        """Whether the output is exactly what a compile would leave."""
        return not (self.changed or self.missing or self.orphaned or self.diagnostics)


class Comparison:
    """The next output of one system, beside what is on disk. Filled like a Staging; writes nothing.

    While a compile runs, or after one was killed, it may see some of the old and some of the new output.
    """

    def __init__(self, out: Path, system: str, *, only: Collection[str] | None = None) -> None:
        self._system = system
        self._only = only
        self._root = f"{out}/{system}"
        self._gathered = Results()
        self._known: Mapping[str, str]
        self._known, self._listed, found = filelist.read(self._root, system)
        if found:
            self._gathered.refused.append(found)
        self._batch = self.worker()

    def add(self, path: str, content: bytes) -> None:
        """Want `content` at `path`, relative to the system's folder, with `/`."""
        self._batch.add(path, content)

    def worker(self) -> Batch:
        """A batch to be filled in a forked process; its `results()` come home through `merge`."""
        return Batch(self._root, self._system, None)

    def merge(self, results: Results) -> None:
        """Take what a worker's batch gathered."""
        self._gathered.entries += results.entries
        self._gathered.refused += results.refused

    def differences(self) -> Differences:
        """How the disk differs from what was added."""
        self.merge(self._batch.results())
        entries = self._gathered.entries
        decision = decide(entries, self._known, self._only)
        in_the_way = list(journal.conflicts(self._root, self._system, decision.journal))
        refused = [*self._gathered.refused, *collisions(self._system, entries), *in_the_way]
        start = len(self._system) + 1
        edited = tuple(sorted(found.at.file[start:] for found in in_the_way if found.code == EDITED.code))
        wanted = {entry.path: entry.content for entry in entries if entry.content is not None}
        changed = tuple(self._diffs((path, wanted[path]) for path in decision.changed))
        if not (changed or decision.created or decision.removed or refused):
            changed = tuple(self._list_diff(decision.files))
        orphaned = tuple(path for path in decision.removed if os.path.lexists(join(self._root, path)))
        return Differences(changed, decision.created, orphaned, edited, bounded(refused))

    def _list_diff(self, files: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """The list's own difference: told only where no other one explains it."""
        listed = filelist.render(files) if files else b""
        if listed != (self._listed or b""):
            yield from self._diffs(iter([(LIST_NAME, listed)]))

    def _diffs(self, wanted: Iterator[tuple[str, bytes]]) -> Iterator[tuple[str, str]]:
        left = DIFF_BYTES
        for path, content in wanted:
            if left <= 0:
                yield path, "(left out: the diffs above fill the limit)\n"
                continue
            text = diff(join(self._system, path), read_file(join(self._root, path)) or b"", content)
            left -= len(text)
            yield path, text


def diff(file: str, old: bytes, new: bytes) -> str:
    """The unified diff of one file, at most DIFF_LINES lines; a sentence if it is no text or too big."""
    if max(len(old), len(new)) > DIFF_BYTES:
        return f"(left out: {file} has {len(old)} bytes and would have {len(new)})\n"
    try:
        before, after = old.decode().splitlines(keepends=True), new.decode().splitlines(keepends=True)
    except UnicodeDecodeError:
        return f"(left out: {file} is not text)\n"
    lines: list[str] = []
    for line in unified_diff(before, after, f"a/{file}", f"b/{file}"):
        if len(lines) == DIFF_LINES:
            lines.append("(cut: the diff goes on)\n")
            break
        lines.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return "".join(lines)
