"""`cncb faults`: what is listed, shown, and sent again; the monitor's bucket and the functions are fakes."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from fault_fakes import AT, Monitor, fault, key, record
from replay_fakes import Function, RefusedError
from trace_system import SYSTEM

from cncb_compiler.cli import faults
from cncb_compiler.faults import reach

CLAIM = {"bucket": "the-claims", "key": "faults/front/3a-fault"}
BARE = {"eventID": "shardId-000000000000:1", "kinesis": {"sequenceNumber": "1"}}


@pytest.fixture
def kept(monkeypatch, tmp_path):
    """A monitor with two faults of one function, the later record's first by name, and a function that takes all."""
    made = SimpleNamespace(
        bucket=Monitor({key(1): fault(1), key(2, hour="2026/11/25/16"): fault(2)}), function=Function(), names=[]
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(reach, "bucket_of", lambda *_: "the-faults")
    monkeypatch.setattr(reach, "s3_client", lambda target: made.bucket)
    monkeypatch.setattr(reach, "sending_client", lambda target: made.function)
    (tmp_path / "system.yaml").write_text(SYSTEM)
    return made


def run(*arguments):
    command = [*arguments, "--endpoint", "http://127.0.0.1:9"]
    return CliRunner().invoke(faults.command, command, prog_name="cncb")


def told(*arguments):
    done = run(*arguments, "--output-format", "json")
    return done.exit_code, json.loads(done.stdout)


def test_faults_are_listed_oldest_record_first(kept):
    done = run("list")
    assert done.exit_code == 0, done.output
    assert done.stdout == (
        "faulted               function           event            id        error\n"
        "2025-11-25T18:30:00Z  front.view-orders  order-submitted  2a-fault  ValueError: no amount in 2\n"
        "2025-11-25T18:30:00Z  front.view-orders  order-submitted  1a-fault  ValueError: no amount in 1\n"
        "2 faults.\n"
    )


def test_a_limit_shows_the_newest_and_counts_all(kept):
    code, answer = told("list", "--limit", "1")
    assert (code, answer["count"], [one["id"] for one in answer["faults"]]) == (0, 2, ["1a-fault"])


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["--id", "1a"], ["1a-fault"]),
        (["--id", "1a", "--id", "2a"], ["2a-fault", "1a-fault"]),
        (["--service", "books"], []),
        (["--service", "front"], ["2a-fault", "1a-fault"]),
        (["--service", "front.orders"], ["2a-fault", "1a-fault"]),
        (["--service", "front.collect-sums"], []),
        (["--since", "2026-11-25T18:00Z"], ["1a-fault"]),
    ],
)
def test_what_is_meant_can_be_said(kept, arguments, found):
    kept.bucket.kept_at[key(2, hour="2026/11/25/16")] = AT - timedelta(hours=1)
    code, answer = told("list", *arguments)
    assert (code, [one["id"] for one in answer["faults"]]) == (0, found)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["list", "--service", "frond"], "Did you mean `front`?"),
        (["list", "--service", "front.orderz"], "Did you mean"),
        (["list", "--since", "yesterday"], "`yesterday` is no time"),
        (["show"], "say which fault with --id"),
    ],
)
def test_wrong_usage(kept, arguments, said):
    done = run(*arguments)
    assert (done.exit_code, said in done.stderr) == (2, True), done.output


def test_one_fault_is_shown_with_its_event_and_the_line_that_declares_its_function(kept):
    done = run("show", "--id", "1a-fault")
    assert done.exit_code == 0, done.output
    line = SYSTEM.splitlines().index("      orders:") + 1
    assert done.stdout == (
        "fault     1a-fault\n"
        f"function  front.view-orders, declared at system.yaml:{line}\n"
        "faulted   2025-11-25T18:30:00Z\n"
        "error     ValueError: no amount in 1\n"
        "event\n"
        '  {\n    "id": "e1",\n    "type": "order-submitted"\n  }\n'
    )
    assert run("show", "--id", "9").exit_code == 1


def test_what_a_message_holds_does_not_reach_the_terminal_as_it_is(kept):
    kept.bucket.objects[key(1)] = json.dumps(fault(1, error={"name": "E", "message": "\x1b[2J"})).encode()
    assert "\x1b" not in run("list").stdout + run("show", "--id", "1").stdout


def test_a_dry_run_sends_nothing_and_moves_nothing(kept):
    before = dict(kept.bucket.objects)
    done = run("resubmit")
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (
        0,
        "Would resubmit 2 faults. Nothing was sent; --go sends them.",
    )
    assert (kept.function.batches, kept.bucket.objects) == ([], before)


def test_what_is_handled_is_listed_no_longer(kept):
    done = run("resubmit", "--go")
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "2 handled."), done.output
    assert kept.function.batches == [[record(2)], [record(1)]]
    assert told("list")[1]["count"] == 0
    assert [one["id"] for one in told("list", "--resubmitted")[1]["faults"]] == ["2a-fault", "1a-fault"]
    assert run("show", "--id", "1a").exit_code == 0
    assert run("resubmit", "--go").stdout == "There is no such fault.\n"
    assert len(kept.function.batches) == 2


def test_what_is_faulted_again_stays_and_the_others_go_on(kept):
    kept.function.answer = lambda records: {
        "batchItemFailures": [],
        "faults": ["2a-fault"] if records == [record(2)] else [],
    }
    code, answer = told("resubmit", "--go")
    assert (code, [(one["id"], one["outcome"]) for one in answer["outcomes"]]) == (
        1,
        [("2a-fault", "faulted"), ("1a-fault", "handled")],
    )
    assert [one["id"] for one in told("list")[1]["faults"]] == ["2a-fault"]


def test_a_record_that_is_claim_checked_is_sent_as_it_was(kept):
    kept.bucket.objects = {key(3): json.dumps(fault(3, unit={"record": BARE}, claimCheck=CLAIM)).encode()}
    kept.bucket.others["the-claims", CLAIM["key"]] = json.dumps(record(3)).encode()
    assert told("resubmit", "--go")[0] == 0
    assert kept.function.batches == [[record(3)]]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"unit": {"record": BARE}, "claimCheck": CLAIM}, f"s3://the-claims/{CLAIM['key']} is gone"),
        ({"unit": {"record": BARE}, "trimmed": True}, "its record was more than a stream takes"),
        ({"unit": {}}, "the fault holds no record"),
        ({"function": "payroll-pay"}, "it is of payroll-pay, not of shop-front-local-view-orders"),
    ],
)
def test_a_fault_that_cannot_be_sent_says_why_and_nothing_is_sent(kept, more, said):
    kept.bucket.objects = {key(3): json.dumps(fault(3) | more).encode()}
    code, answer = told("resubmit", "--go")
    (one,) = answer["outcomes"]
    assert (code, one["outcome"], one["detail"].startswith(said)) == (1, "failed", True), one
    assert (kept.function.batches, list(kept.bucket.objects)) == ([], [key(3)])


def test_a_record_that_its_function_refuses_fails(kept, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    kept.function.answer = lambda records: {
        "batchItemFailures": [{"itemIdentifier": records[0]["kinesis"]["sequenceNumber"]}]
    }
    code, answer = told("resubmit", "--go", "--id", "1a")
    assert (code, answer["outcomes"][0]["detail"]) == (1, "it asked for the record again")
    assert len(kept.function.batches) == reach.ATTEMPTS


def test_a_function_that_is_gone_fails_its_faults(kept):
    def before(operation):
        raise RefusedError("ResourceNotFoundException", 404)

    kept.function.before = before
    code, answer = told("resubmit", "--go", "--id", "1a")
    assert (code, answer["outcomes"][0]["detail"]) == (1, "there is no function shop-front-local-view-orders")
    assert told("list")[1]["count"] == 2
