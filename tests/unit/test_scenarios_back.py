"""The steps `replay` and `resubmit`: what is checked before, what is asked of the world, and what counts as well."""

from __future__ import annotations

import pytest
from scenario_worlds import SYSTEM, FakeWorld, names

from cncb_compiler.scenarios.check import check
from cncb_compiler.scenarios.read import parsed
from cncb_compiler.scenarios.run import run
from cncb_compiler.source.files import SourceFile

KEEPING = f"{SYSTEM}  lake: {{kind: data-lake}}\n  monitor: {{kind: monitor}}\n"


def checked(step: str, system: str = KEEPING):
    file = parsed("back", SourceFile("scenarios/s.yaml", f"scenario: Back\nwhen: [{step}]\n"))
    return file, check(file, names(system))


def played(step: str, **back: int):
    file, found = checked(step)
    assert found == []
    world = FakeWorld()
    world.back = {"handled": 0, "faulted": 0, "failed": 0, **back}
    return run("back", file.scenario, names(KEEPING), world), world.calls


@pytest.mark.parametrize(
    ("step", "code", "said"),
    [
        ("{replay: front.order}", "CNCB956", "`front.order` is not a function"),
        ("{replay: orders.submit}", "CNCB956", "`orders.submit` listens to no stream"),
        ("{replay: front.view-orders, types: [order-canceled]}", "CNCB201", "`order-canceled` is not an event"),
        ("{replay: front.view-orders, returns: {handled: $n}}", "CNCB958", "`$n` is not bound"),
        ("{resubmit: front.order}", "CNCB956", "`front.order` is not a function"),
    ],
)
def test_a_step_that_cannot_be_taken_is_found_before_it_is_run(step, code, said):
    (found,) = checked(step)[1]
    assert (found.code, found.message.startswith(said)) == (code, True), found


@pytest.mark.parametrize(("step", "who"), [("replay", "the events"), ("resubmit", "the faults")])
def test_nothing_can_be_brought_back_that_nobody_keeps(step, who):
    (found,) = checked(f"{{{step}: front.view-orders}}", SYSTEM)[1]
    assert (found.code, found.message) == ("CNCB957", f"nobody keeps {who}")


@pytest.mark.parametrize(
    ("step", "asked"),
    [
        ("{replay: front.view-orders, types: [order-cancelled]}", "replay front.view-orders order-cancelled"),
        ("{replay: front.view-orders}", "replay front.view-orders"),
        ("{resubmit: front.view-orders}", "resubmit front.view-orders"),
    ],
)
def test_the_world_is_asked(step, asked):
    result, calls = played(step, handled=2)
    assert (result.passed, asked in calls) == (True, True), (result, calls)


@pytest.mark.parametrize("back", [{}, {"handled": 1, "faulted": 1}, {"handled": 1, "failed": 1}])
def test_unless_it_is_expected_nothing_may_be_left_and_something_must_be_done(back):
    result, _ = played("{resubmit: front.view-orders}", **back)
    assert (result.passed, "expected some, all of them handled" in result.problem) == (False, True)


def test_what_is_expected_is_compared():
    step = "{replay: front.view-orders, returns: {handled: 1, faulted: 1}}"
    assert played(step, handled=1, faulted=1)[0].passed
    assert not played(step, handled=1)[0].passed
