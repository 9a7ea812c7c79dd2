"""`docs/review.md`: its examples are valid, and name what there is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import yaml
from ci_runner import ROOT

PAGE = (ROOT / "docs/review.md").read_text()


def example(name: str) -> str:
    (text,) = re.findall(rf"```yaml\n# {re.escape(name)}\n(.*?)```", PAGE, re.DOTALL)
    return text


def test_the_workflow_is_valid_and_says_inputs_that_there_are(tmp_path: Path) -> None:
    inputs = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
    assert re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.MULTILINE) == list(inputs)
    workflow = tmp_path / "cncb.yml"
    workflow.write_text(example(".github/workflows/cncb.yml"))
    used = yaml.safe_load(workflow.read_text())["jobs"]["review"]["steps"][-1]
    assert used["with"].keys() <= inputs.keys()
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(workflow)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_variables_and_hooks_are_those_that_there_are() -> None:
    template = yaml.safe_load((ROOT / "ci/gitlab/cncb.gitlab-ci.yml").read_text())["cncb"]
    named = {*yaml.safe_load(example(".gitlab-ci.yml"))["variables"], *re.findall(r"`(CNCB_\w+)`", PAGE)}
    assert named - {"CNCB_TOKEN"} == {name for name in template["variables"] if name.startswith("CNCB_")}
    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert {hook["id"] for hook in yaml.safe_load(example(".pre-commit-config.yaml"))["repos"][0]["hooks"]} == hooks


def test_every_link_leads_somewhere() -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)", PAGE):
        assert (ROOT / "docs" / link).exists(), link


def test_the_commands_of_other_servers_are_commands(cncb, tmp_path: Path) -> None:
    (shell,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in shell.splitlines():
        options = re.findall(r"--[a-z-]+", line)
        said = cncb(line.split()[1], "--help", cwd=tmp_path).stdout
        assert [option for option in options if option not in said] == []
