"""A system as it was in a commit, read without a checkout: by the same rules as from a folder."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Sequence
from pathlib import Path, PurePosixPath

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.source.beside import Beside
from cncb_compiler.source.discover import SystemSource
from cncb_compiler.source.files import SourceFile
from cncb_compiler.source.git import BLOB, LINK, Commit, Entry, Repository
from cncb_compiler.source.read import SUFFIXES, declares_system, file_of, is_source_file, is_source_folder, nested

_DECLARES = "^[\"']?system[\"']?[ \t]*:([ \t]|$)"
"""As `declares_system`, in the words of git grep."""


def folder_in(repository: Repository, folder: Path) -> str:
    """A folder's path from the top of the repository, with `/`; `` is the top."""
    inside = folder.resolve().relative_to(repository.top.resolve()).as_posix()
    return "" if inside == "." else inside


def system_at(repository: Repository, commit: Commit, source: SystemSource, name: str) -> SystemSource | None:
    """The system as it was: in the folder where it is now, else where one of its name was; None where it is new."""
    folder = folder_in(repository, source.root)
    alone = source.files[0].name if len(source.files) == 1 else None
    found = _read(repository, commit, folder, alone)
    if found is not None:
        return found
    moved = {posixpath.dirname(path) for path in repository.holding(commit, _DECLARES, SUFFIXES)}
    still_here = [one for one in sorted(moved) if one != folder and not _stands(repository, one)]
    for elsewhere in still_here:
        found = _read(repository, commit, elsewhere, alone)
        if found is not None and named(found) == name:
            return found
    return None


def folders_at(repository: Repository, commit: Commit, folder: Path) -> tuple[str, ...]:
    """The folders at or below a folder that held a system in a commit, from the top of the repository."""
    held = repository.holding(commit, _DECLARES, SUFFIXES, folder_in(repository, folder))
    folders = {posixpath.dirname(path) for path in held if _is_source(path)}
    return tuple(sorted(one for one in folders if not _inside_another(one, folders)))


def whole_at(repository: Repository, commit: Commit, folder: str) -> SystemSource | None:
    """The system that a folder (from the top of the repository) held in a commit."""
    return _read(repository, commit, folder, None)


def beside(repository: Repository, commit: Commit, folder: str) -> Beside:
    """What a commit has beside the YAML of the system in a folder (from the top of the repository)."""
    from cncb_compiler.diagnostics.config import OWN, PROJECT
    from cncb_compiler.hooks.source import HOOKS_FOLDER

    start = len(folder) + 1 if folder else 0
    hooks = [
        one
        for one in repository.entries(commit, f"{folder}/{HOOKS_FOLDER}" if folder else HOOKS_FOLDER)
        if one.mode in BLOB and one.path[start:].count("/") == 2 and one.path.endswith(".py")
    ]
    around = [folder, *map(str, PurePosixPath(folder).parents)] if folder else [""]
    paths = [posixpath.join("" if one == "." else one, name) for one in around for name in (OWN, PROJECT)]
    found = {one.path: one.object for one in repository.files(commit, paths) if one.mode in BLOB}
    contents = repository.contents([*(one.object for one in hooks), *found.values()])
    return Beside(
        {one.path[start:]: contents[one.object] for one in hooks},
        {posixpath.relpath(path, folder or "."): contents[found[path]] for path in paths if path in found},
    )


def _read(repository: Repository, commit: Commit, folder: str, alone: str | None) -> SystemSource | None:
    start = len(folder) + 1 if folder else 0
    entries = [
        Entry(one.mode, one.object, one.path[start:])
        for one in repository.entries(commit, folder)
        if one.mode in BLOB or one.mode == LINK
    ]
    wanted = [one for one in entries if _is_source(one.path) and one.mode in BLOB]
    linked = _linked(entries, {one.path for one in wanted}, repository)
    contents = repository.contents(one.object for one in (*wanted, *linked))
    files: list[SourceFile] = []
    found: list[Diagnostic] = []
    for one in (*wanted, *linked):
        read = file_of(contents[one.object], one.path)
        if isinstance(read, SourceFile):
            files.append(read)
        else:
            found.append(read)
    direct = [file for file in files if "/" not in file.name and declares_system(file.text)]
    if alone is not None and len(direct) > 1:
        files = [file for file in direct if file.name == alone]
        direct = files
    if not direct:
        return None
    inner = {posixpath.dirname(file.name): file.name for file in reversed(files) if _is_inner(file)}
    kept = [file for file in files if not _inside_another(posixpath.dirname(file.name), inner, itself=True)]
    found += [nested(name) for folder, name in sorted(inner.items()) if not _inside_another(folder, inner)]
    return SystemSource(repository.top / folder, tuple(sorted(kept, key=lambda file: file.name)), tuple(found))


def _linked(entries: Sequence[Entry], read: set[str], repository: Repository) -> list[Entry]:
    """What symbolic links inside the folder lead to, where it is not read already, under the links' names."""
    links = [one for one in entries if one.mode == LINK and _is_source(one.path)]
    targets = repository.contents(one.object for one in links)
    by_path = {one.path: one for one in entries if one.mode in BLOB}
    found = []
    for link in links:
        aimed = posixpath.join(posixpath.dirname(link.path), targets[link.object].decode(errors="replace"))
        target = by_path.get(posixpath.normpath(aimed))
        if target is not None and target.path not in read:
            read.add(target.path)
            found.append(Entry(target.mode, target.object, link.path))
    return found


def _is_source(path: str) -> bool:
    *folders, name = path.split("/")
    return is_source_file(name) and all(is_source_folder(folder) for folder in folders)


def _is_inner(file: SourceFile) -> bool:
    return "/" in file.name and declares_system(file.text)


def _inside_another(folder: str, folders: Collection[str], *, itself: bool = False) -> bool:
    parents = [folder] if itself else []
    while folder:
        folder = posixpath.dirname(folder)
        parents.append(folder)
    return any(parent in folders for parent in parents)


def _stands(repository: Repository, folder: str) -> bool:
    """Whether a folder still holds a system in the work tree: then that is not the one that moved."""
    from cncb_compiler.source.discover import is_system_folder

    return is_system_folder(repository.top / folder)


def named(source: SystemSource) -> str:
    """What a system's files call it; its folder's name where they do not."""
    from cncb_compiler.source.yaml12 import load

    for file in source.files:
        if declares_system(file.text):
            value, _ = load(file.text, file.name)
            if isinstance(value, dict) and isinstance(value.get("system"), str):
                return str(value["system"])
    return source.root.resolve().name
