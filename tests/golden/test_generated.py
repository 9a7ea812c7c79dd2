"""`generated/` is exactly what the compiler makes of `topologies/`, passes every linter, and its own tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "generated").glob("*/*/template.json"))
REGENERATE = "Run `make golden` and look at what changed: git diff generated"


def test_generated_is_up_to_date(cncb):
    result = cncb("compile", "topologies", "--check", cwd=ROOT)
    assert result.returncode == 0, f"{result.stdout[-3000:]}\n{REGENERATE}"


def test_examples_are_laid_out(cncb):
    result = cncb("fmt", "topologies", "--check", cwd=ROOT)
    assert result.returncode == 0, f"{result.stdout[-3000:]}\nRun `cncb fmt topologies`"


def test_each_example_is_compiled():
    systems = {folder.name for folder in (ROOT / "topologies" / "cookbook").iterdir()} | {"shop"}
    compiled = {folder.name for folder in (ROOT / "generated").iterdir() if not folder.name.startswith(".")}
    assert systems == compiled, REGENERATE


@pytest.fixture(scope="module")
def linted():
    """What cfn-lint finds of any level in the text of a template; its rules are loaded once."""
    from cfnlint.api import ManualArgs, lint
    from cfnlint.config import ConfigMixIn
    from cfnlint.runner import Runner

    config = ManualArgs(include_checks=["I", "W", "E"], regions=["us-east-1"])
    rules = Runner(ConfigMixIn(**config)).rules
    return lambda text: [f"{one.rule.id} {one.path}: {one.message}" for one in lint(text, rules, config=config)]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parts[-3]}/{path.parts[-2]}")
def test_cfn_lint_finds_nothing_of_any_level(template, linted):
    assert linted(template.read_text()) == []


@pytest.mark.parametrize(
    "path", sorted((ROOT / "generated").glob("*/manifest.json")), ids=lambda path: path.parent.name
)
def test_manifests_fit_their_schema(path):
    from jsonschema import validate

    validate(json.loads(path.read_text()), json.loads((ROOT / "schema" / "manifest.schema.json").read_text()))


def test_no_star_that_aws_does_not_force():
    forced = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
    for path in TEMPLATES:
        for identity, resource in json.loads(path.read_text())["Resources"].items():
            if resource["Type"] != "AWS::IAM::Role":
                continue
            for policy in resource["Properties"]["Policies"]:
                for statement in policy["PolicyDocument"]["Statement"]:
                    actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
                    assert not any("*" in action for action in actions), (path, identity)
                    if statement["Resource"] == "*":
                        assert set(actions) <= forced, (path, identity)


def test_generated_code_is_lint_clean():
    ruff = [sys.executable, "-m", "ruff"]
    options = ["--isolated", "--line-length", "120", "--target-version", "py311"]
    checked = subprocess.run(
        [*ruff, "check", "--no-cache", *options, "--select", "E,F,W,I,UP,B", "generated"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout[-3000:]


@pytest.mark.parametrize(
    "system", ["shop", *sorted(folder.name for folder in (ROOT / "topologies" / "cookbook").iterdir())]
)
def test_generated_tests_pass_and_cover_the_handlers_fully(system, tmp_path):
    folder = ROOT / "generated" / system
    if not any(folder.glob("*/tests/test_*.py")):
        assert not any(folder.glob("*/functions/*/handler.py")), "functions without tests"
        return
    environment = {
        **os.environ,
        "COVERAGE_FILE": str(tmp_path / "coverage"),
        "PYTHONDONTWRITEBYTECODE": "1",
        # They need none, and loading them takes longer than the tests.
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    include = f"{folder}/*/functions/*/handler.py,{folder}/*/functions/*/mapping.py"
    command = [
        sys.executable,
        "-m",
        "coverage",
        "run",
        f"--include={include}",
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        str(folder),
    ]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment)
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-1000:]
    reported = subprocess.run(
        [sys.executable, "-m", "coverage", "report", "--fail-under=100", "--show-missing", "--skip-covered"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=environment,
    )
    assert reported.returncode == 0, reported.stdout[-3000:]
