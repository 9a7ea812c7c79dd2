"""Same input, same bytes: under any hash seed, in any order of files and of keys.

Only the map under `key:` has an order that means something: its first entry is the partition key.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mutations import EXAMPLES, TOPOLOGIES, dumped, example

from cncb_compiler.compilation import MANIFEST, emit_service
from cncb_compiler.manifest.build import manifest
from cncb_compiler.passes import analyse, has_errors
from cncb_compiler.source.discover import SystemSource
from cncb_compiler.source.files import SourceFile

ROUNDS = int(os.environ.get("CNCB_SHUFFLES", "2"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_order_of_files_and_names(name: str) -> None:
    one = example(name)
    written = compiled(one.root, list(one.texts.items()))
    assert written
    for seed in range(ROUNDS):
        chance = random.Random(seed)
        files = [(file, dumped(shuffled_file(value, chance))) for file, value in one.values.items()]
        chance.shuffle(files)
        again = compiled(one.root, files)
        assert written.keys() == again.keys()
        assert [path for path in written if written[path] != again[path]] == []


def test_shuffling_changes_something() -> None:
    value = example("shop").values["services/order-bff.yaml"]
    assert any(dumped(shuffled_file(value, random.Random(seed))) != dumped(value) for seed in range(3))


def test_hash_seeds(tmp_path: Path) -> None:
    folders = [tmp_path / seed for seed in ("1", "2")]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "cncb_compiler", "compile", str(TOPOLOGIES / "shop"), "--out", str(folder)],
            env={**os.environ, "PYTHONHASHSEED": folder.name},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for folder in folders
    ]
    for process in running:
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0, output.decode()
    first, second = (tree(folder) for folder in folders)
    assert len(first) > 100
    assert first == second


def tree(folder: Path) -> dict[str, bytes]:
    """The bytes of each file below a folder."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def compiled(root: Path, files: list[tuple[str, str]]) -> dict[str, bytes]:
    """The files of all services and the manifest, by path."""
    analysis = analyse(SystemSource(root, tuple(SourceFile(*file) for file in files)))
    assert not has_errors(analysis.found), analysis.found
    made = {MANIFEST: manifest(analysis.linked, analysis.plans, analysis.values)}
    for plan in analysis.plans:
        made |= emit_service(analysis, plan).files
    return made


def shuffled_file(value: Any, chance: random.Random, under: str = "") -> Any:
    """A file's value with the keys of its maps in another order, but for the one map whose order says something."""
    if isinstance(value, list):
        return [shuffled_file(item, chance) for item in value]
    if not isinstance(value, dict):
        return value
    keys = list(value) if under == "key" else chance.sample(sorted(value), len(value))
    return {key: shuffled_file(value[key], chance, key) for key in keys}
