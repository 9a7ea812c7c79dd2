"""`cncb compile`: what it writes, what it leaves alone, `--check`, `--service`, `--format`, hooks."""

from __future__ import annotations

import json

import pytest
import yaml
from test_check import GOOD

HOOKED = GOOD.replace("fields: {total: order.total}", "fields: {total: {hook: sums.total}}")


@pytest.fixture
def folder(write):
    return write({"system.yaml": GOOD})


def test_writes_a_stack_a_service(cncb, folder):
    result = cncb("compile", cwd=folder)
    assert result.returncode == 0, result.stdout + result.stderr
    made = folder / "generated" / "shop"
    assert json.loads((made / "order-bff" / "template.json").read_text())["Resources"]["CommandSubmitFunction"]
    assert (made / "order-bff" / "functions" / "command-submit" / "handler.py").exists()
    assert (made / "order-bff" / "README.md").exists()
    assert json.loads((made / "manifest.json").read_text())["version"] == 1


def test_a_second_compile_changes_nothing(cncb, folder):
    cncb("compile", cwd=folder)
    before = {file: file.stat().st_mtime_ns for file in (folder / "generated").rglob("*") if file.is_file()}
    result = cncb("compile", cwd=folder)
    assert "unchanged" in result.stdout
    assert "created" not in result.stdout
    assert before == {file: file.stat().st_mtime_ns for file in (folder / "generated").rglob("*") if file.is_file()}


def test_the_cache_can_be_deleted(cncb, folder):
    first = cncb("compile", cwd=folder)
    second = cncb("compile", cwd=folder)
    for file in (folder / ".cncb").iterdir():
        file.unlink()
    third = cncb("compile", cwd=folder)
    assert first.returncode == second.returncode == third.returncode == 0
    assert second.stdout == third.stdout


def test_check_is_quiet_when_all_is_up_to_date(cncb, folder):
    cncb("compile", cwd=folder)
    result = cncb("compile", "--check", cwd=folder)
    assert result.returncode == 0
    assert "up to date" in result.stdout


def test_check_writes_nothing_and_shows_the_difference(cncb, folder):
    cncb("compile", cwd=folder)
    (folder / "system.yaml").write_text(GOOD.replace("auth: none", "auth: iam", 1))
    before = {file: file.read_bytes() for file in (folder / "generated").rglob("*") if file.is_file()}
    result = cncb("compile", "--check", cwd=folder)
    assert result.returncode == 1
    assert '-        "AuthorizationType": "NONE"' in result.stdout
    assert '+        "AuthorizationType": "AWS_IAM"' in result.stdout
    assert before == {file: file.read_bytes() for file in (folder / "generated").rglob("*") if file.is_file()}


def test_what_is_no_longer_made_is_removed_and_reported_as_orphaned_before(cncb, folder):
    cncb("compile", cwd=folder)
    (folder / "system.yaml").write_text(GOOD.split("  history:")[0])
    checked = cncb("compile", "--check", cwd=folder)
    assert "orphaned: generated/shop/history/template.json" in checked.stdout
    assert cncb("compile", cwd=folder).returncode == 0
    assert not (folder / "generated" / "shop" / "history").exists()


def test_an_edited_file_is_an_error_that_names_it(cncb, folder):
    cncb("compile", cwd=folder)
    template = folder / "generated" / "shop" / "order-bff" / "template.json"
    template.write_text("{}")
    result = cncb("compile", cwd=folder)
    assert result.returncode == 1
    assert "CNCB951" in result.stdout
    assert "shop/order-bff/template.json" in result.stdout
    assert template.read_text() == "{}"


def test_a_file_of_somebody_else_is_left_alone(cncb, folder):
    own = folder / "generated" / "shop" / "order-bff" / "template.json"
    own.parent.mkdir(parents=True)
    own.write_text("mine")
    result = cncb("compile", cwd=folder)
    assert result.returncode == 1
    assert "CNCB952" in result.stdout
    assert own.read_text() == "mine"


def test_an_error_leaves_the_output_untouched(cncb, folder):
    (folder / "system.yaml").write_text(GOOD.replace("order.id", "order.idd"))
    result = cncb("compile", cwd=folder)
    assert result.returncode == 1
    assert not (folder / "generated").exists()


def test_one_service_is_compiled_and_the_rest_left(cncb, folder):
    result = cncb("compile", "--select", "service:history", cwd=folder)
    assert result.returncode == 0
    assert sorted(file.name for file in (folder / "generated" / "shop").iterdir() if file.is_dir()) == ["history"]


def test_one_service_is_checked_against_the_whole(cncb, folder):
    (folder / "system.yaml").write_text(GOOD.replace("publish: order-submitted", "publish: order-sumbitted"))
    assert cncb("compile", "--select", "service:history", cwd=folder).returncode == 1


def test_an_unknown_service_is_wrong_usage(cncb, folder):
    result = cncb("compile", "--select", "service:histori", cwd=folder)
    assert result.returncode == 2
    assert "Did you mean `service:history`?" in result.stderr


def test_yaml_says_the_same_as_json(cncb, folder):
    cncb("compile", "--out", "as-json", cwd=folder)
    cncb("compile", "--out", "as-yaml", "--format", "yaml", cwd=folder)
    as_json = json.loads((folder / "as-json/shop/order-bff/template.json").read_text())
    as_yaml = yaml.safe_load((folder / "as-yaml/shop/order-bff/template.yaml").read_text())
    assert as_yaml == as_json


def test_a_missing_hook_is_scaffolded_once(cncb, write):
    folder = write({"system.yaml": HOOKED})
    hook = folder / "hooks" / "history" / "sums.py"
    first = cncb("compile", cwd=folder)
    assert first.returncode == 0, first.stdout
    assert "CNCB921" in first.stdout
    assert "def total(event: dict[str, Any]) ->" in hook.read_text()
    hook.write_text("def total(event):\n    return 1\n")
    second = cncb("compile", cwd=folder)
    assert "CNCB921" not in second.stdout
    assert hook.read_text() == "def total(event):\n    return 1\n"
    copied = folder / "generated/shop/history/functions/view-orders/hooks/sums.py"
    assert copied.read_text() == hook.read_text()


def test_check_scaffolds_nothing(cncb, write):
    folder = write({"system.yaml": HOOKED})
    cncb("compile", "--check", cwd=folder)
    assert not (folder / "hooks").exists()


def test_validate_shows_findings_at_the_yaml_that_asked(cncb, write):
    wrong = "  other:\n    resources: {Alarms: {Type: AWS::SNS::Topic, Properties: {TopicNam: alarms}}}\n"
    result = cncb("compile", "--validate", cwd=write({"system.yaml": GOOD + wrong}))
    assert result.returncode == 1
    assert "system.yaml:13:" in result.stdout
    assert "CNCB931" in result.stdout
    assert "TopicNam" in result.stdout


def test_validate_finds_nothing_in_what_cncb_derives(cncb, folder):
    result = cncb("compile", "--validate", cwd=folder)
    assert result.returncode == 0, result.stdout


def test_validate_shows_warnings_as_warnings(cncb, write):
    doubtful = (
        "  other:\n    resources:\n      One: {Type: AWS::SNS::Topic}\n"
        "      Two: {Type: AWS::SNS::Topic, DependsOn: [One], Properties: {DisplayName: {Ref: One}}}\n"
    )
    result = cncb("compile", "--validate", cwd=write({"system.yaml": GOOD + doubtful}))
    assert result.returncode == 0, result.stdout
    assert "warning CNCB932" in result.stdout
