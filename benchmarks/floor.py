"""The floor: what any compiler of the same files to the same output must do, and no more.

One bare Python process loads every YAML file with libyaml and writes the bytes of the output tree. Those
bytes are read into memory before; the seconds that this took are printed, for the caller to leave out of the
process's wall time, so that the floor carries the start of a process as everything else does.

Usage: `python floor.py INPUT OUTPUT COPY`: the system, its compiled tree, and the folder to write.
"""

# pathlib would take time that no compiler needs to take.
# ruff: noqa: PTH102, PTH118, PTH123

from __future__ import annotations

import os
import sys
import time

import yaml


def read_tree(root: str) -> tuple[list[str], list[tuple[str, bytes]]]:
    """The folders (parents first) and the files with their bytes under `root`, by relative path."""
    folders: list[str] = []
    contents: list[tuple[str, bytes]] = []
    for folder, names, found in os.walk(root):
        relative = os.path.relpath(folder, root)
        folders.extend(os.path.normpath(os.path.join(relative, name)) for name in sorted(names))
        for name in found:
            with open(os.path.join(folder, name), "rb") as file:
                contents.append((os.path.normpath(os.path.join(relative, name)), file.read()))
    return folders, contents


def load(root: str) -> int:
    """Load every YAML file under `root` with libyaml, one at a time; how many there were."""
    count = 0
    for folder, _, names in os.walk(root):
        for name in names:
            if name.endswith(".yaml"):
                with open(os.path.join(folder, name), "rb") as file:
                    yaml.load(file.read(), yaml.CSafeLoader)
                count += 1
    return count


def write(root: str, folders: list[str], contents: list[tuple[str, bytes]]) -> None:
    """Make `root` and write the folders and files into it."""
    os.mkdir(root)
    for folder in folders:
        os.mkdir(os.path.join(root, folder))
    for path, data in contents:
        descriptor = os.open(os.path.join(root, path), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.write(descriptor, data)
        os.close(descriptor)


def main(source: str, output: str, copy: str) -> None:
    """Load `source`, write the bytes of `output` into `copy`, print the seconds to leave out."""
    started = time.perf_counter()
    folders, contents = read_tree(output)
    aside = time.perf_counter() - started
    load(source)
    write(copy, folders, contents)
    print(aside, flush=True)
    # The bytes that were read beforehand must not cost their freeing either.
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:4])
