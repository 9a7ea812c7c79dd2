"""`cncb package`, `plan`, `deploy`, `remove`: what users see, and exit codes."""

from __future__ import annotations

import re
from contextlib import nullcontext
from email.message import Message
from types import SimpleNamespace
from urllib.error import HTTPError

import click
import pytest
from click.testing import CliRunner
from deploy_fakes import FakeAws, error
from deploy_system import AT_ONCE, SHOP

from cncb_compiler.cli import deploy, package, plan, remove
from cncb_compiler.deploy import progress
from cncb_compiler.target import deployment
from cncb_compiler.target.running import Run, announced
from cncb_compiler.target.target import Target


@pytest.fixture
def aws(monkeypatch, tmp_path):
    made = FakeAws()
    monkeypatch.setattr(Target, "_made", lambda self, service: made.client(service))
    monkeypatch.setattr(progress, "AWS_INTERVAL", (AT_ONCE, AT_ONCE))
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "system.yaml").write_text(SHOP)
    return made


def run(module, *arguments, typed=None):
    return CliRunner().invoke(module.command, arguments, input=typed, prog_name="cncb")


def test_plan_deploy_plan_change_remove(aws, tmp_path):
    first = run(plan, "--stage", "dev")
    assert first.exit_code == 2, first.output
    assert "5 stacks to create" in first.stdout
    assert aws.stacks == {}

    done = run(deploy, "--stage", "dev")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("shop in dev (us-east-1)\nshop-event-hub-dev\n  MainStreamName  ")
    assert "shop-lonely-dev: running, 10 resources\n" in done.stderr
    assert "\x1b" not in done.output

    same = run(plan, "--stage", "dev")
    assert (same.exit_code, "4 stacks without changes" in same.stdout) == (0, True)

    (tmp_path / "system.yaml").write_text(SHOP.replace("POST /notes", "POST /remarks"))
    changed = run(plan, "--stage", "dev", "--service", "lonely")
    assert changed.exit_code == 2
    assert re.search(r"modify  CommandNoteRoute +ApiGatewayV2::Route +system.yaml:19  \(RouteKey\)", changed.stdout)

    gone = run(remove, "--stage", "dev", typed="dev\n")
    assert gone.exit_code == 0, gone.output
    assert list(aws.stacks) == ["cncb-bootstrap"]
    assert "aws --region us-east-1 dynamodb delete-table --table-name shop-lonely-dev-notestable" in gone.stdout
    again = run(remove, "--stage", "dev", "--yes")
    assert (again.exit_code, "nothing is deployed" in again.stdout) == (0, True)


@pytest.mark.parametrize("typed", ["prd\n", "\n", ""])
def test_remove_does_nothing_until_the_stages_name_is_typed(aws, typed):
    run(deploy, "--stage", "dev")
    refused = run(remove, "--stage", "dev", typed=typed)
    assert refused.exit_code == 1
    assert "nothing was removed" in refused.stderr
    assert len(aws.stacks) == 5


def test_remove_yes_does_not_ask(aws):
    run(deploy, "--stage", "dev")
    assert run(remove, "--stage", "dev", "--yes").exit_code == 0
    assert list(aws.stacks) == ["cncb-bootstrap"]


def test_a_failed_stack_is_exit_code_1_beside_its_yaml(aws):
    aws.fails["NotesTable"] = "no more tables"
    failed = run(deploy, "--stage", "dev")
    assert failed.exit_code == 1
    assert "  NotesTable: no more tables\n  system.yaml:17\n" in failed.stdout
    aws.fails.clear()
    assert run(deploy, "--stage", "dev").exit_code == 0


def test_findings_stop_it_before_aws_is_asked(aws, tmp_path):
    (tmp_path / "system.yaml").write_text(SHOP.replace("order.total", "order.totl"))
    for module in (plan, deploy, remove):
        found = run(module, "--stage", "dev")
        assert found.exit_code == 1
        assert "CNCB304" in found.stdout
    assert run(package).exit_code == 1
    assert aws.calls == []


@pytest.mark.parametrize(
    ("operation", "answer", "line"),
    [
        (
            "GetCallerIdentity",
            error("x", "ExpiredToken", "expired"),
            "cncb: The credentials have expired. Sign in again",
        ),
        (
            "GetParameters",
            error("x", "AccessDenied", "not authorized to perform ssm:GetParameters"),
            "not authorized to perform ssm:GetParameters",
        ),
    ],
)
def test_what_aws_refuses_is_one_line(aws, operation, answer, line):
    aws.raises[operation] = answer
    for module in (plan, deploy):
        refused = run(module, "--stage", "dev")
        assert refused.exit_code == 1
        assert line in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1


def test_a_missing_artifact_bucket_is_one_line(aws):
    run(deploy, "--stage", "dev")
    aws.buckets.clear()
    refused = run(deploy, "--stage", "dev")
    assert refused.exit_code == 1
    (line,) = [line for line in refused.stderr.splitlines() if line.startswith("cncb: ")]
    assert "the bucket cncb-bootstrap-artifactbucket does not exist" in line
    assert "delete-stack --stack-name cncb-bootstrap" in line


def test_another_account_is_refused(aws):
    aws.account = "222222222222"
    refused = run(deploy, "--stage", "dev")
    assert refused.exit_code == 1
    assert "account 222222222222" in refused.stderr
    assert aws.stacks == {}


def test_usage_is_exit_code_2_but_1_where_2_means_changes(aws):
    assert run(deploy).exit_code == 2
    assert run(deploy, "--stage", "dev", "--service", "lonley").exit_code == 2
    assert "Did you mean `lonely`?" in run(deploy, "--stage", "dev", "--service", "lonley").stderr
    assert run(plan).exit_code == 1
    assert run(plan, "--stage", "dev", "--service", "lonley").exit_code == 1
    assert run(plan, "--help").exit_code == 0


def test_without_a_stage_the_run_here_is_meant_and_goes_on_with_what_changed(aws, tmp_path, monkeypatch):
    told = []

    def post(run, path, service, but):
        told.append((run.control, path, service))
        return 204

    monkeypatch.setattr(deployment, "_post", post)
    here = Run("shop", "local", "eu-west-1", "http://127.0.0.1:9", "http://f", "http://c", str(tmp_path), 1, 1.0)
    with announced(here):
        done = run(deploy, "--service", "lonely")
        assert (done.exit_code, done.stdout.startswith("shop in local (eu-west-1)")) == (0, True), done.output
        assert told == [("http://c", deployment.DEPLOYED, "lonely")]
        assert run(deploy, "--service", "lonely").exit_code == 0
        assert len(told) == 1, "nothing changed"
        assert "3 stacks to create, 1 stack without changes" in run(plan).stdout
    gone = run(deploy)
    assert (gone.exit_code, "No stage is named, and no `cncb run` of shop" in gone.stderr) == (2, True)


def test_a_service_that_a_run_began_without(aws, tmp_path, monkeypatch):
    told = []

    def refuse(request, timeout):
        told.append(request.data)
        if request.data == b"lonely":
            raise HTTPError(request.full_url, 404, "Not Found", Message(), None)
        return nullcontext(SimpleNamespace(status=204))

    monkeypatch.setattr(deployment, "urlopen", refuse)
    here = Run("shop", "local", "eu-west-1", "http://127.0.0.1:9", "http://f", "http://c", str(tmp_path), 1, 1.0)
    with announced(here):
        done = run(deploy)
    assert len(told) > 1 and told[-1] != b"lonely", "the others are told of all the same"
    assert (done.exit_code, "began without lonely. End it and start `cncb run` again." in done.stderr) == (1, True)


def test_an_error_of_cncb_itself_is_no_change(aws, monkeypatch):
    monkeypatch.setattr("cncb_compiler.deploy.changes.plan", lambda *_: 1 / 0)
    broken = run(plan, "--stage", "dev")
    assert broken.exit_code == 1
    assert "internal error: ZeroDivisionError" in broken.stderr


def test_a_held_stack_makes_the_plan_fail(aws):
    run(deploy, "--stage", "dev")
    aws.stacks["shop-lonely-dev"].status = "UPDATE_IN_PROGRESS"
    held = run(plan, "--stage", "dev")
    assert held.exit_code == 1
    assert "shop-lonely-dev: cannot be changed now" in held.stdout


def test_package_writes_what_is_new_and_leaves_the_rest(aws, tmp_path):
    first = run(package)
    assert first.exit_code == 0, first.output
    assert "  lonely: 1 new, 0 there already" in first.stdout
    (made,) = (tmp_path / "build/shop/lonely/command-note").glob("*.zip")
    before = made.stat().st_mtime_ns
    assert (tmp_path / "build/shop/lonely/template.json").exists()
    second = run(package, "--service", "lonely")
    assert "  lonely: 0 new, 1 there already" in second.stdout
    assert made.stat().st_mtime_ns == before
    assert aws.calls == []


def test_package_with_a_stage_uploads_what_is_absent(aws):
    first = run(package, "--stage", "dev")
    assert first.exit_code == 0, first.output
    assert "uploaded shop/lonely/command-note/" in first.stdout
    assert list(aws.stacks) == ["cncb-bootstrap"]
    assert "  0 uploaded to cncb-bootstrap-artifactbucket, 5 there already" in run(package, "--stage", "dev").stdout


def test_package_where_nothing_can_be_written(aws, tmp_path):
    (tmp_path / "build").write_text("a file")
    refused = run(package)
    assert refused.exit_code == 2
    assert "cannot be written" in refused.stderr or "is a file" in refused.stderr


def test_several_systems_go_one_after_the_other(aws, tmp_path):
    (tmp_path / "system.yaml").unlink()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "system.yaml").write_text(SHOP.replace("system: shop", f"system: {name}"))
    done = run(deploy, ".", "--stage", "dev")
    assert done.exit_code == 0, done.output
    assert done.stdout.index("one in dev") < done.stdout.index("two in dev")
    assert {"one-lonely-dev", "two-lonely-dev"} <= set(aws.stacks)


def test_the_help_says_what_the_exit_codes_mean():
    for module in (package, plan, deploy, remove):
        text = click.Context(module.command).get_help()
        assert "Exit code 0" in text
