"""Each kind of change by a pair of systems: `<rule>/before`, `<rule>/after`, and what the comparison says of them.

`python tests/breaking/test_breaking.py` writes every `expected.txt` again.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cncb_compiler.compare import registry
from cncb_compiler.compare.compare import Differences, compare
from cncb_compiler.compare.render.text import render
from cncb_compiler.compare.side import side_of
from cncb_compiler.source.discover import systems

HERE = Path(__file__).parent
CASES = sorted(folder.name for folder in HERE.iterdir() if (folder / "after").is_dir())


def compared(case: str) -> Differences:
    """The two trees of a case, compared."""
    sides = [side_of(side, systems(HERE / case / side)[0]) for side in ("before", "after")]
    return compare(*sides)


@pytest.mark.parametrize("case", CASES)
def test_a_change_is_found_and_judged(case: str) -> None:
    differences = compared(case)
    assert case in {change.slug for change in differences.changes}
    assert render(differences) == (HERE / case / "expected.txt").read_text(), (
        "run: python tests/breaking/test_breaking.py"
    )


@pytest.mark.parametrize("case", CASES)
def test_both_sides_are_clean_systems(case: str) -> None:
    differences = compared(case)
    assert (differences.before.wrong, differences.after.wrong) == (0, 0)


def test_every_kind_has_its_pair() -> None:
    assert set(CASES) == {kind.slug for kind in registry.all_kinds()}


def test_a_kind_has_no_level_that_it_does_not_say() -> None:
    levels = {kind.code: kind.levels for kind in registry.all_kinds()}
    found = [change for case in CASES for change in compared(case).changes]
    assert [change for change in found if change.level not in levels[change.code]] == []


if __name__ == "__main__":
    for name in CASES:
        (HERE / name / "expected.txt").write_text(render(compared(name)))
