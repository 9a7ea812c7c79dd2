"""The benchmark of handlers measures what it says, and compares listeners that do the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import handlers, packages, per_event
from benchmarks.handlers import Cost
from benchmarks.measure import FailedError
from benchmarks.packages import CNCB, LOOP, LOOP_BY_HAND, LOOP_COUNTED, POWERTOOLS, POWERTOOLS_BY_HAND, STUBS
from benchmarks.per_event import PerEvent


def cost(subject: str, micros: tuple[float, ...], imported: float = 1.0, zipped: int = 1000) -> Cost:
    return Cost(subject, micros, (imported,), (imported,), zipped, {})


def test_the_generated_listener_is_measured(tmp_path: Path) -> None:
    package = packages.generated(tmp_path / "package")
    (found,) = handlers.measured({CNCB: package}, 1)
    assert found.request["TableName"] == "products"
    assert found.request["Key"] == {"id": {"S": "p-999"}}
    assert 0 < found.microseconds[0] < 10_000
    assert 0 < found.imported[0] < 10_000
    assert 0 < found.compiled[0] < 10_000
    assert 1000 < found.zipped < 1_000_000
    assert not list(package.rglob("__pycache__"))


def test_the_peers_do_the_same(tmp_path: Path) -> None:
    loop = packages.plain_loop(tmp_path / "loop")
    ways = {CNCB: packages.generated(tmp_path / "cncb"), LOOP: loop, LOOP_COUNTED: loop, LOOP_BY_HAND: loop}
    powertools = packages.with_powertools(tmp_path / "powertools")
    if powertools is not None:
        ways |= {POWERTOOLS: powertools, POWERTOOLS_BY_HAND: powertools}
    last = STUBS + 'timed([{"Records": [record(1), record(2)]}])\nprint(json.dumps(aws.last), file=told)'
    own, *others = [json.loads(packages.python(name, package, last)) for name, package in ways.items()]
    assert own["Key"] == {"id": {"S": "p-2"}}
    assert others == [own] * len(others)


def test_the_cost_of_an_event_is_measured_beside_the_floor(tmp_path: Path) -> None:
    ways = {CNCB: packages.generated(tmp_path / "cncb"), LOOP_BY_HAND: packages.plain_loop(tmp_path / "loop")}
    own, floor = per_event.measured(ways, 1, (1, 10))
    assert own.subject == CNCB
    assert [len(each) for each in own.microseconds.values()] == [1, 1]
    assert 0 < floor.median(10) < own.median(10) < 10_000


def test_verdicts_against_both_floors() -> None:
    found = [
        PerEvent(CNCB, {1: (40.0, 20.0, 30.0), 100_000: (9.0,)}),
        PerEvent(LOOP, {1: (20.0,), 100_000: (9.0,)}),
        PerEvent(LOOP_BY_HAND, {1: (10.0,), 100_000: (5.0,)}),
    ]
    assert [(each.target, each.measured, each.reached) for each in per_event.verdicts(found)] == [
        ("cost per event against a plain loop, 1 event", 1.5, True),
        ("cost per event against a plain loop, 100,000 events", 1.0, True),
        ("cost per event against a plain loop, values by hand, 1 event", 3.0, False),
        ("cost per event against a plain loop, values by hand, 100,000 events", 1.8, False),
    ]
    assert per_event.rows(found)[:2] == [
        ("us/event", "1 event", "x floor", "100,000 events", "x floor"),
        (CNCB, "30.0", "3.00", "9.0", "1.80"),
    ]
    assert per_event.verdicts(found[1:]) == []
    assert len(per_event.rows([])) == 1


@pytest.mark.parametrize(
    "source",
    [
        "def handler(event, context): return {'batchItemFailures': [1]}",
        "def handler(event, context): return {'batchItemFailures': []}",
        "1 / 0",
    ],
)
def test_a_listener_that_does_not_do_its_work(tmp_path: Path, source: str) -> None:
    (tmp_path / "handler.py").write_text(source, encoding="utf-8")
    with pytest.raises(FailedError, match=f"the listener of {CNCB} failed"):
        handlers.measured({CNCB: tmp_path}, 1)


def test_verdicts() -> None:
    costs = [cost(CNCB, (30.0, 10.0, 20.0), 15.5, 50_000), cost(POWERTOOLS, (40.0, 50.0, 30.0))]
    measured = {each.target: (each.measured, each.reached) for each in handlers.verdicts(costs)}
    assert measured == {
        "own cost of an event": (20.0, True),
        "first import over boto3's": (15.5, False),
        "package, zipped": (50.0, False),
        "own cost of an event, against Powertools": (0.5, True),
    }
    assert len(handlers.verdicts(costs[:1])) == 3


def test_the_table() -> None:
    _, row = handlers.rows([cost(CNCB, (20.5, 19.5, 21.5))])
    assert row == (CNCB, "20.5", "±5%", "1.0", "1.0", "1.0")
