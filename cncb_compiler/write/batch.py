"""Files on their way to the output: each is compared with what is on disk, and put aside if it differs."""

# ruff: noqa: PTH103
# 25,000 files pass here; a Path object a file would cost more than reading it.
from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.digests import sha256_of
from cncb_compiler.rules.cncb952_foreign_output import RULE as FOREIGN
from cncb_compiler.rules.cncb953_unsafe_output import RULE as UNSAFE
from cncb_compiler.source.location import Location
from cncb_compiler.write.filelist import unwritable
from cncb_compiler.write.paths import fault, join

Seen: TypeAlias = tuple[int, int, int]
"""Size, modification time (ns) and inode of a file, at the moment when its content was known."""

After: TypeAlias = Callable[[str], None]
"""Called with the name of each step once it is done. Tests kill the process there."""

_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def nothing(step: str) -> None:
    """Do nothing after a step."""


class Entry(NamedTuple):
    """One wanted file.

    `same`: the disk has exactly this content. `missing`: the topmost of its folders that does not exist yet.
    `content` is kept only where nothing may be put aside (`--check`) and the file differs.
    """

    path: str
    sha: str
    same: bool
    exists: bool
    missing: str | None
    seen: Seen | None
    content: bytes | None


@dataclass(slots=True)
class Results:
    """What a batch gathered; can be pickled, so a worker process can send it home."""

    entries: list[Entry] = field(default_factory=list)
    refused: list[Diagnostic] = field(default_factory=list)


class RefusedError(Exception):
    """Carries the diagnostic of a path that cannot be used from where it shows to the file that needs it."""

    def __init__(self, found: Diagnostic) -> None:
        super().__init__(found.message)
        self.found = found


class Folders:
    """Which folders of a system's output exist; asked once each, as nothing moves while they are filled."""

    def __init__(self, root: str, system: str) -> None:
        self._root = root
        self._system = system
        self._missing: dict[str, str | None] = {}

    def missing(self, folder: str) -> str | None:
        """The topmost folder on the way to `folder` that does not exist; None if `folder` exists.

        Raises RefusedError where something else than a folder stands in the way.
        """
        try:
            return self._missing[folder]
        except KeyError:
            found = self.missing(folder.rpartition("/")[0]) if folder else None
            if found is None and not self._exists(folder):
                found = folder
            self._missing[folder] = found
            return found

    def _exists(self, folder: str) -> bool:
        try:
            mode = os.lstat(join(self._root, folder)).st_mode
        except FileNotFoundError:
            return False
        if not stat.S_ISDIR(mode):
            raise RefusedError(in_the_way(join(self._system, folder), mode, "a folder"))
        return True


def in_the_way(file: str, mode: int, wanted: str) -> Diagnostic:
    """The finding that `file`, of this `mode`, stands where cncb wants `wanted`."""
    if stat.S_ISLNK(mode):
        return UNSAFE(
            Location(file), f"`{file}` is a symbolic link, and may lead out of the output folder",
            mend=f"remove the link: cncb makes {wanted} there",
        )  # fmt: skip
    kind = "a folder" if stat.S_ISDIR(mode) else "a file" if stat.S_ISREG(mode) else "a special file"
    return FOREIGN(
        Location(file), f"`{file}` is {kind}, where cncb makes {wanted}",
        mend="move it elsewhere and run the command again",
    )  # fmt: skip


class Batch:
    """Receives wanted files. What is new or different goes into the folder `staged`, if there is one."""

    def __init__(self, root: str, system: str, staged: str | None, after: After = nothing) -> None:
        self._root = root
        self._system = system
        self._staged = staged
        self._after = after
        self._folders = Folders(root, system)
        self._made: set[str] = set()
        self._results = Results()

    def add(self, path: str, content: bytes) -> None:
        """Want `content` at `path`, relative to the system's folder, with `/`. What is wrong is gathered."""
        if reason := fault(path):
            shown = path.encode("ascii", "backslashreplace").decode()
            at = Location(join(self._system, shown))
            mend = "rename what the file is named after"
            self._results.refused.append(UNSAFE(at, f"`{shown}` cannot be written: {reason}", mend=mend))
            return
        try:
            self._results.entries.append(self._entry(path, content))
        except RefusedError as refusal:
            self._results.refused.append(refusal.found)
        except FileExistsError:
            self._results.refused.append(twice(self._system, path))
        except OSError as error:
            self._results.refused.append(unwritable(join(self._system, path), error))

    def results(self) -> Results:
        """What was added since the last call."""
        results, self._results = self._results, Results()
        return results

    def _entry(self, path: str, content: bytes) -> Entry:
        missing = self._folders.missing(path.rpartition("/")[0])
        sha = sha256_of(content)
        exists = False
        if missing is None:
            exists, same = self._compare(path, content)
            if same is not None:
                return Entry(path, sha, True, True, None, same, None)
        if self._staged is None:
            return Entry(path, sha, False, exists, missing, None, content)
        seen = self._put(path, content)
        self._after(f"stage {path}")
        return Entry(path, sha, False, exists, missing, seen, None)

    def _compare(self, path: str, content: bytes) -> tuple[bool, Seen | None]:
        """Whether there is a file at `path`, and what it looks like if it holds exactly `content`."""
        full = f"{self._root}/{path}"
        try:
            descriptor = os.open(full, _READ)
        except FileNotFoundError:
            return False, None
        except OSError:
            mode = os.lstat(full).st_mode
            if stat.S_ISREG(mode):
                raise
            raise RefusedError(in_the_way(join(self._system, path), mode, "a file")) from None
        try:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                raise RefusedError(in_the_way(join(self._system, path), found.st_mode, "a file"))
            if found.st_size != len(content) or read_all(descriptor, found.st_size) != content:
                return True, None
            return True, (found.st_size, found.st_mtime_ns, found.st_ino)
        finally:
            os.close(descriptor)

    def _put(self, path: str, content: bytes) -> Seen:
        full = f"{self._staged}/{path}"
        folder = full.rpartition("/")[0]
        if folder not in self._made:
            try:
                os.makedirs(folder, exist_ok=True)
            except (FileExistsError, NotADirectoryError):
                raise RefusedError(no_folder(self._system, path)) from None
            self._made.add(folder)
        return create(full, content)


class Idle(Batch):
    """Takes files and does nothing with them, because it is already known that nothing will be written."""

    def add(self, path: str, content: bytes) -> None:
        """Take no notice."""


def twice(system: str, path: str) -> Diagnostic:
    """The finding that two things want to be the file `path`."""
    file = join(system, path)
    mend = "rename one of the two things it is named after"
    return UNSAFE(Location(file), f"`{file}` is made twice", mend=mend)


def no_folder(system: str, path: str) -> Diagnostic:
    """The finding that another wanted file stands where `path` needs a folder."""
    file = join(system, path)
    mend = "rename one of the two things they are named after"
    return UNSAFE(Location(file), f"`{file}` needs a folder where another file is made", mend=mend)


def read_all(descriptor: int, size: int) -> bytes:
    """The content of an open file of `size` bytes; one byte more is asked for, so that growth shows."""
    content = os.read(descriptor, size + 1)
    while len(content) < size:
        more = os.read(descriptor, size + 1 - len(content))
        if not more:
            break
        content += more
    return content


def create(full: str, content: bytes) -> Seen:
    """Make the file `full`, which must not exist, with `content`."""
    descriptor = os.open(full, _CREATE, 0o666)
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        made = os.fstat(descriptor)
        return made.st_size, made.st_mtime_ns, made.st_ino
    finally:
        os.close(descriptor)


def sha_of(full: str) -> str | None:
    """The hash of the file `full`; None where there is none, `""` where it is no regular file."""
    try:
        content = read_file(full)
    except IsADirectoryError:
        return ""
    return None if content is None else sha256_of(content)


def read_file(full: str) -> bytes | None:
    """The content of the regular file `full`; None if nothing is there, else IsADirectoryError."""
    try:
        mode = os.lstat(full).st_mode
        if not stat.S_ISREG(mode):
            raise IsADirectoryError(full)
        descriptor = os.open(full, _READ)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        return read_all(descriptor, os.fstat(descriptor).st_size)
    finally:
        os.close(descriptor)
