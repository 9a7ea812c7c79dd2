"""Writing the output of one system: file by file put aside, then all of it moved into place, or nothing.

What "all or nothing" rests on: until the journal is complete, nothing in the output was touched, and the next
run drops what was put aside; from then on every step can be repeated, and the next run repeats them. That
holds when the process is killed. After a power failure the file system may have lost what it had not yet
written of the files themselves; their hashes then differ from the list's, and the next compile names them.
"""

# ruff: noqa: PTH103, PTH110, PTH114, PTH116
# One representation of paths throughout the package.
from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.rules.cncb953_unsafe_output import RULE as UNSAFE
from cncb_compiler.rules.cncb954_unwritable_output import RULE as UNWRITABLE
from cncb_compiler.source.location import Location
from cncb_compiler.write import filelist, journal, lock
from cncb_compiler.write.batch import After, Batch, Idle, RefusedError, Results, Seen, in_the_way, nothing
from cncb_compiler.write.decide import bounded, collisions, decide
from cncb_compiler.write.filelist import unwritable
from cncb_compiler.write.paths import LIST_NAME, WORK_NAME, fault

WAIT = 10.0
"""Seconds that a compile waits for another one of the same system."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a commit did, as sorted paths below the system's folder; nothing, where `refused` is not empty.

    A system error after the journal was complete is in `refused` too: the next run completes the commit.
    `seen` is what each wanted file looked like when its content was known; `fingerprint.remember` wants it.
    """

    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    refused: tuple[Diagnostic, ...] = ()
    seen: Mapping[str, Seen] = field(default_factory=dict)


class Staging:
    """The next output of one system. Holds the system's lock from its making to `commit` or `abort`.

    Making one completes or drops what a killed run left. Nothing is ever raised for what stands on the disk:
    `refused` says what is wrong so far, and `commit` then writes nothing. `only` are the top folders and
    files that this run makes (`--service`); listed files elsewhere stay as they are. `wait` is in seconds.
    `after` is called after each step.
    """

    def __init__(
        self,
        out: Path,
        system: str,
        *,
        only: Collection[str] | None = None,
        wait: float = WAIT,
        after: After = nothing,
    ) -> None:
        self._system = system
        self._only = only
        self._after = after
        self._root = f"{out}/{system}"
        self._work = f"{out}/{WORK_NAME}"
        self._staging = f"{self._work}/{system}.staging"
        self._lock: int | None = None
        self._gathered = Results()
        self._known: Mapping[str, str] = {}
        self._listed: bytes | None = None
        try:
            self._open(wait)
        except RefusedError as refusal:
            self._gathered.refused.append(refusal.found)
        except OSError as error:
            self._gathered.refused.append(unwritable(error.filename or system, error))
        # What a killed run left must not be mixed with new files: once it is in the way, nothing is put
        # aside.
        self._idle = bool(self._gathered.refused)
        self._batch = self.worker()

    def _open(self, wait: float) -> None:
        if "/" in self._system or fault(self._system):
            shown = self._system.encode("ascii", "backslashreplace").decode()
            message = f"`{shown}` cannot be a folder's name"
            raise RefusedError(UNSAFE(Location(shown), message, mend="rename the system"))
        if os.path.islink(self._work):
            raise RefusedError(in_the_way(WORK_NAME, os.lstat(self._work).st_mode, "a folder"))
        self._lock = lock.acquire(f"{self._work}/{self._system}.lock", wait)
        if self._lock is None:
            message = f"another compile of `{self._system}` into the same folder is running"
            raise RefusedError(
                UNWRITABLE(Location(self._system), message, mend="wait for it, then run the command again")
            )
        self._after("lock")
        self._gathered.refused += journal.recover(self._root, self._system, self._staging, self._after)
        self._known, self._listed, found = filelist.read(self._root, self._system)
        if found:
            self._gathered.refused.append(found)

    @property
    def refused(self) -> tuple[Diagnostic, ...]:
        """Why nothing will be written, as far as it is known; empty as long as all is well."""
        self.merge(self._batch.results())
        return bounded(self._gathered.refused)

    def add(self, path: str, content: bytes) -> None:
        """Want `content` at `path`, relative to the system's folder, with `/`."""
        self._batch.add(path, content)

    def worker(self) -> Batch:
        """A batch to be filled in a forked process; its `results()` come home through `merge`."""
        if self._idle:
            return Idle(self._root, self._system, None)
        return Batch(self._root, self._system, f"{self._staging}/{journal.STAGED}", self._after)

    def merge(self, results: Results) -> None:
        """Take what a worker's batch gathered."""
        self._gathered.entries += results.entries
        self._gathered.refused += results.refused

    def commit(self) -> Written:
        """Make the output what was added: all of it, or nothing if anything is in the way."""
        self.merge(self._batch.results())
        entries = self._gathered.entries
        decision = decide(entries, self._known, self._only)
        refused = [*self._gathered.refused, *collisions(self._system, entries)]
        if not refused:
            refused += journal.conflicts(self._root, self._system, decision.journal)
        if refused:
            self.abort()
            return Written(refused=bounded(refused))
        listed = filelist.render(decision.files) if decision.files else None
        steps = decision.journal
        try:
            if steps.removes or steps.folders or steps.files or listed != self._listed:
                os.makedirs(self._staging, exist_ok=True)
                journal.write(self._staging, steps, listed, self._after)
                journal.apply(self._root, self._staging, steps, self._after)
        except OSError as error:
            self.abort()
            return Written(refused=(unwritable(error.filename or self._system, error),))
        seen = {entry.path: entry.seen for entry in entries if entry.seen is not None}
        if listed is not None:
            found = os.stat(f"{self._root}/{LIST_NAME}")
            seen[LIST_NAME] = found.st_size, found.st_mtime_ns, found.st_ino
        self.abort()
        unchanged = len(entries) - len(decision.created) - len(decision.changed)
        return Written(decision.created, decision.changed, decision.removed, unchanged, (), seen)

    def abort(self) -> None:
        """Drop what was put aside and free the lock. A complete journal stays for the next run."""
        if self._lock is None:
            return
        if not os.path.exists(f"{self._staging}/{journal.NAME}"):
            shutil.rmtree(self._staging, ignore_errors=True)
            self._after("staging dropped")
        descriptor, self._lock = self._lock, None
        lock.release(f"{self._work}/{self._system}.lock", descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.abort()
