"""What a commit is about to do, written down before the first step, so that a killed one can be completed."""

# ruff: noqa: PTH103, PTH104, PTH106, PTH108, PTH120, PTH123
# Renames by the thousand, on the strings that the batches made.
from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import orjson

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.rules.cncb951_edited_output import RULE as EDITED
from cncb_compiler.rules.cncb952_foreign_output import RULE as FOREIGN
from cncb_compiler.rules.cncb954_unwritable_output import RULE as UNWRITABLE
from cncb_compiler.source.location import Location
from cncb_compiler.write.batch import After, Folders, RefusedError, create, sha_of
from cncb_compiler.write.filelist import unwritable
from cncb_compiler.write.paths import LIST_NAME, WORK_NAME, fault, join

FORMAT = 1
STAGED = "new"
"""The folder of new and changed files, below the staging folder."""
NAME = "journal.json"
"""The complete journal, in the staging folder."""
_LIST = "files.json"


@dataclass(frozen=True, slots=True)
class Journal:
    """The steps of a commit. Each may be done again without harm, in this order.

    `removes`: path -> hash it must have. `folders`: moved whole, because they do not exist yet.
    `files`: path -> (hash that may be replaced or None, new hash). Last, the new list takes the old one's
    place; if the output is `empty`, the old one is removed.
    """

    removes: Mapping[str, str] = field(default_factory=dict)
    folders: tuple[str, ...] = ()
    files: Mapping[str, tuple[str | None, str]] = field(default_factory=dict)
    empty: bool = False


def conflicts(root: str, system: str, journal: Journal) -> Iterator[Diagnostic]:
    """What stands where the journal writes or removes and is not what cncb left there."""
    folders = Folders(root, system)
    for path, old in journal.removes.items():
        found = _found(root, system, path, folders)
        # A file in the folder's place means that the file to remove is gone, which is what is wanted.
        if isinstance(found, Diagnostic) and found.code != FOREIGN.code:
            yield found
        elif isinstance(found, str) and found != old:
            yield _edited(join(system, path), "no longer makes")
    for path, (replaced, new) in journal.files.items():
        found = _found(root, system, path, folders)
        if isinstance(found, Diagnostic):
            yield found
        elif found is None or found in (replaced, new):
            continue
        elif replaced is None:
            yield _foreign(join(system, path), "a file that cncb did not make")
        else:
            yield _edited(join(system, path), "would replace")


def _found(root: str, system: str, path: str, folders: Folders) -> str | Diagnostic | None:
    """The hash of what stands at `path`, None if nothing does, or why it cannot be told."""
    try:
        if folders.missing(path.rpartition("/")[0]) is not None:
            return None
        return sha_of(join(root, path))
    except RefusedError as refusal:
        return refusal.found
    except OSError as error:
        return unwritable(join(system, path), error)


def _edited(file: str, what: str) -> Diagnostic:
    return EDITED(
        Location(file),
        f"`{file}`, which cncb made and {what}, was edited since; nothing was written",
        mend=f"say it in the topology or a hook instead, then delete `{file}` and compile again",
    )


def _foreign(file: str, what: str) -> Diagnostic:
    return FOREIGN(
        Location(file),
        f"`{file}` is {what}; nothing was written",
        mend="move it elsewhere, or choose another output folder with `--out`",
    )


def write(staging: str, journal: Journal, listed: bytes | None, after: After) -> None:
    """Put down the new list and the journal, flushed to the disk. From here on the commit is certain."""
    create(f"{staging}/{_LIST}", listed or b"")
    after("list staged")
    text = orjson.dumps(
        {
            "version": FORMAT,
            "removes": dict(journal.removes),
            "folders": journal.folders,
            "files": dict(journal.files),
            "empty": journal.empty,
        }
    )
    unfinished = f"{staging}/{NAME}.part"
    create(unfinished, text)
    _flush(f"{staging}/{_LIST}")
    _flush(unfinished)
    after("journal written")
    os.rename(unfinished, f"{staging}/{NAME}")
    _flush(staging)
    after("journal complete")


def _flush(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def apply(root: str, staging: str, journal: Journal, after: After) -> None:
    """Do what the journal says, as far as it is not done yet; then forget it."""
    for path in journal.removes:
        with suppress(FileNotFoundError, NotADirectoryError):
            os.unlink(join(root, path))
        after(f"remove {path}")
    for path in (*journal.folders, *journal.files):
        _move(join(f"{staging}/{STAGED}", path), join(root, path))
        after(f"move {path}")
    _remove_empty(root, journal.removes, after)
    if journal.empty:
        with suppress(FileNotFoundError):
            os.unlink(f"{root}/{LIST_NAME}")
        with suppress(OSError):
            os.rmdir(root)
    else:
        _move(f"{staging}/{_LIST}", f"{root}/{LIST_NAME}")
    after("list")
    os.unlink(f"{staging}/{NAME}")
    after("journal removed")


def _move(source: str, target: str) -> None:
    """Rename; a source that is gone was moved before the process was killed."""
    try:
        os.rename(source, target)
    except FileNotFoundError:
        if not os.path.lexists(source):
            return
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.rename(source, target)


def _remove_empty(root: str, removed: Iterable[str], after: After) -> None:
    """Remove the folders that the removed files leave empty."""
    folders: set[str] = set()
    for path in removed:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    for folder in sorted(folders, reverse=True):
        with suppress(OSError):
            os.rmdir(join(root, folder))
        after(f"remove folder {folder}")


def pending(staging: str) -> bool:
    """Whether a killed run left something behind."""
    return os.path.lexists(staging)


def recover(root: str, system: str, staging: str, after: After) -> tuple[Diagnostic, ...]:
    """Complete what a killed run had decided, or drop what it had not. The caller holds the system's lock.

    What was edited between the kill and now is not touched: the diagnostics name it, and nothing is done.
    """
    try:
        with open(f"{staging}/{NAME}", "rb") as stream:
            journal = _parse(stream.read())
    except FileNotFoundError:
        shutil.rmtree(staging, ignore_errors=True)
        return ()
    if journal is None:
        return (
            UNWRITABLE(
                Location(system),
                f"the journal of an interrupted compile of `{system}` is damaged",
                mend=f"delete `{WORK_NAME}` in the output folder and run the command again",
            ),
        )
    found = list(conflicts(root, system, journal))
    for folder in journal.folders:
        if os.path.lexists(f"{staging}/{STAGED}/{folder}") and _occupied(join(root, folder)):
            found.append(_foreign(join(system, folder), "a folder that cncb did not make"))
    if not found:
        try:
            apply(root, staging, journal, after)
        except OSError as error:
            return (unwritable(error.filename or system, error),)
        shutil.rmtree(staging, ignore_errors=True)
    return tuple(found)


def _parse(text: bytes) -> Journal | None:
    """The journal that `text` holds; None if it is damaged or leads out of the output folder."""
    try:
        value = orjson.loads(text)
        if value["version"] != FORMAT:
            return None
        files = {path: (old, new) for path, (old, new) in value["files"].items()}
        journal = Journal(dict(value["removes"]), tuple(value["folders"]), files, bool(value["empty"]))
        paths = (*journal.removes, *journal.files, *(folder for folder in journal.folders if folder))
        return None if any(fault(path) for path in paths) else journal
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _occupied(folder: str) -> bool:
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is not None
    except FileNotFoundError:
        return False
    except NotADirectoryError:
        return True
