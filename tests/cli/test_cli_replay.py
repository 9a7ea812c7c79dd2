"""`cncb replay`: what is said before anything is sent, what is sent, and how it goes on; lake and function are fakes."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from deploy_fakes import FakeAws
from replay_fakes import Bucket, Function, line, number_of
from trace_system import SYSTEM

from cncb_compiler.cli import distributing, replay, replaying
from cncb_compiler.deploy.progress import Pace
from cncb_compiler.replay.lines import Source

OBJECTS = {
    "main/2026/11/25/17/a.gz": line(0, "order-submitted") + line(1, "order-closed") + line(2, "order-cancelled"),
    "main/2026/11/25/18/b.gz": line(3, "order-submitted", key="mine"),
}


@pytest.fixture
def lake(monkeypatch, tmp_path):
    """A lake, and a function that takes everything; the system is in the working folder."""
    made = SimpleNamespace(bucket=Bucket(OBJECTS), function=Function(), folder=tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(replaying, "s3_client", lambda target: made.bucket)
    monkeypatch.setattr(replaying, "sending_client", lambda target: made.function)
    monkeypatch.setattr(replaying, "Sources", lambda *_: lambda stream: Source("arn:s", "arn:r"))
    (tmp_path / "system.yaml").write_text(SYSTEM)
    return made


def run(*arguments, to="front.orders"):
    command = ["the-lake", "--to", to, "--endpoint", "http://127.0.0.1:9", *arguments]
    return CliRunner().invoke(replay.command, command, prog_name="cncb")


def test_a_dry_run_says_what_would_be_sent_and_sends_nothing(lake):
    done = run()
    assert done.exit_code == 0, done.output
    first = done.stdout.splitlines()[-3]
    assert first.startswith('The first: {"id": "e0", "type": "order-submitted"')
    assert done.stdout.replace(first, "The first") == (
        "lake    the-lake, main/\n"
        "to      front.view-orders (shop-front-local-view-orders), 100 at a time\n"
        "events  order-cancelled, order-submitted\n"
        "\n"
        "Would send 3 events (209 bytes) in 1 batch.\n"
        "  by type    order-cancelled  1\n"
        "             order-submitted  2\n"
        "  by hour    2026-11-25T17  2\n"
        "             2026-11-25T18  1\n"
        "  by object  main/2026/11/25/17/a.gz  2\n"
        "             main/2026/11/25/18/b.gz  1\n"
        "Passed over: 1 of other types.\n"
        "The first\n"
        "\n"
        "Nothing was sent; --go sends it.\n"
    )
    assert lake.function.batches == []
    assert not (lake.folder / ".cncb").exists()


def test_it_sends_what_was_chosen(lake):
    done = run("--go", "--types", "order-submitted,order-cancelled", "--keys", "mine,k2")
    assert done.exit_code == 0, done.output
    assert lake.function.numbers == [2, 3]
    assert "2 events handled.\nPassed over: 2.\n" in done.stdout


def test_a_rate_cuts_batches_too(lake):
    assert run("--go", "--rate", "2").exit_code == 0
    assert [len(batch) for batch in lake.function.batches] == [2, 1]


def test_a_killed_replay_goes_on_with_the_file_that_it_names(lake):
    calls = []

    def before(operation):
        calls.append(operation)
        if calls.count("invoke") == 2:
            raise KeyboardInterrupt

    lake.function.before = before
    cut = run("--go", "--rate", "2")
    assert (cut.exit_code, "interrupted" in cut.stderr) == (1, True)
    name = cut.stdout.splitlines()[-1].rpartition(" ")[2]
    lake.function.before = lambda operation: None
    done = run("--go", "--rate", "2", "--resume", name)
    assert "Goes on from main/2026/11/25/17/a.gz, line 4." in done.stdout
    assert lake.function.numbers == [0, 2, 3]
    assert "3 events handled." in done.stdout
    again = run("--go", "--rate", "2", "--resume", name)
    assert (again.exit_code, "all of it was sent already" in again.stdout, len(lake.function.numbers)) == (0, True, 3)
    other = run("--go", "--resume", name, "--keys", "mine")
    assert (other.exit_code, "is of another replay: keys differ" in other.stderr) == (1, True)


def test_what_fails_is_kept_and_told(lake, monkeypatch):
    def answer(records):
        if any(number_of(one) == 2 for one in records):
            raise ValueError("two")

    lake.function.answer = answer
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    done = run("--go", "--resume", "r.json", "--output-format", "json")
    assert done.exit_code == 1
    told = json.loads(done.stdout)
    assert (told["handled"], told["failed"], told["done"], told["sent"]) == (2, 1, True, True)
    (kept,) = (lake.folder / "r.json.failed").read_text().splitlines()
    assert (number_of(json.loads(kept)["record"]), json.loads(kept)["error"]) == (2, "ValueError: two")


@pytest.mark.parametrize(
    ("to", "arguments", "code", "said"),
    [
        ("front.orderz", [], 2, "Did you mean"),
        ("orders", [], 2, "say SERVICE.FUNCTION"),
        ("books.command-save", [], 2, "listens to no stream"),
        ("front.orders", ["--types", "order-submited"], 2, "Did you mean `order-submitted`?"),
        ("front.orders", ["--from", "yesterday"], 2, "`yesterday` is no time"),
    ],
)
def test_wrong_usage(lake, to, arguments, code, said):
    done = run(*arguments, to=to)
    assert (done.exit_code, said in done.stderr) == (code, True), done.output


@pytest.mark.parametrize(("to", "meant"), [("front.sums", "front.collect-sums"), ("front.orders", "front.view-orders")])
def test_what_listens_is_meant_and_not_a_query_of_that_name(lake, to, meant):
    same = SYSTEM.replace("      order: {route", "      orders: {route").replace(
        "      sum: {route", "      sums: {route"
    )
    (lake.folder / "system.yaml").write_text(same)
    assert f"to      {meant} (" in run(to=to).stdout


@pytest.mark.parametrize(
    ("change", "to", "said"),
    [
        (
            (
                "fields: {id: order.id, customer: order.customer}\n      pages",
                "processing: {idempotence: none}\n        fields: {id: order.id, customer: order.customer}\n      pages",
            ),
            "front.orders",
            "overwrite newer rows",
        ),
        (("  books:\n", "  books:\n    processing: {idempotence: none}\n"), "books.mail", "what its hook does"),
    ],
)
def test_a_function_that_is_not_idempotent_is_refused_with_the_line_that_says_so(lake, change, to, said):
    hook = "    reactions:\n      mail: {on: order-submitted, call: {hook: mails.send}}\n"
    text = SYSTEM.replace(*change).replace("    reactions:\n", hook)
    (lake.folder / "system.yaml").write_text(text)
    (lake.folder / "hooks" / "books").mkdir(parents=True)
    (lake.folder / "hooks" / "books" / "mails.py").write_text("def send(event):\n    pass\n")
    done = run("--go", to=to)
    assert (done.exit_code, "CNCB616" in done.stderr, said in done.stderr, "idempotence: none" in done.stderr) == (
        1,
        True,
        True,
        True,
    ), done.output
    assert lake.function.batches == []


def test_a_hook_that_remembers_events_may_be_replayed_to(lake):
    hook = "    reactions:\n      mail: {on: order-submitted, call: {hook: mails.send}}\n"
    (lake.folder / "system.yaml").write_text(SYSTEM.replace("    reactions:\n", hook))
    (lake.folder / "hooks" / "books").mkdir(parents=True)
    (lake.folder / "hooks" / "books" / "mails.py").write_text("def send(event):\n    pass\n")
    done = run("--go", to="books.mail")
    assert (done.exit_code, lake.function.numbers) == (0, [0, 3]), done.output


def test_a_distributed_replay_is_written_and_started_by_nobody(lake, monkeypatch):
    monkeypatch.setattr(distributing, "Sources", lambda *_: lambda stream: Source("arn:s", "arn:r"))
    done = run("--distributed", "--concurrency", "7")
    assert done.exit_code == 0, done.output
    folder = lake.folder / ".cncb" / "replay" / "replay-shop-front-local-view-orders"
    assert sorted(one.name for one in folder.iterdir()) == ["template.json", "worker.zip"]
    template = json.loads((folder / "template.json").read_text())
    assert template["Resources"]["Machine"]["Properties"]["Definition"]["States"]["Objects"]["MaxConcurrency"] == 7
    assert done.stdout.endswith("start an execution for main/. Nothing was done; --go does it.\n")
    assert lake.function.batches == []


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--go"], 1, "does not run on this machine"),
        (["--rate", "5"], 2, "neither --rate nor --resume"),
        (["--resume", "f"], 2, "neither --rate nor --resume"),
    ],
)
def test_what_a_distributed_replay_cannot_do(lake, arguments, code, said):
    done = run("--distributed", *arguments)
    assert (done.exit_code, said in done.stderr) == (code, True), done.output


def test_a_distributed_replay_is_deployed_and_started_for_each_prefix(lake, monkeypatch):
    aws, begun = FakeAws(), []
    target = aws.target()
    target.endpoint = None

    def start_execution(stateMachineArn, input):  # noqa: N803, A002 - boto3's names
        begun.append((stateMachineArn, json.loads(input)))
        return {"executionArn": f"arn:{len(begun)}"}

    target._clients["stepfunctions"] = SimpleNamespace(start_execution=start_execution)
    monkeypatch.setattr(replay, "target_of", lambda *_: target)
    monkeypatch.setattr(distributing, "Sources", lambda *_: lambda stream: Source("arn:s", "arn:r"))
    monkeypatch.setattr(distributing, "pace_of", lambda _: Pace(0, 0))
    done = run("--distributed", "--go", "--prefix", "main/2026/10/", "--prefix", "main/2026/11/")
    assert done.exit_code == 0, done.output
    name = "replay-shop-front-dev-view-orders"
    assert aws.ran("ExecuteChangeSet") == ["cncb-bootstrap", name]
    machine = f"{name}/MachineArn"
    assert begun == [(machine, {"prefix": "main/2026/10/"}), (machine, {"prefix": "main/2026/11/"})]
    (bucket,) = aws.buckets.values()
    assert aws.stacks[name].template["Resources"]["Worker"]["Properties"]["Code"]["S3Key"] in {key for key, _ in bucket}
