"""`docs/neighbours.md` is true: each command says what stands there, but for numbers, which the shop may change."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from cncb_compiler.cli.main import cli

ROOT = Path(__file__).parents[2]
BLOCKS = re.findall(r"```console\n(.*?)```", (ROOT / "docs" / "neighbours.md").read_text(), re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=[block.split()[2] + "-" + block.split()[3] for block in BLOCKS])
def test_commands_say_what_stands_there(block: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "topologies" / "shop", tmp_path / "topologies" / "shop")
    monkeypatch.chdir(tmp_path)
    for step in block.split("$ ")[1:]:
        line, _, said = step.partition("\n")
        result = CliRunner().invoke(cli, shlex.split(line)[1:], catch_exceptions=False)
        assert re.sub(r"\d+", "N", result.output) == re.sub(r"\d+", "N", said), line
