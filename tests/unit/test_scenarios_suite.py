from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from scenario_worlds import ORDER, SYSTEM, playing

from cncb_compiler.cli import test as cli_test
from cncb_compiler.scenarios import suite as suites
from cncb_compiler.scenarios.render import as_data, failure, failures, line, summary
from cncb_compiler.scenarios.run import Result
from cncb_compiler.scenarios.suite import (
    Suite,
    SuiteResult,
    external_variables,
    run_scenarios,
    shared_out,
    suite_of,
)
from cncb_compiler.source.discover import systems

pytest_plugins = ["pytester"]

HOLDS = f"""
scenario: A cancelled order is passed over
when: [{{publish: order-cancelled, data: {{order: {{id: {ORDER}}}}}}}]
"""
FAILS = HOLDS.replace("A cancelled order is", "Nothing is") + "then: {events: [order-reserved]}\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "shop" / "scenarios").mkdir(parents=True)
    (tmp_path / "shop" / "system.yaml").write_text(SYSTEM)
    (tmp_path / "shop" / "scenarios" / "holds.yaml").write_text(HOLDS)
    (tmp_path / "shop" / "scenarios" / "fails.yaml").write_text(FAILS)
    return tmp_path / "shop"


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> None:
    """Suites run against the fake world; no machine is started."""

    def run_all(listed: Any, endpoint: str | None, report: Any) -> list[SuiteResult]:
        return [run_scenarios(one, playing(), report) for one in listed]

    monkeypatch.setattr(suites, "run_all", run_all)


def suite(folder: Path, wanted: str | None = None) -> Suite:
    return suite_of(systems(folder)[0], wanted)


def test_a_suite_holds_the_scenarios_of_a_system(shop: Path) -> None:
    found = suite(shop)
    assert (found.name, [name for name, _ in found.runnable], found.found) == ("shop", ["fails", "holds"], ())
    assert [name for name, _ in suite(shop, "NOTHING IS").runnable] == ["fails"]
    assert [name for name, _ in suite(shop, "hold").runnable] == ["holds"]


def test_stand_ins_are_put_behind_every_address(shop: Path) -> None:
    found = suite(shop)
    assert external_variables(found.names, [one for _, one in found.runnable]) == {"PROVIDER_URL"}


def test_findings_of_the_system_come_before_those_of_scenarios(shop: Path) -> None:
    (shop / "scenarios" / "wrong.yaml").write_text("scenario: x\nwhen: [{publish: order-x}]\n")
    assert [one.code for one in suite(shop).found] == ["CNCB201"]
    (shop / "system.yaml").write_text(SYSTEM.replace("emit: order-reserved", "emit: order-reservd"))
    assert {one.at.file for one in suite(shop).found} == {"system.yaml"}


def test_suites_are_shared_out_by_size(shop: Path) -> None:
    one = suite(shop)
    assert [len(group) for group in shared_out([one] * 5, 2)] == [3, 2]
    assert [len(group) for group in shared_out([one], 4)] == [1]


def test_the_command_runs_scenarios(shop: Path, played: None) -> None:
    result = CliRunner().invoke(cli_test.command, [str(shop), "--jobs", "1", "--coverage"])
    assert result.exit_code == 1, result.output
    lines = result.output.splitlines()
    assert lines[0].startswith("FAIL  shop/fails  Nothing is passed over")
    assert lines[1].startswith("ok    shop/holds  A cancelled order is passed over")
    assert "missing event: order-reserved" in result.output
    assert "what was caused:" in result.output
    assert "coverage of shop" in result.output
    assert lines[-1].startswith("1 passed, 1 failed in 1 system, ")


def test_the_command_tells_json(shop: Path, played: None) -> None:
    result = CliRunner().invoke(cli_test.command, [str(shop), "-k", "holds", "--coverage", "--output-format", "json"])
    assert result.exit_code == 0, result.output
    data = json.loads(result.output)
    assert data["passed"] is True
    assert [one["name"] for one in data["systems"][0]["scenarios"]] == ["holds"]
    assert data["systems"][0]["coverage"]["percentage"] == 0


def test_one_file_is_one_scenario(shop: Path, played: None) -> None:
    (shop / "scenarios" / "wrong.yaml").write_text("scenario: x\nwhen: [{publish: order-x}]\n")
    result = CliRunner().invoke(cli_test.command, [str(shop / "scenarios" / "holds.yaml")])
    assert (result.exit_code, result.output.splitlines()[-1][:8]) == (0, "1 passed"), result.output


def test_findings_are_shown_and_the_other_scenarios_are_run(shop: Path, played: None) -> None:
    (shop / "scenarios" / "wrong.yaml").write_text("scenario: x\nwhen: [{publish: order-x}]\nthan: {}\n")
    (shop / "scenarios" / "worse.yaml").write_text("when: [{pubish: order-cancelled}, {}]\n")
    result = CliRunner().invoke(cli_test.command, [str(shop)])
    assert result.exit_code == 2
    for place in (
        "wrong.yaml:2:18 error CNCB201", "wrong.yaml:3:1 error CNCB101", "worse.yaml:1:1 error CNCB102",
        "worse.yaml:1:9 error CNCB101", "worse.yaml:1:35 error CNCB102",
    ):  # fmt: skip
        assert f"scenarios/{place}" in result.output, result.output
    assert "missing event: order-reserved" in result.output
    assert result.output.splitlines()[-1].startswith("1 passed, 1 failed in 1 system, ")
    told = CliRunner().invoke(cli_test.command, [str(shop), "--output-format", "json"])
    assert told.exit_code == 2
    data = json.loads(told.output)
    assert {one["code"] for one in data["diagnostics"]} == {"CNCB201", "CNCB101", "CNCB102"}
    assert (data["passed"], data["summary"]) == (False, {"systems": 1, "passed": 1, "failed": 1})


def test_nothing_is_run_of_a_system_that_is_wrong(shop: Path, played: None) -> None:
    (shop / "system.yaml").write_text(SYSTEM.replace("emit: order-reserved", "emit: order-reservd"))
    result = CliRunner().invoke(cli_test.command, [str(shop)])
    assert result.exit_code == 2
    assert "passed" not in result.output
    assert "order-reservd" in result.output
    data = json.loads(CliRunner().invoke(cli_test.command, [str(shop), "--output-format", "json"]).output)
    assert (data["passed"], data["systems"]) == (False, [])


def test_the_shape_of_json(shop: Path, played: None) -> None:
    result = CliRunner().invoke(cli_test.command, [str(shop), "--coverage", "--output-format", "json"])
    assert result.exit_code == 1
    data = json.loads(result.output)
    assert list(data) == ["version", "passed", "seconds", "summary", "diagnostics", "systems"]
    assert list(data["systems"][0]) == ["system", "problem", "scenarios", "coverage"]
    fails, holds = data["systems"][0]["scenarios"]
    assert list(fails) == ["name", "scenario", "passed", "seconds", "where", "problem", "trace"]
    assert fails["problem"].startswith("missing event: order-reserved")
    assert fails["trace"].startswith("order-cancelled")
    assert (holds["passed"], holds["where"], holds["problem"], holds["trace"]) == (True, None, None, None)


def test_no_scenario_is_wrong_usage(shop: Path) -> None:
    result = CliRunner().invoke(cli_test.command, [str(shop), "-k", "nothing-of-that-name"])
    assert result.exit_code == 2
    assert "there is no scenario here that `nothing-of-that-name` names" in result.output


def test_what_is_shown_of_a_failure() -> None:
    failed = Result("a", "It works", False, 1.234, "then.events", "missing event: x\nThere is: y.", "y  1\n  z  2")
    assert line("shop", failed) == "FAIL  shop/a  It works  1.23 s"
    assert failure("shop", failed).splitlines() == [
        "shop/a: It works", "  then.events", "    missing event: x", "    There is: y.",
        "  what was caused:", "    y  1", "      z  2",
    ]  # fmt: skip
    outcomes = [SuiteResult("shop", [failed]), SuiteResult("other", problem="no bucket")]
    assert failures(outcomes).startswith("other: not run\n  no bucket\n\nshop/a")
    assert summary(outcomes, 2.0) == "0 passed, 1 failed, 1 not run in 2 systems, 2.0 s"
    assert as_data(outcomes, 2.0)["systems"][1]["problem"] == "no bucket"


PLAYED = """
import pytest
from contextlib import contextmanager
from scenario_worlds import playing
from cncb_compiler.scenarios import suite

class Session:
    def __init__(self, endpoint): pass
    def __enter__(self): print("session started"); return self
    def __exit__(self, *error): print("session ended")

@contextmanager
def deployed(session, one):
    print("deployed", one.name)
    yield playing()

@pytest.fixture(autouse=True)
def fake(): pass

def pytest_configure(config):
    import sys, types
    sys.modules["cncb_compiler.local.session"] = types.SimpleNamespace(Session=Session)
    suite.deployed = deployed
"""


def test_scenarios_are_items_of_pytest(shop: Path, pytester: pytest.Pytester) -> None:
    pytester.makeconftest(PLAYED)
    (pytester.path / "shop").symlink_to(shop)
    (pytester.path / "loose" / "scenarios").mkdir(parents=True)
    (pytester.path / "loose" / "scenarios" / "values.yaml").write_text("a: 1")
    (shop / "scenarios" / "wrong.yaml").write_text("scenario: x\nwhen: [{publish: order-x}]\n")
    pythonpath = f"pythonpath={Path(__file__).parent}"
    result = pytester.runpytest_subprocess(
        "-p", "no:cacheprovider", "-s", "-v", "-o", pythonpath, "shop", "loose"
    )  # fmt: skip
    result.assert_outcomes(passed=1, failed=2)
    output = result.stdout.str()
    assert output.count("deployed shop") == 1
    assert output.count("session ended") == 1
    assert "missing event: order-reserved" in output
    assert "scenarios/wrong.yaml:2:18 error CNCB201" in output
    assert "Traceback" not in output


def test_the_plugin_imports_nothing_heavy(pytester: pytest.Pytester) -> None:
    code = "import sys, cncb_compiler.scenarios.pytest_plugin; print([m for m in ('boto3', 'pydantic', 'yaml', 'moto') if m in sys.modules])"
    result = pytester.run(__import__("sys").executable, "-c", code)
    assert result.stdout.str().strip() == "[]"
