"""The stage guard: right stage, right region, right account, or nothing."""

from __future__ import annotations

import pytest
from deploy_fakes import FakeAws
from deploy_system import SHOP, analysis_of

from cncb_compiler.deploy.guard import guarded
from cncb_compiler.target.problems import Problem
from cncb_compiler.target.target import Target


@pytest.fixture
def aws(monkeypatch):
    made = FakeAws()
    monkeypatch.setattr(Target, "_made", lambda self, service: made.client(service))
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    return made


def guard(folder, *arguments, text=SHOP, **more):
    return guarded(analysis_of(folder, text).declared, *arguments, **more)


def test_the_first_region_is_the_default(aws, tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_REGION", "ap-south-1")
    target = guard(tmp_path, "dev", profile="ops")
    assert (target.stage, target.region, target.profile, target.endpoint) == ("dev", "us-east-1", "ops", None)
    assert guard(tmp_path, "dev", "eu-west-1").region == "eu-west-1"


def test_the_account_of_the_credentials_must_be_the_stages(aws, tmp_path):
    aws.account = "999999999999"
    with pytest.raises(Problem, match="of account 999999999999, but stage `dev` of shop is account 111111111111"):
        guard(tmp_path, "dev")


def test_the_guard_stands_before_a_local_endpoint_too(aws, tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    aws.account = "123456789012"
    with pytest.raises(Problem, match="of account 123456789012"):
        guard(tmp_path, "dev")


def test_an_unknown_stage(aws, tmp_path):
    with pytest.raises(Problem, match=r"shop has no stage `dv`. Did you mean `dev`?"):
        guard(tmp_path, "dv")
    with pytest.raises(Problem, match=r"Its stages: dev."):
        guard(tmp_path, "production")
    assert aws.ran("GetCallerIdentity") == []


def test_a_region_that_the_stage_does_not_run_in(aws, tmp_path):
    with pytest.raises(Problem, match=r"does not run in eu-west-2. Did you mean `eu-west-1`?"):
        guard(tmp_path, "dev", "eu-west-2")


def test_without_declared_stages_any_stage_goes_to_the_environments_region(aws, tmp_path, monkeypatch):
    text = SHOP.replace(SHOP.splitlines()[1] + "\n", "")
    monkeypatch.setenv("AWS_REGION", "ap-south-1")
    assert guard(tmp_path, "mine", text=text).region == "ap-south-1"
    assert aws.ran("GetCallerIdentity") == []
    with pytest.raises(Problem, match="`Mine!` is no name of a stage"):
        guard(tmp_path, "Mine!", text=text)
