"""What tests share: the command line, run as users run it, and topologies written on the spot."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(autouse=True, scope="session")
def cache_of_the_tests(tmp_path_factory):
    """What a check remembers stays out of the user's home."""
    os.environ["CNCB_CACHE"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def cncb():
    """Run `cncb` in a process of its own: `cncb("check", "path", cwd=...)` gives returncode, stdout, stderr."""

    def run(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from cncb_compiler.cli.main import main; main()", *map(str, arguments)]
        env = {**os.environ, "NO_COLOR": "1", **environment}
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, env=env)

    return run


@pytest.fixture
def write(tmp_path):
    """Write files below a fresh folder: `write({"system.yaml": "..."})` gives the folder."""

    def write_files(files: dict[str, str]) -> Path:
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return tmp_path

    return write_files
