"""`docs/examples/pull-request/comment.md`: the comment that `cncb review` writes for the change beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cncb_compiler.cli.against import WORKING_TREE
from cncb_compiler.compare.compare import compare
from cncb_compiler.compare.side import Side, side_of
from cncb_compiler.review.comment import Review, render
from cncb_compiler.review.findings import Checked, checked, compared
from cncb_compiler.source.discover import read_whole
from cncb_compiler.source.sources import Sources

PULL_REQUEST = "examples/pull-request"
"""Where the example is, below `docs/`."""

PAGE = "https://example.com/artifacts/cncb-review"


def comment(folder: Path) -> str:
    """The comment for a change from the system in `before/` to that in `after/`."""
    before, was = _side(folder / "before", "main")
    after, now = _side(folder / "after", WORKING_TREE)
    return render([Review(compare(before, after), compared(was, now))], PAGE)


def _side(folder: Path, label: str) -> tuple[Side, Checked]:
    source = read_whole(folder)
    side = replace(side_of(label, source), sources=Sources(source.files, "topologies/shop"))
    return side, checked(side, source)
