"""The benchmark end to end takes events through a deployed listener, and its section of the page is renewed."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import listeners, packages, running
from benchmarks.handlers import Cost
from benchmarks.listeners import HEADING, Listeners
from benchmarks.measure import FailedError
from benchmarks.packages import CNCB
from benchmarks.running import PLAIN, Rate
from cncb_compiler.deploy.artifacts import zipped

COST = Cost(CNCB, (10.0, 20.0, 12.0), (16.0,), (4.0,), 2500, {"Key": "k"})
FOUND = Listeners((COST,), (), (Rate(PLAIN, 100, (0.5, 1.0, 0.25)),), (), ("With care.",))
NOTHING = b"def handler(event, context): return {'batchItemFailures': []}"


def test_listeners_end_to_end(tmp_path: Path) -> None:
    package = packages.zipped(packages.generated(tmp_path / "package"))
    own, plain = running.measured({CNCB: package}, tmp_path / "system", 3, 1)
    assert (own.subject, own.events, len(own.seconds)) == (CNCB, 3, 1)
    assert (plain.subject, plain.events, len(plain.seconds)) == (PLAIN, 3, 1)
    assert own.seconds[0] > 0
    with pytest.raises(FailedError, match="the view of idle does not hold the last events"):
        running.measured({"idle": zipped({"handler.py": NOTHING})}, tmp_path / "system", 3, 1)


def test_rates() -> None:
    assert running.rows(FOUND.rates)[1] == (PLAIN, "100", "3", "200", "±75%")


def test_the_reports() -> None:
    text = listeners.as_text(FOUND)
    assert "own cost of an event" in text
    assert text.endswith("With care.\n")
    found = listeners.as_values(FOUND)
    assert [each["reached"] for each in found["verdicts"]] == [True, False, True]
    assert found["costs"][0]["microseconds"] == (10.0, 20.0, 12.0)


def test_the_section_of_the_page_is_renewed() -> None:
    page = "# Benchmarks\n\nText.\n"
    once = listeners.renewed(page, FOUND)
    assert once.startswith(f"{page}\n{HEADING}\n")
    assert "| no function | 100 | 3 | 200 | ±75% |" in once
    assert listeners.renewed(once, FOUND) == once


def test_without_rates_there_is_no_table_of_them() -> None:
    assert "End to end" not in listeners.as_markdown(Listeners((COST,), (), (), (), ()))
