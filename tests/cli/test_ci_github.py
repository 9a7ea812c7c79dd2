"""`action.yml`: valid, and each of its scripts run as GitHub runs it, in shallow checkouts of pull requests."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from ci_runner import GH, ROOT, SYSTEM, Action, comments, fakes, pull_request

BREAKING = SYSTEM.replace("sku: string", "product: string").replace("order.sku", "order.product")
OTHERS = [
    {"id": 1, "user": {"type": "User", "login": "mallory"}, "body": "<!-- cncb-review: shop -->\nmine"},
    {"id": 2, "user": {"type": "Bot", "login": "other[bot]"}, "body": "<!-- cncb-review: depot -->\n"},
    {"id": 3, "user": {"type": "Bot", "login": "other[bot]"}, "body": "hello"},
]


@pytest.fixture
def action(tmp_path: Path, git) -> Action:
    checkout = pull_request(git, tmp_path, BREAKING)
    (fakes(tmp_path / "fakes", gh=GH) / "comments.json").write_text(json.dumps(OTHERS))
    return Action(tmp_path, checkout, environment={"GITHUB_BASE_REF": "main"}, event={"pull_request.number": "1"})


def test_the_action_is_valid():
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_a_pull_request_is_checked_compared_and_commented_once(action: Action, tmp_path: Path) -> None:
    (action.checkout / "generated").mkdir()
    action.inputs = {"fail-on": "breaking", "sarif": "true"}
    assert action.run() == 1
    assert "cncb review --fail-on breaking: a change is that bad" in action.said
    assert "cncb compile --check: the committed output is not what the topologies make" in action.said
    assert action.used == ["actions/setup-python", "actions/upload-artifact", "github/codeql-action/upload-sarif"]
    assert (tmp_path / "fakes/pip.txt").read_text() == f"-m pip install --quiet --disable-pip-version-check {ROOT}\n"
    for page in ("diff", "graph"):
        assert (tmp_path / f"temp/cncb/out/{page}.html").read_text().startswith("<!doctype html>")
    (*others, ours) = comments(tmp_path)
    assert others == OTHERS
    assert ours["body"].startswith("<!-- cncb-review: shop -->\n## 🔴 shop: 1 breaking")
    assert "the merge base with origin/main" in ours["body"]
    assert ours["body"].endswith("[The whole comparison](https://github.com/o/r/1)\n")
    assert "### cncb: no findings" in (tmp_path / "summary.md").read_text()

    (action.checkout / "topologies/shop/system.yaml").write_text(SYSTEM)
    assert action.run("Review", "Comment") == 0
    (*others, ours) = comments(tmp_path)
    assert others == OTHERS
    assert ours["body"] == "<!-- cncb-review: shop -->\nNothing changed in `shop`.\n"


def commented(action: Action, folder: Path, text: str) -> None:
    (folder / "comment.md").write_text(text)
    action.outputs = {"history": {"compare": "true"}, "review": {"comment": str(folder / "comment.md")}}
    assert action.run("Comment") == 0, action.said


def test_without_a_token_the_comment_is_in_the_summary(action: Action, tmp_path: Path) -> None:
    text = "<!-- cncb-review: shop -->\n## shop\n"
    action.environment["READ_ONLY"] = "1"
    commented(action, tmp_path, text)
    assert "::notice title=cncb::The review is in the step's summary" in action.said
    assert (tmp_path / "summary.md").read_text() == text
    assert comments(tmp_path) == OTHERS


@pytest.mark.parametrize(("inputs", "event"), [({"comment": "false"}, {"pull_request.number": "1"}), ({}, {})])
def test_where_no_comment_is_wanted_nothing_is_asked_for(action: Action, tmp_path: Path, inputs, event) -> None:
    action.inputs, action.event = inputs, event
    commented(action, tmp_path, "<!-- cncb-review: shop -->\n## shop\n")
    assert not (tmp_path / "fakes/gh.txt").exists()
    assert "## shop" in (tmp_path / "summary.md").read_text()


def test_any_of_its_systems_finds_the_comment_and_nothing_changed_begins_none(action: Action, tmp_path: Path) -> None:
    commented(action, tmp_path, "<!-- cncb-review: shop -->\nNothing changed in `shop`.\n")
    assert comments(tmp_path) == OTHERS
    two = "<!-- cncb-review: depot -->\n<!-- cncb-review: shop -->\n## shop\n"
    commented(action, tmp_path, two)
    assert [one["body"] for one in comments(tmp_path)] == [OTHERS[0]["body"], two, OTHERS[2]["body"]]


@pytest.mark.parametrize("against", ["release", "origin/release"])
def test_a_branch_to_compare_with_is_fetched(action: Action, git, against: str) -> None:
    git("branch", "release", "main~2", cwd=action.checkout.parent / "origin")
    action.inputs = {"against": against}
    assert action.run("Fetch what is compared with") == 0, action.said
    assert action.outputs["history"] == {"compare": "true", "against": "origin/release", "base": "origin/release"}
    assert git("rev-parse", "origin/release", cwd=action.checkout)


def test_outside_of_pull_requests_nothing_is_compared(action: Action) -> None:
    action.environment = {}
    assert action.run("Fetch what is compared with") == 0
    assert action.outputs["history"] == {}
    action.inputs = {"against": "HEAD\nx=y"}
    assert action.run("Fetch what is compared with") != 0


def test_inputs_are_words_and_never_scripts(action: Action, tmp_path: Path) -> None:
    hostile = '$(touch pwned) `touch pwned` "; touch pwned; --help'
    action.inputs = {"path": hostile, "generated": hostile, "fail-on": hostile}
    assert action.run() == 2
    assert f"`{hostile}` does not exist" in action.said
    action.inputs = {"against": hostile}
    assert action.run("Fetch what is compared with") != 0
    assert not list(tmp_path.rglob("pwned"))
