"""Find the systems that a PATH on the command line means, and read them.

A *system folder* directly holds a YAML file with a top-level `system:` key. All YAML files below it belong to
it, except those in `scenarios`, `hooks`, `generated`, `node_modules` and hidden folders.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.source.beside import Beside
from cncb_compiler.source.files import SourceFile
from cncb_compiler.source.read import (
    declares_system,
    direct_texts,
    entries,
    is_source_file,
    is_source_folder,
    read_file,
    read_tree,
)

DEFAULT_FOLDER = "topologies"


class NoSystemError(Exception):
    """PATH means no system. The message tells the user: it is a mistake of usage, not a finding."""


@dataclass(frozen=True, slots=True)
class SystemSource:
    """One system as it stands on disk, or as it was in a commit.

    `files` are sorted by name; `diagnostics` are about files that could not be read. `only_file` is the file
    that the user asked about: only findings that touch it are to be shown. `beside` is what a commit has beside
    them; None where the disk has it.
    """

    root: Path
    files: tuple[SourceFile, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    only_file: str | None = None
    beside: Beside | None = None


def systems(path: Path | None = None) -> list[SystemSource]:
    """The systems that a PATH means, sorted by folder; at least one.

    - a system folder: that system; any other folder: all systems below it, else the one it is part of;
    - a file with `system:` beside another such file: a whole system in one file, nothing else is read;
    - any other YAML file: the system it is part of, whole, with `only_file` set;
    - None: the system that the working folder is in, else all below `topologies/`.

    Raises NoSystemError where there is none.
    """
    try:
        return _here() if path is None else _at(path)
    except OSError as error:
        raise NoSystemError(f"`{path or '.'}` cannot be read: {error.strerror}.") from None


def _at(path: Path) -> list[SystemSource]:
    if path.is_dir():
        roots = _below(path)
        if not roots:
            enclosing = _enclosing(path)
            if enclosing is None:
                raise NoSystemError(f"There is no system in `{path}`: no YAML file there has the key `system:`.")
            roots = [enclosing]
        return [read_whole(root) for root in roots]
    if not path.is_file():
        raise NoSystemError(f"`{path}` does not exist.")
    if not is_source_file(path.name):
        raise NoSystemError(f"`{path}` is not a YAML file of a system (*.yaml or *.yml, not hidden).")
    return [_of_file(path)]


def is_system_folder(folder: Path) -> bool:
    """Whether a folder directly holds a file with a top-level `system:`."""
    return any(declares_system(file.text) for file in direct_texts(folder))


def _here() -> list[SystemSource]:
    enclosing = _enclosing(Path.cwd())
    if enclosing is not None:
        return [read_whole(enclosing)]
    folder = Path(DEFAULT_FOLDER)
    roots = _below(folder) if folder.is_dir() else []
    if not roots:
        raise NoSystemError(
            "There is no system here: neither this folder, nor one around it, nor one below `topologies/` "
            "has a YAML file with the key `system:`. Name a PATH, or begin one with `cncb new system NAME`."
        )
    return [read_whole(root) for root in roots]


def read_whole(root: Path, only_file: str | None = None) -> SystemSource:
    """The system in a folder, with all its files; `only_file` is the one that the user asked about."""
    files, found = read_tree(root)
    return SystemSource(root, tuple(files), tuple(found), only_file)


def _of_file(path: Path) -> SystemSource:
    read = read_file(os.fspath(path), path.name)
    if isinstance(read, SourceFile) and declares_system(read.text) and _is_shared(path.parent):
        return SystemSource(path.parent, (read,))
    root = _enclosing(path.parent)
    if root is None:
        if not isinstance(read, SourceFile):
            return SystemSource(path.parent, (), (read,))
        raise NoSystemError(
            f"`{path}` belongs to no system: no folder around it has a YAML file with the key `system:`."
        )
    name = path.absolute().relative_to(root.absolute()).as_posix()
    source = read_whole(root, only_file=name)
    if all(file.name != name for file in source.files) and all(found.at.file != name for found in source.diagnostics):
        raise NoSystemError(f"`{path}` lies in `{root}`, but is not read as a part of that system.")
    return source


def _is_shared(folder: Path) -> bool:
    """Whether a folder directly holds several files with `system:`, each a system of its own."""
    return sum(declares_system(file.text) for file in direct_texts(folder)) > 1


def _enclosing(folder: Path) -> Path | None:
    """The nearest system folder from `folder` upwards, not looking past the top of a git repository."""
    absolute = folder.absolute()
    for candidate in (absolute, *absolute.parents):
        if is_system_folder(candidate):
            return folder if candidate == absolute else candidate
        if (candidate / ".git").exists():
            return None
    return None


def _below(folder: Path) -> list[Path]:
    """The system folders at or below a folder, not looking inside them."""
    if is_system_folder(folder):
        return [folder]
    roots: list[Path] = []
    for entry in entries(os.fspath(folder)):
        if is_source_folder(entry.name) and entry.is_dir(follow_symlinks=False):
            roots += _below(folder / entry.name)
    return roots
