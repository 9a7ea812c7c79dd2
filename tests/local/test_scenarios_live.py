"""Scenarios against a system that really runs on this machine."""

from __future__ import annotations

import re

import pytest

from cncb_compiler.scenarios.check import check
from cncb_compiler.scenarios.live import LiveWorld
from cncb_compiler.scenarios.names import Names
from cncb_compiler.scenarios.read import parsed
from cncb_compiler.scenarios.run import run
from cncb_compiler.source.files import SourceFile

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
        return run("example", file.scenario, names, world)

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
