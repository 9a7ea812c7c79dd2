"""Runs on this machine, and which target a command means."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from deploy_system import analysis_of

from cncb_compiler.target import running
from cncb_compiler.target.problems import Problem
from cncb_compiler.target.running import FOLDER, Run, announced, live_runs, resolve_target

URL = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def nowhere(monkeypatch, tmp_path):
    for name in ("AWS_ENDPOINT_URL", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def run(**more) -> Run:
    return replace(Run("shop", "local", "eu-west-1", URL, "http://f", "http://c", "/shop", os.getpid(), 1.5), **more)


@pytest.fixture
def shop(tmp_path):
    return analysis_of(tmp_path).declared


def test_a_run_is_there_as_long_as_it_lasts(tmp_path):
    with announced(run()):
        assert live_runs() == (run(),)
        assert [path.name for path in (tmp_path / FOLDER).iterdir()] == [f"shop-{os.getpid()}.json"]
    assert live_runs() == ()
    assert list((tmp_path / FOLDER).iterdir()) == []


def test_what_a_dead_run_left_is_removed_and_what_is_no_run_is_passed_by(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = announced(run(pid=dead.pid))
    left.__enter__()
    for number, text in enumerate(("{", "[]", '{"pid": 1}', '"x"', '{"system": 1}')):
        (tmp_path / FOLDER / f"{number}.json").write_text(text)
    assert live_runs() == ()
    assert len(list((tmp_path / FOLDER).iterdir())) == 5


def where(target):
    return target.stage, target.region, target.endpoint


def test_a_run_is_meant_where_nothing_is_named_or_its_stage(shop):
    with announced(run()):
        assert where(resolve_target(shop)) == ("local", "eu-west-1", URL)
        assert where(resolve_target(shop, "local")) == ("local", "eu-west-1", URL)
        assert where(resolve_target(shop, region="us-west-2")) == ("local", "us-west-2", URL)


def test_an_endpoint_that_is_named_has_the_first_word(shop, monkeypatch):
    with announced(run()):
        assert where(resolve_target(shop, endpoint="http://e")) == ("local", "us-east-1", "http://e")
        assert where(resolve_target(shop, "dev", endpoint="http://e")) == ("dev", "us-east-1", "http://e")
        assert where(resolve_target(shop, endpoint=URL + "/")) == ("local", "eu-west-1", URL + "/")
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://v")
        assert where(resolve_target(shop)) == ("local", "us-east-1", "http://v")
        monkeypatch.setenv("AWS_REGION", "ap-south-1")
        assert where(resolve_target(shop)) == ("local", "ap-south-1", "http://v")


def test_another_stage_than_the_runs_is_aws_with_its_guard(shop, monkeypatch):
    asked = []
    monkeypatch.setattr("cncb_compiler.deploy.guard.guarded", lambda *given: asked.append(given[1:]) or "aws")
    with announced(run()):
        assert resolve_target(shop, "dev", None, "p") == "aws"
    assert asked == [("dev", None, "p")]


def test_other_systems_runs_are_not_meant(shop):
    with announced(run(system="other")), pytest.raises(Problem, match="No stage is named, and no `cncb run` of shop"):
        resolve_target(shop)


def test_the_local_stage_without_a_run_is_told_what_is_missing(shop):
    with pytest.raises(Problem, match=r"^No `cncb run` of shop goes on in this folder\. Name a stage"):
        resolve_target(shop, "local")


def test_of_two_runs_the_endpoint_is_to_be_named(shop, monkeypatch):
    monkeypatch.setattr(running.Run, "alive", True)
    with announced(run()), announced(run(endpoint="http://o", pid=1, stage="mine")):
        with pytest.raises(Problem, match=rf"{URL} \(stage local, process {os.getpid()}\).*Name one with --endpoint"):
            resolve_target(shop)
        assert resolve_target(shop, "mine").endpoint == "http://o"
        assert where(resolve_target(shop, endpoint="http://o")) == ("mine", "eu-west-1", "http://o")
