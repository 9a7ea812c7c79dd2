"""Scenarios against a system that really runs on this machine."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from cncb_compiler import docs
from cncb_compiler.operate.names import Names
from cncb_compiler.scenarios import run as scenario_run
from cncb_compiler.scenarios.check import check
from cncb_compiler.scenarios.live import LiveWorld
from cncb_compiler.scenarios.read import parsed
from cncb_compiler.source.files import SourceFile
from cncb_compiler.target.target import Target

SYSTEM = """\
system: scenarios-live
types: {Note: {id: uuid, text: string}}
events:
  note-written: {entity: note, with: {note: Note}}
  note-seen: {entity: note, with: {note: {id: uuid}}}
streams: {main: {shards: 1}}
services:
  notes:
    api: {auth: none}
    stores: {notes: {of: Note}}
    commands: {write: {route: POST /notes, input: {text: string}, write: notes, set: {id: uuid(), text: input.text}}}
    changes: {notes: {insert: note-written}}
  process:
    transitions: [{on: note-written, emit: note-seen}]
  board:
    views: {notes: {on: note-written}}
"""
WRITTEN = """\
scenario: A note reaches the board
when:
  - call: POST /notes
    body: {text: hello}
    returns: {status: 201, body: {id: {is: uuid, as: note}}}
then:
  events: [{note-written: {note: {id: $note}}}, {note-seen: {note: {id: $note}}}]
  rows:
    notes.notes: [{id: $note, text: hello}]
    board.notes: [{id: $note, text: hello}]
"""


@pytest.fixture(scope="module")
def played(session, analysed):
    """Run a scenario, given as text, against the system."""
    running = session.deploy(analysed({"system.yaml": SYSTEM}))
    names = Names(running.analysis.linked, running.analysis.plans)
    world = LiveWorld(running, names)

    def play(text):
        file = parsed("example", SourceFile("scenarios/example.yaml", text))
        assert check(file, names) == []
        return scenario_run.run("example", file.scenario, names, world)

    yield play
    world.close()
    for stack in running.stacks:
        session.machine.forget(stack.name)


def switched(*switches: str) -> str:
    """The scenario with switches."""
    return WRITTEN.replace("when:", f"given: {{switches: [{', '.join(switches)}]}}\nwhen:")


@pytest.mark.parametrize(
    ("switch", "named", "there"),
    [
        ("{kill: board.view-notes, afterCalls: 99}", "kill board.view-notes", r"the function made \d+ calls?"),
        ("{kill: notes.write, afterCalls: 99}", "kill notes.write", "the function made 1 call"),
        ("{duplicate: notes.write}", "duplicate notes.write", "the function got no batches"),
        ("{shuffle: board.view-notes}", "shuffle board.view-notes", "the function got 1 batch of one record each"),
        ("{shuffle: notes.write}", "shuffle notes.write", "the function got no batches"),
    ],
)
def test_a_switch_that_made_no_trouble_fails_the_scenario(played, switch, named, there):
    result = played(switched("{duplicate: board.view-notes}", switch))
    assert (result.passed, result.where) == (False, f"given.switches 2 ({named})")
    assert re.fullmatch(f"it never happened: {there}", result.problem)


def test_what_others_than_functions_are_refused_is_no_trouble(played):
    text = "scenario: x\nwhen: [{put: board.notes, row: {id: 00000000-0000-4000-8000-000000000001, text: x}}]\n"
    result = played(text.replace("when:", "given: {switches: [{throttle: board.notes, times: 1}]}\nwhen:"))
    assert result.where == "given.switches 1 (throttle board.notes)"
    assert result.problem == "it never happened: functions sent it no requests"


def test_switches_that_made_trouble_leave_the_scenario_as_it_is(played):
    result = played(
        switched(
            "{kill: board.view-notes}", "{throttle: board.notes, times: 2}", "{duplicate: process.transitions}",
            "{restart: sources}",
        )
    )  # fmt: skip
    assert result.problem == ""


def test_a_failed_scenario_shows_what_was_caused_and_how_long_it_took(played):
    result = played(WRITTEN.replace("board.notes: [{id: $note, text: hello}]", "board.notes: [{text: bye}]"))
    assert result.where == "then.rows board.notes"
    lines = [re.sub(r"[0-9a-f-]{36}", "ID", line) for line in result.trace.splitlines()]
    assert any(re.search(r"note-written  ID  by notes\.changes-notes", line) for line in lines), lines
    assert any(re.search(r"row notes id=ID  written  \+\d+ ms", line) for line in lines), lines
    assert any(re.search(r"note-seen  ID  \+\d+ ms", line) for line in lines), lines


RECORDED = """\
system: recorded
types: {Thing: {id: uuid, name: string}}
events: {thing-created: {entity: thing, with: {thing: Thing}}}
streams: {main: {shards: 1}}
services:
  things:
    api: {auth: none}
    stores: {things: {of: Thing}}
    commands:
      save: {route: POST /things, input: {name: string}, write: things, set: {id: uuid(), name: input.name}}
      adopt: {input: Thing, write: things}
    changes: {things: {insert: thing-created}}
  list:
    views: {things: {on: thing-created}}
"""
EXPECTED = """\
scenario: Things saved
when:
  - call: POST /things
    body: {name: one}
    returns: {status: 201, body: {id: {is: uuid, as: thing}, name: one}}
  - invoke: things.adopt
    payload: {id: 00000000-0000-4000-8000-000000000002, name: two}
    returns: {id: 00000000-0000-4000-8000-000000000002, name: two}
  - put: things.things
    row: {id: 00000000-0000-4000-8000-000000000003, name: by hand}
  - publish: thing-created
    data: {thing: {id: 00000000-0000-4000-8000-000000000004, name: four}}
then:
  events:
    - thing-created: {thing: {id: $thing, name: one}}
    - thing-created: {thing: {id: 00000000-0000-4000-8000-000000000002, name: two}}
    - thing-created: {thing: {id: 00000000-0000-4000-8000-000000000003, name: by hand}}
  rows:
    list.things:
      - {id: $thing, name: one}
      - {id: 00000000-0000-4000-8000-000000000002, name: two}
      - {id: 00000000-0000-4000-8000-000000000003, name: by hand}
      - {id: 00000000-0000-4000-8000-000000000004, name: four}
    things.things:
      - {id: $thing, name: one}
      - {id: 00000000-0000-4000-8000-000000000002, name: two}
      - {id: 00000000-0000-4000-8000-000000000003, name: by hand}
"""
CNCB = [sys.executable, "-c", "from cncb_compiler.cli.main import main; main()"]
SECONDS = 60


def cncb(folder, *arguments, status=0):
    """What a command says that ends by itself."""
    ended = subprocess.run([*CNCB, *arguments], cwd=folder, capture_output=True, text=True, timeout=2 * SECONDS)
    assert ended.returncode == status, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture
def run(tmp_path):
    """A `cncb run` of a small system: its folder, and a function that waits for a line that it prints."""
    (tmp_path / "system.yaml").write_text(RECORDED)
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen([*CNCB, "run"], cwd=tmp_path, stdout=subprocess.PIPE, text=True, env=environment) as process:

        def line(pattern):
            for said in process.stdout:
                if found := re.search(pattern, said):
                    return found
            raise AssertionError(f"ended without {pattern}")

        watchdog = threading.Timer(2 * SECONDS, process.kill)
        watchdog.start()
        try:
            yield tmp_path, line
        finally:
            watchdog.cancel()
            process.send_signal(signal.SIGINT)
            process.communicate()


@pytest.mark.xdist_group("run-command")
def test_what_happened_in_a_run_is_a_scenario_that_holds(run):
    folder, line = run
    endpoint = line(r"^endpoint +(\S+)")[1]
    url = line(r"^POST +(\S+)")[1]
    line("Running;")
    client = Target("local", "us-east-1", endpoint).client("dynamodb")
    ids = [f"00000000-0000-4000-8000-00000000000{number}" for number in range(5)]

    request = Request(url, json.dumps({"name": "one"}).encode(), {"Content-Type": "application/json"})
    with urlopen(request, timeout=SECONDS) as answer:
        assert answer.status == 201
    line("thing-created ")
    cncb(folder, "invoke", "things", "adopt", "--data", json.dumps({"id": ids[2], "name": "two"}))
    line("thing-created ")
    table = next(name for name in client.list_tables()["TableNames"] if name.startswith("recorded-things"))
    client.put_item(TableName=table, Item={"id": {"S": ids[3]}, "name": {"S": "by hand"}})
    line("thing-created ")
    cncb(folder, "publish", "thing-created", "--data", json.dumps({"thing": {"id": ids[4], "name": "four"}}))
    line("thing-created ")
    assert wait(lambda: len(client.scan(TableName=view(client))["Items"]) == 4)

    assert "next: cncb test" in cncb(folder, "new", "scenario", "things-saved")
    file = folder / "scenarios" / "things-saved.yaml"
    lines = sorted(file.read_text().splitlines())
    assert lines == sorted(EXPECTED.splitlines()), file.read_text()
    again = subprocess.run([*CNCB, "new", "scenario", "things-saved"], cwd=folder, capture_output=True, text=True)
    assert (again.returncode, "is there already" in again.stderr) == (2, True)

    assert cncb(folder, "test").startswith("ok    recorded/things-saved")
    file.write_text(file.read_text().replace("- {id: $thing, name: one}", "- {id: $thing, name: other}"))
    assert 'name: expected "other", got "one"' in cncb(folder, "test", status=1)


def view(client):
    """The table of the view."""
    return next(name for name in client.list_tables()["TableNames"] if name.startswith("recorded-list"))


def wait(holds):
    """Whether it holds before long."""
    until = time.monotonic() + SECONDS
    while not (done := holds()) and time.monotonic() < until:
        time.sleep(0.05)
    return done


OUTPUTS = Path(docs.__file__).parent / "outputs"
MASKS = (
    (r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f-]{21}", "EVENT"),
    (r"[0-9a-f]{32}", "CHANGE"),
    (r"\d{4}-\d\d-\d\dT[\d:.]+Z", "MOMENT"),
    (r"\+\d+ ms", "+N ms"),
    (r"\d+\.\d+ s\b", "N s"),
)


def masked(text):
    """A command's output without what differs from run to run."""
    for pattern, name in MASKS:
        text = re.sub(pattern, name, text)
    return text


def test_what_the_documentation_shows_of_runs_is_true(tmp_path):
    saga = tmp_path / "saga"
    shutil.copytree(Path(__file__).parents[2] / "topologies" / "cookbook" / "saga", saga)
    shown = {name: masked((OUTPUTS / f"{name}.txt").read_text()) for name in ("passing", "failing")}
    assert masked(cncb(tmp_path, "test", "saga", "-k", "more than")) == shown["passing"]
    file = saga / "scenarios" / "violation-cancels-the-order.yaml"
    file.write_text(file.read_text().replace("quantity: 6, status: cancelled", "quantity: 6, status: kept"))
    assert masked(cncb(tmp_path, "test", "saga", "-k", "more than", status=1)) == shown["failing"]


def test_scenarios_run_under_pytest(tmp_path):
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "system.yaml").write_text(SYSTEM)
    (tmp_path / "scenarios" / "good.yaml").write_text(WRITTEN)
    (tmp_path / "scenarios" / "bad.yaml").write_text(WRITTEN.replace("text: hello}]", "text: bye}]"))
    (tmp_path / "scenarios" / "wrong.yaml").write_text("scenario: x\nwhen: [{publish: note-writen}]\n")
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path, capture_output=True, text=True, timeout=2 * SECONDS,
    )  # fmt: skip
    assert "2 failed, 1 passed" in ended.stdout
    assert 'text: expected "bye", got "hello"' in ended.stdout
    assert "what was caused:" in ended.stdout
    assert "wrong.yaml:2:18 error CNCB201" in ended.stdout
    assert "Traceback" not in ended.stdout
