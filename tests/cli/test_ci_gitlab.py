"""`ci/gitlab/cncb.gitlab-ci.yml`: valid, and its script run as a runner runs it, with GitLab's API behind a fake curl."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ci_runner import ROOT, SYSTEM, fakes, pull_request

TEMPLATE = ROOT / "ci/gitlab/cncb.gitlab-ci.yml"
BREAKING = SYSTEM.replace("sku: string", "product: string").replace("order.sku", "order.product")
API = "https://gitlab.example.com/api/v4"
NOTES = f"{API}/projects/7/merge_requests/9/notes"
OTHERS = [{"id": n, "author": {"id": 5}, "body": "hello"} for n in range(100)] + [
    {"id": 200, "author": {"id": 6}, "body": "<!-- cncb-review: shop -->\nmine"}
]
CURL = f"""#!{sys.executable}
import json, os, re, sys

kept = os.path.join(os.environ["FAKES"], "notes.json")
notes = json.load(open(kept))
arguments = sys.argv[1:]
assert sys.stdin.read() == 'header = "PRIVATE-TOKEN: secret"\\n' and not any("secret" in one for one in arguments)
address = next(one for one in arguments if one.startswith("https://"))
data = next((one for one in arguments if one.startswith("body@")), "")
if address.endswith("/user"):
    print('{{"id": 5}}')
elif data:
    body = open(data[5:]).read()
    if "PUT" in arguments:
        next(one for one in notes if address == "{NOTES}/%d" % one["id"])["body"] = body
    else:
        assert address == "{NOTES}" and "POST" in arguments
        notes.append({{"id": 300, "author": {{"id": 5}}, "body": body}})
    json.dump(notes, open(kept, "w"))
else:
    page = int(re.fullmatch(re.escape("{NOTES}") + r"\\?sort=asc&order_by=created_at&per_page=100&page=(\\d+)", address)[1])
    print(json.dumps(notes[100 * page - 100 : 100 * page]))
"""


@pytest.fixture
def job(tmp_path: Path, git) -> Any:
    """A merge request's checkout; runs the job's script there."""
    checkout = pull_request(git, tmp_path, BREAKING)
    git("fetch", "--quiet", "--unshallow", cwd=checkout)
    (fakes(tmp_path / "fakes", curl=CURL) / "notes.json").write_text(json.dumps(OTHERS))
    template = yaml.safe_load(TEMPLATE.read_text())["cncb"]
    assert template["artifacts"]["reports"] == {
        "codequality": "cncb-review/codequality.json",
        "junit": "cncb-review/junit.xml",
    }

    def run(**variables: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": f"{tmp_path / 'fakes'}:{os.environ['PATH']}",
            "HOME": str(tmp_path),
            "FAKES": str(tmp_path / "fakes"),
            "CI_API_V4_URL": API,
            "CI_PROJECT_ID": "7",
            "CI_JOB_URL": "https://gitlab.example.com/o/r/-/jobs/3",
            "CI_MERGE_REQUEST_IID": "9",
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
            **template["variables"],
            "CNCB_REQUIREMENT": "cncb @ https://example.com/cncb.whl",
            **variables,
        }
        script = "\n".join(template["script"])
        return subprocess.run(["sh", "-ec", script], cwd=checkout, env=environment, capture_output=True, text=True)

    return run


def notes(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / "fakes/notes.json").read_text())
    return found


def test_the_template_is_valid() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci", str(TEMPLATE)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_a_merge_request_gets_its_reports_and_one_note(job, tmp_path: Path) -> None:
    done = job(CNCB_TOKEN="secret", CNCB_FAIL_ON="breaking")
    assert done.returncode == 1, done.stderr
    assert "cncb review --fail-on breaking: a change is that bad" in done.stdout
    assert "secret" not in done.stdout + done.stderr
    out = tmp_path / "clone/cncb-review"
    made = ["codequality.json", "comment.md", "diff.html", "graph.html", "junit.xml"]
    assert sorted(file.name for file in out.iterdir()) == made
    assert json.loads((out / "codequality.json").read_text()) == []
    (*others, ours) = notes(tmp_path)
    assert others == OTHERS
    assert ours["body"].startswith("<!-- cncb-review: shop -->\n## 🔴 shop: 1 breaking")
    assert "(https://gitlab.example.com/o/r/-/jobs/3/artifacts/file/cncb-review/diff.html)" in ours["body"]

    (tmp_path / "clone/topologies/shop/system.yaml").write_text(SYSTEM)
    done = job(CNCB_TOKEN="secret")
    assert done.returncode == 0, done.stderr
    (*others, ours) = notes(tmp_path)
    assert others == OTHERS
    assert ours["body"] == "<!-- cncb-review: shop -->\nNothing changed in `shop`.\n"


def test_errors_fail_and_without_a_token_nothing_is_asked_for(job, tmp_path: Path) -> None:
    (tmp_path / "clone/topologies/shop/system.yaml").write_text(SYSTEM.replace("order.sku", "order.skew"))
    done = job(CNCB_PATH='$(touch pwned)"; touch pwned')
    assert (done.returncode, "does not exist" in done.stderr) == (2, True)
    done = job()
    assert (done.returncode, done.stdout.splitlines()[-1]) == (
        1,
        "The review is in the artifacts: cncb-review/comment.md",
    )
    assert notes(tmp_path) == OTHERS
    assert not list(tmp_path.rglob("pwned"))


def test_what_is_installed_must_be_said(job) -> None:
    done = job(CNCB_REQUIREMENT="")
    assert done.returncode != 0
    assert "CNCB_REQUIREMENT: says what pip installs" in done.stderr
