"""`.pre-commit-hooks.yaml`: valid, and each hook run by pre-commit, over the files that it picks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from ci_runner import ROOT, SYSTEM, fakes

MANIFEST = ROOT / ".pre-commit-hooks.yaml"
LOOSE = SYSTEM.replace("system: shop\n", "system:   shop\n")


def pre_commit(*arguments: str, cwd: Path, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": f"{home / 'fakes'}:{os.environ['PATH']}",
        "HOME": str(home),
        "PRE_COMMIT_HOME": str(home / "kept"),
    }
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", *arguments], cwd=cwd, env=environment, capture_output=True, text=True
    )


@pytest.fixture
def project(tmp_path: Path, git) -> Path:
    """A repository with a system, and the hooks as they are, but run with the cncb at hand instead of one installed."""
    hooks = yaml.safe_load(MANIFEST.read_text())
    assert {hook["language"] for hook in hooks} == {"python"}
    local = {"repos": [{"repo": "local", "hooks": [hook | {"language": "system"} for hook in hooks]}]}
    top = tmp_path / "project"
    (top / "topologies/shop/scenarios").mkdir(parents=True)
    (top / ".pre-commit-config.yaml").write_text(yaml.safe_dump(local))
    (top / "topologies/shop/system.yaml").write_text(SYSTEM)
    (top / "topologies/shop/scenarios/one.yaml").write_text("name:   left as it is\n")
    fakes(tmp_path / "fakes")
    git("init", "--quiet", cwd=top)
    git("add", "--all", cwd=top)
    return top


def run(project: Path, hook: str) -> tuple[int, str]:
    done = pre_commit("run", "--all-files", "--verbose", hook, cwd=project, home=project.parent)
    return done.returncode, done.stdout + done.stderr


def test_the_manifest_is_valid(tmp_path: Path) -> None:
    done = pre_commit("validate-manifest", str(MANIFEST), cwd=tmp_path, home=tmp_path)
    assert done.returncode == 0, done.stdout


def test_fmt_lays_out_the_files_of_systems_and_no_others(project: Path) -> None:
    (project / "topologies/shop/system.yaml").write_text(LOOSE)
    (project / "topologies/shop/more.yaml").write_text("types: {A:   {id: uuid}}\n")
    subprocess.run(["git", "add", "--all"], cwd=project, check=True)
    code, said = run(project, "cncb-fmt")
    assert (code, "files were modified by this hook" in said) == (1, True), said
    assert "2 of 2 files changed" in said
    assert (project / "topologies/shop/system.yaml").read_text() == SYSTEM
    assert (project / "topologies/shop/scenarios/one.yaml").read_text() == "name:   left as it is\n"


def test_check_and_compile_pass_and_fail(project: Path) -> None:
    assert run(project, "cncb-check")[0] == 0
    code, said = run(project, "cncb-compile")
    assert (code, "would" in said or "missing" in said or "differ" in said) == (1, True), said
    (project / "topologies/shop/system.yaml").write_text(SYSTEM.replace("order.sku", "order.skew"))
    code, said = run(project, "cncb-check")
    assert (code, "CNCB304" in said) == (1, True), said
