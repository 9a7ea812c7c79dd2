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


@pytest.fixture(autouse=True)
def settings_of_the_test():
    """What the runtime reads from its environment once in a process, it reads anew in each test."""
    from cncb_compiler.runtime import aws, batch_metrics, metrics

    for read_once in (aws.timeout, aws.attempts, aws.patience, batch_metrics.stream_of, metrics.layout):
        read_once.cache_clear()


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


@pytest.fixture
def git(tmp_path):
    """Run git in a folder, by an author of its own and without anybody's settings."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@example.com",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@example.com",
        "GIT_AUTHOR_DATE": "2026-01-31T12:00:00Z",
        "GIT_COMMITTER_DATE": "2026-01-31T12:00:00Z",
    }

    def run(*arguments: str | Path, cwd: Path) -> str:
        done = subprocess.run(["git", *map(str, arguments)], cwd=cwd, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run
