"""The benchmark of handlers measures what it says, and compares listeners that do the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import handlers
from benchmarks.handlers import CNCB, POWERTOOLS, Cost
from benchmarks.measure import FailedError


def cost(subject: str, micros: tuple[float, ...], imported: float = 1.0, zipped: int = 1000) -> Cost:
    return Cost(subject, micros, (imported,), (imported,), zipped, {})


def test_the_generated_listener_is_measured(tmp_path: Path) -> None:
    package = handlers.generated(tmp_path / "package")
    (found,) = handlers.measured({CNCB: package}, 1)
    assert found.request["TableName"] == "products"
    assert found.request["Key"] == {"id": {"S": "p-999"}}
    assert 0 < found.microseconds[0] < 10_000
    assert 0 < found.imported[0] < 10_000
    assert 0 < found.compiled[0] < 10_000
    assert 1000 < found.zipped < 1_000_000
    assert not list(package.rglob("__pycache__"))


@pytest.mark.parametrize("subject", [POWERTOOLS, handlers.BY_HAND])
def test_the_peer_does_the_same(tmp_path: Path, subject: str) -> None:
    peer = handlers.with_powertools(tmp_path / "peer")
    if peer is None:
        pytest.skip("Powertools is not installed")
    packages = {CNCB: handlers.generated(tmp_path / "cncb"), subject: peer}
    own, other = handlers.measured(packages, 1)
    assert own.request == other.request


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
