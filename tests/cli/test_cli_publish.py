"""`cncb publish`, `trace`, `logs`, `invoke`: what users see, and exit codes; AWS is moto in process."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from moto import mock_aws
from trace_system import ORDER, SYSTEM, target

from cncb_compiler.cli import invoke, logs, publish, trace
from cncb_compiler.operate import invoke as invoking
from cncb_compiler.runtime.envelope import now
from cncb_compiler.target.running import Run, announced
from cncb_compiler.target.target import Target

GOOD = json.dumps({"order": {"id": ORDER, "customer": "ada", "amount": 5}})


@pytest.fixture
def aws(monkeypatch, tmp_path):
    """A run of the shop, as far as these commands see: its endpoint is moto."""
    for name in ("AWS_ENDPOINT_URL", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Target, "client", lambda self, service, of=Target.client: of(target(), service))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "system.yaml").write_text(SYSTEM)
    with mock_aws():
        here = target()
        here.client("kinesis").create_stream(StreamName="s-main", ShardCount=1)
        here.client("ssm").put_parameter(Name="/shop/local/streams/main/name", Value="s-main", Type="String")
        with running(tmp_path):
            yield here


@contextmanager
def running(folder):
    run = Run("shop", "local", "eu-west-1", "http://127.0.0.1:9", "http://f", "http://c", str(folder), os.getpid(), 1.0)
    with announced(run):
        yield


def run(module, *arguments, typed=None):
    return CliRunner().invoke(module.command, arguments, input=typed, prog_name="cncb")


def test_publish_then_trace(aws):
    done = run(publish, "order-submitted", "--data", GOOD)
    assert done.exit_code == 0, done.output
    event_id = done.stdout.split()[1]
    assert done.stdout.startswith(f"order-submitted  {event_id}\n  stream    main (s-main)\n  shard     shardId-0")
    shown = run(trace, event_id)
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.startswith(f"order-submitted  {event_id}  by cncb publish  20")
    assert f"└─ row orders id={ORDER}  (its stack is not deployed)" in shown.stdout
    (made,) = json.loads(run(trace, event_id, "--output-format", "json").stdout)
    assert made["tree"]["event"]["order"]["customer"] == "ada"
    unknown = run(trace, "nope")
    assert (unknown.exit_code, "There is no event `nope`" in unknown.stderr) == (1, True)


def test_publish_reads_files_and_standard_input_and_answers_in_json(aws, tmp_path):
    (tmp_path / "e.json").write_text(GOOD)
    of_file = run(publish, "order-submitted", ".", "--data", "@e.json", "--key", "k", "--output-format", "json")
    assert json.loads(of_file.stdout)["event"]["partitionKey"] == "k"
    assert run(publish, "order-submitted", "--data", "@-", typed=GOOD).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["order-submited"], 2, "Did you mean `order-submitted`?"),
        (["order-submitted"], 1, "cncb: the data is no order-submitted:\n  order: is required\n"),
        (["order-submitted", "--data", "{"], 2, "cncb: --data is not JSON: "),
        (["order-submitted", "--data", "@none"], 2, "cncb: none cannot be read: No such file or directory."),
        (["order-submitted", "nowhere"], 2, "cncb: "),
        (["order-submitted", "--data", GOOD, "--stage", "prd"], 1, "shop has no stage `prd`."),
    ],
)
def test_publish_refuses_with_a_clear_line(aws, arguments, code, said):
    refused = run(publish, *arguments)
    assert refused.exit_code == code, refused.output
    assert said in refused.stderr
    assert "Traceback" not in refused.output


def test_without_a_run_a_stage_is_to_be_named(aws, tmp_path):
    for path in (tmp_path / ".cncb" / "run").iterdir():
        path.unlink()
    refused = run(publish, "order-submitted", "--data", GOOD)
    assert refused.exit_code == 1
    assert refused.stderr.startswith("cncb: No stage is named, and no `cncb run` of shop goes on in this folder. Name")


def test_of_several_systems_the_one_that_runs_is_meant(aws, tmp_path_factory, monkeypatch):
    here = tmp_path_factory.mktemp("several")
    one, two = here / "topologies" / "one", here / "topologies" / "two"
    for folder in (one, two):
        folder.mkdir(parents=True)
        (folder / "system.yaml").write_text(SYSTEM)
    monkeypatch.chdir(here)
    refused = run(publish, "order-submitted", "--data", GOOD)
    assert (refused.exit_code, "name one of topologies/one, topologies/two." in refused.stderr) == (2, True)
    with running(one):
        assert run(publish, "order-submitted", "--data", GOOD).exit_code == 0


def test_a_system_with_errors_is_not_acted_on(aws, tmp_path):
    (tmp_path / "system.yaml").write_text(SYSTEM.replace("emit: order-reserved", "emit: order-resrved"))
    refused = run(publish, "order-submitted", "--data", GOOD)
    assert (refused.exit_code, "CNCB201" in refused.stderr) == (1, True)


def test_logs_by_time_with_the_functions_name(aws):
    client = aws.client("logs")
    for name in ("command-drop", "command-save"):
        group = f"/aws/lambda/shop-books-local-{name}"
        client.create_log_group(logGroupName=group)
        client.create_log_stream(logGroupName=group, logStreamName="s")
        line = {"timestamp": now() - 1000, "message": json.dumps({"level": "INFO", "message": f"of {name}"})}
        old = {"timestamp": now() - 3_600_000, "message": "old"}
        client.put_log_events(logGroupName=group, logStreamName="s", logEvents=[old, line])
    shown = run(logs, "books")
    assert shown.exit_code == 0, shown.output
    assert [line.split("  ", 1)[1] for line in shown.stdout.splitlines()] == [
        "command-drop     INFO    of command-drop",
        "command-save     INFO    of command-save",
    ]
    one = run(logs, "books", "drop", "--since", "2h", "--output-format", "json")
    assert json.loads(one.stdout.splitlines()[0])["message"] == "old"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["boks"], 2, "shop has no service `boks`. Did you mean `books`?"),
        (["books", "save"], 2, "could be `command-save`, `reaction-save`"),
        (["books", "--since", "yesterday"], 2, "`yesterday` is no time to look back: say 30s, 10m, 2h or 1d."),
        (["books"], 1, "There is no log group /aws/lambda/shop-books-local-"),
    ],
)
def test_logs_refuses_with_a_clear_line(aws, arguments, code, said):
    refused = run(logs, *arguments)
    assert (refused.exit_code, said in refused.stderr) == (code, True), refused.output


def test_follow_goes_on_until_ctrl_c(aws, monkeypatch):
    client, group = aws.client("logs"), "/aws/lambda/shop-books-local-command-drop"
    client.create_log_group(logGroupName=group)
    client.create_log_stream(logGroupName=group, logStreamName="s")
    steps = iter(["one", "two"])

    def pause(_seconds):
        message = next(steps, None)
        if message is None:
            raise KeyboardInterrupt
        client.put_log_events(
            logGroupName=group, logStreamName="s", logEvents=[{"timestamp": now(), "message": message}]
        )

    monkeypatch.setattr("time.sleep", pause)
    shown = run(logs, "books", "drop", "--follow")
    assert (shown.exit_code, [line.split()[-1] for line in shown.stdout.splitlines()]) == (0, ["one", "two"])


def test_invoke_prints_the_answer_and_fails_with_the_function(aws, monkeypatch):
    asked = []

    def answer(here, name, payload):
        asked.append((here.stage, name, payload))
        return invoking.Answer({"good": True}, payload == {"bad": 1}, "the log")

    monkeypatch.setattr(invoking, "invoke", answer)
    good = run(invoke, "books", "drop", "--data", '{"id": "x"}')
    assert (good.exit_code, json.loads(good.stdout), good.stderr) == (0, {"good": True}, "")
    bad = run(invoke, "books", "command-drop", "--data", '{"bad": 1}')
    assert (bad.exit_code, bad.stderr) == (1, "\nthe end of its log:\nthe log\n")
    assert asked[0] == ("local", "shop-books-local-command-drop", {"id": "x"})
    unknown = run(invoke, "books", "dorp")
    assert (unknown.exit_code, "books has no function `dorp`." in unknown.stderr) == (2, True)
