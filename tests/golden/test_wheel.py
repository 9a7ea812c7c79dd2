"""The built wheel gives the same `cncb`: templates travel inside it, and its output is the committed one."""

from __future__ import annotations

import filecmp
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """A folder with nothing but what the wheel holds."""
    made = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(made), str(ROOT)]
    ran = subprocess.run(build, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    (wheel,) = made.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(made / "site")
    return made / "site"


def test_compiles_the_tour_to_the_same_bytes(installed, tmp_path):
    code = (
        "import cncb_compiler, sys; from cncb_compiler.cli.main import main; "
        f"assert cncb_compiler.__file__.startswith({str(installed)!r}), cncb_compiler.__file__; main()"
    )
    command = [sys.executable, "-c", code, "compile", str(ROOT / "topologies" / "shop"), "--out", "made"]
    ran = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(installed)}, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    same = filecmp.dircmp(tmp_path / "made" / "shop", ROOT / "generated" / "shop")
    assert _differences(same) == []


def _differences(compared: filecmp.dircmp) -> list[str]:
    found = [*compared.left_only, *compared.right_only, *compared.diff_files]
    return found + [name for inner in compared.subdirs.values() for name in _differences(inner)]


def test_new_docs_and_schema_work_from_the_wheel(installed, tmp_path):
    for arguments in (
        ["new", "system", "first"],
        ["check", "first"],
        ["docs", "first"],
        ["schema"],
        ["rules"],
        ["graph", "first", "-o", "first.html"],
    ):
        command = [sys.executable, "-c", "from cncb_compiler.cli.main import main; main()", *arguments]
        ran = subprocess.run(
            command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(installed)}, capture_output=True, text=True
        )
        assert ran.returncode == 0, (arguments, ran.stdout, ran.stderr)
