"""A distributed replay: its template and state machine, and its worker over an object, cut off and begun again."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from itertools import cycle

import pytest
from replay_fakes import Bucket, Function, line
from trace_system import SYSTEM

from cncb_compiler.passes import analyse
from cncb_compiler.replay.asked import listener
from cncb_compiler.replay.distributed import distributed
from cncb_compiler.replay.lines import Source
from cncb_compiler.replay.selection import Selection
from cncb_compiler.replay.state import Question
from cncb_compiler.replay.worker import FailedError, work
from cncb_compiler.source.discover import SystemSource
from cncb_compiler.source.files import SourceFile
from cncb_compiler.target.problems import Problem

KEY = "main/2026/11/25/17/a.gz"
QUESTION = {
    "bucket": "the-lake",
    "function": "f",
    "types": ["made"],
    "keys": None,
    "since": None,
    "until": None,
    "most": 2,
    "attempts": 2,
    "timeout": 10,
    "sources": {"main": ["arn:s", "arn:r"]},
}
START = {"key": KEY, "line": 0, "handled": 0, "faulted": 0}


def made(tmp_path, system=SYSTEM):
    analysis = analyse(SystemSource(tmp_path, (SourceFile("system.yaml", system),)))
    to = listener(analysis, "front.orders", "dev")
    question = Question("the-lake", to.prefixes, Selection(to.types), to.physical)
    return distributed(question, to, {"main": Source("arn:s", "arn:r")}, 7)


def test_cfn_lint_finds_nothing_in_template_and_state_machine(tmp_path):
    lint = pytest.importorskip("cfnlint")
    found = lint.lint(json.dumps(made(tmp_path).template, indent=2), regions=["us-east-1"])
    assert found == [], os.linesep.join(map(str, found))


def test_cfn_lint_reads_the_state_machine(tmp_path):
    lint = pytest.importorskip("cfnlint")
    template = made(tmp_path).template
    machine = template["Resources"]["Machine"]["Properties"]["Definition"]["States"]["Objects"]
    machine["ItemProcessor"]["States"]["Replay"]["Type"] = "Taks"
    assert lint.lint(json.dumps(template, indent=2), regions=["us-east-1"]) != []


def test_nobody_may_do_more_than_the_replay_needs(tmp_path):
    template = made(tmp_path).template
    roles = [one["Properties"] for one in template["Resources"].values() if one["Type"] == "AWS::IAM::Role"]
    statements = [one for role in roles for one in role["Policies"][0]["PolicyDocument"]["Statement"]]
    assert all("*" not in action for one in statements for action in one["Action"])
    assert "*" not in [one["Resource"] for one in statements]
    invoked = [one["Resource"] for one in statements if one["Action"] == ["lambda:InvokeFunction"]]
    arn = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:shop-front-dev-view-orders"
    assert invoked == [{"Fn::GetAtt": ["Worker", "Arn"]}, {"Fn::Sub": arn}]


def test_the_worker_needs_nothing_but_what_travels_with_it(tmp_path):
    result = made(tmp_path)
    (tmp_path / "worker.zip").write_bytes(result.package)
    told = json.loads(zipfile.ZipFile(io.BytesIO(result.package)).read("cncb_replay/question.json"))
    assert {"types", "most", "attempts", "timeout", "sources"} <= told.keys()
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'worker.zip')!r}); import cncb_replay.worker as w; w.handler"
    )
    subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True)
    assert made(tmp_path).package == result.package


def test_a_function_that_leaves_a_worker_no_time_is_refused(tmp_path):
    slow = SYSTEM.replace("  front:\n", "  front:\n    function: {timeout: 15m}\n")
    with pytest.raises(Problem, match="may take 900 s"):
        made(tmp_path, slow)


def test_a_worker_goes_on_from_where_its_time_was_over():
    bucket = Bucket({KEY: "".join(line(number, "made" if number != 3 else "other") for number in range(7))})
    function = Function()
    states = [START]
    while not states[-1].get("done") and len(states) < 9:
        states.append(work(states[-1], QUESTION, bucket, function, cycle([True, False]).__next__))
    assert function.numbers == [0, 1, 2, 4, 5, 6]
    assert [(one["line"], one["handled"]) for one in states] == [(0, 0), (5, 4), (7, 6), (7, 6)]
    assert work(START, QUESTION, bucket, Function(), lambda: True) | {"line": 0} == {
        **START,
        "handled": 6,
        "done": True,
    }


def test_a_worker_counts_faults():
    function = Function(lambda records: {"batchItemFailures": [], "faults": ["x"]})
    assert work(START, QUESTION, Bucket({KEY: line(0)}), function, lambda: True)["faulted"] == 1


@pytest.mark.parametrize(
    ("text", "answer", "said"),
    [
        (line(0), lambda records: {"batchItemFailures": [{"itemIdentifier": f"{0:056d}"}]}, "asked for the record"),
        (line(0) + "nonsense\n", lambda records: None, "nonsense|line"),
    ],
)
def test_what_is_refused_or_unreadable_ends_the_execution(monkeypatch, text, answer, said):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    monkeypatch.setattr("random.uniform", lambda low, high: 0.0)
    question = {**QUESTION, "attempts": 1}
    with pytest.raises(FailedError, match=said):
        work(START, question, Bucket({KEY: text}), Function(answer), lambda: True)
