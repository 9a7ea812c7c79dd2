"""Read the files below a system's folder. What cannot be read is a diagnostic."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.source.files import SourceFile
from cncb_compiler.source.limits import MAX_BYTES
from cncb_compiler.source.location import Location

SUFFIXES = (".yaml", ".yml")

NOT_SOURCE = frozenset({"scenarios", "hooks", "generated", "node_modules"})
"""Folders whose YAML is not part of a system. Neither are hidden files and folders."""

_SYSTEM = re.compile(r"""^(["']?)system\1[ \t]*:(?=\s|$)""", re.MULTILINE)


def declares_system(text: str) -> bool:
    """Whether a file has the top-level key `system`, told without parsing it."""
    return "system" in text and _SYSTEM.search(text) is not None


def is_source_folder(name: str) -> bool:
    """Whether a folder of this name may hold a system's files."""
    return name not in NOT_SOURCE and not name.startswith(".")


def is_source_file(name: str) -> bool:
    """Whether a file of this name is one of a system's files."""
    return name.endswith(SUFFIXES) and not name.startswith(".")


def entries(folder: str) -> list[os.DirEntry[str]]:
    """What is in a folder, by name; nothing where it cannot be listed."""
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: entry.name)
    except OSError:
        return []


def read_file(path: str, name: str) -> SourceFile | Diagnostic:
    """One file without its byte order mark, or why it cannot be read. `name` is what diagnostics call it."""
    try:
        with open(path, "rb") as opened:  # noqa: PTH123 (hot: once a file of the system)
            data = opened.read(MAX_BYTES + 1)
    except OSError as error:
        return unreadable(name, error.strerror or "it cannot be opened")
    return file_of(data, name)


def file_of(data: bytes, name: str) -> SourceFile | Diagnostic:
    """A file by its content, without its byte order mark, or why it cannot be understood."""
    if len(data) > MAX_BYTES:
        from cncb_compiler.source.findings import too_large

        return too_large(name)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        from cncb_compiler.rules.cncb014_not_utf8 import RULE as NOT_UTF8

        line = data.count(b"\n", 0, error.start) + 1
        message = f"`{name}` is not UTF-8: byte 0x{data[error.start]:02X} in line {line} begins no character."
        return NOT_UTF8(Location(name), message, mend="Save the file as UTF-8.")
    return SourceFile(name, text.removeprefix("\ufeff"))


def unreadable(name: str, cause: str) -> Diagnostic:
    """The finding that a file cannot be read."""
    from cncb_compiler.rules.cncb015_unreadable_file import RULE as UNREADABLE_FILE

    return UNREADABLE_FILE(
        Location(name),
        f"`{name}` cannot be read: {cause}.",
        mend="Give yourself permission, mend the link, or remove it.",
    )


def read_tree(root: Path) -> tuple[list[SourceFile], list[Diagnostic]]:
    """All YAML files below a system's folder, sorted by name, and what is wrong with reading them.

    A link is followed to a file inside the folder (and read once), never out of it; links to folders are not
    followed. Inner system folders are left out and reported.
    """
    found: list[Diagnostic] = []
    files: list[SourceFile] = []
    links: list[tuple[str, str]] = []
    folders = [(os.fspath(root), "")]
    while folders:
        folder, prefix = folders.pop()
        here: list[SourceFile] = []
        inner: list[tuple[str, str]] = []
        for entry in entries(folder):
            name = prefix + entry.name
            if not _is_text(entry.name):
                if is_source_file(entry.name):
                    found.append(unreadable(ascii(name)[1:-1], "its name is not UTF-8"))
                continue
            if entry.is_symlink():
                if is_source_file(entry.name) or (entry.is_dir() and is_source_folder(entry.name)):
                    links.append((entry.path, name))
            elif entry.is_dir():
                if is_source_folder(entry.name):
                    inner.append((entry.path, name + "/"))
            elif is_source_file(entry.name):
                read = read_file(entry.path, name) if entry.is_file() else unreadable(name, "it is not a regular file")
                if isinstance(read, SourceFile):
                    here.append(read)
                else:
                    found.append(read)
        inner_system = next((file for file in here if declares_system(file.text)), None) if prefix else None
        if inner_system is not None:
            found.append(nested(inner_system.name))
            continue
        files += here
        folders += inner
    if links:
        _read_links(root, links, files, found)
    return sorted(files, key=lambda file: file.name), found


def _is_text(name: str) -> bool:
    """Whether a file's name is UTF-8; Python keeps the bytes of others as surrogates."""
    return name.isascii() or not any("\ud800" <= char <= "\udfff" for char in name)


def _read_links(root: Path, links: list[tuple[str, str]], files: list[SourceFile], found: list[Diagnostic]) -> None:
    inside = os.path.realpath(root)
    seen = {os.path.realpath(root / file.name) for file in files}
    for path, name in sorted(links):
        target = os.path.realpath(path)
        if os.path.commonpath([inside, target]) != inside:
            from cncb_compiler.rules.cncb016_link_outside import RULE as LINK_OUTSIDE

            message = f"`{name}` is a symbolic link that leads out of the system's folder."
            mend = "Copy what it leads to into the folder, or remove the link."
            found.append(LINK_OUTSIDE(Location(name), message, mend=mend))
        elif target in seen or Path(target).is_dir():
            continue
        elif not Path(target).is_file():
            found.append(unreadable(name, "the link leads to no file"))
        else:
            seen.add(target)
            read = read_file(target, name)
            (files if isinstance(read, SourceFile) else found).append(read)  # type: ignore[arg-type]


def nested(name: str) -> Diagnostic:
    """The finding that a file makes a folder a system within another; `name` is the file's."""
    from cncb_compiler.rules.cncb017_nested_system import RULE as NESTED_SYSTEM

    folder = name.rpartition("/")[0]
    return NESTED_SYSTEM(
        Location(name, ("system",), on_key=True),
        f"`{folder}` is a system of its own inside another system's folder; its files were left out.",
        mend="Move it beside the other system, or remove `system:` if its files are part of the other one.",
    )


def direct_texts(folder: Path) -> Iterator[SourceFile]:
    """The readable YAML files directly in a folder."""
    for entry in entries(os.fspath(folder)):
        if is_source_file(entry.name) and entry.is_file():
            read = read_file(entry.path, entry.name)
            if isinstance(read, SourceFile):
                yield read
