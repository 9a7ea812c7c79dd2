"""The short form of the soak. `make soak` is the long one: 4,500 events under 20 seeds."""

from __future__ import annotations

from pathlib import Path

from cncb_compiler.local.session import Session
from tests.soak import trial


def test_nothing_is_lost_and_nothing_doubled(tmp_path: Path) -> None:
    with Session() as session:
        outcome = trial.run(session, tmp_path, seed=1, events=300)
    assert outcome.wrong == ()
