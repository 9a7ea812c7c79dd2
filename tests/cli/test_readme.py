"""The README is true: its first topology checks and compiles, its sample message is what cncb says."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def test_the_first_topology_is_clean_and_compiles(cncb, write):
    (text,) = re.findall(r"```yaml\n# shop/system.yaml\n(.*?)```", README, re.DOTALL)
    folder = write({"shop/system.yaml": text})
    assert cncb("check", "shop", cwd=folder).stdout == "no findings in 1 file\n"
    assert cncb("compile", "shop", cwd=folder).returncode == 0
    explained = cncb("explain", "CommandSubmitRole", "--system", "shop", cwd=folder)
    assert "dynamodb:PutItem on OrdersTable" in explained.stdout


def test_the_sample_message_is_what_cncb_says(cncb, tmp_path):
    (sample,) = re.findall(r"```text\n(services/order-process.*?)```", README, re.DOTALL)
    shutil.copytree(ROOT / "topologies" / "shop", tmp_path / "shop")
    process = tmp_path / "shop" / "services" / "order-process.yaml"
    process.write_text(process.read_text().replace("lines: order.lines", "lines: order.line"))
    assert sample in cncb("check", cwd=tmp_path / "shop").stdout


def test_every_command_is_listed():
    from cncb_compiler.cli.main import COMMANDS

    assert [name for name in COMMANDS if f"`cncb {name}" not in README] == []


def test_links_lead_somewhere():
    for link in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / link).exists(), link
