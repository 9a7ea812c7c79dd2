"""What commands share that compare systems with another revision: their options, and when they fail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cncb_compiler.cli.common import FINDINGS
from cncb_compiler.source.discover import DEFAULT_FOLDER, SystemSource

if TYPE_CHECKING:
    from cncb_compiler.compare.compare import Differences

FAIL_ON = {"breaking": "breaking", "risky": "risky", "any": "safe"}
"""What `--fail-on` may say, and the mildest level that it means."""

F = TypeVar("F", bound=Callable[..., Any])


def compare_options(command: F) -> F:
    """`--against`, `--fail-on` and `--today`."""
    for option in (
        click.option(
            "--today",
            type=click.DateTime(["%Y-%m-%d"]),
            metavar="DAY",
            help="The day by which acceptances are over. Default: that of the commit HEAD.",
        ),
        click.option(
            "--fail-on", type=click.Choice(list(FAIL_ON)), help="Exit with 1 if a change is so bad, or worse."
        ),
        click.option(
            "--against",
            metavar="REV|DIR|FILE",
            help="A git revision, a folder, or a manifest.json. Default: the merge base with the default branch.",
        ),
    ):
        command = option(command)
    return command


def whole_of(path: Path | None, sources: Sequence[SystemSource]) -> Path | None:
    """The folder below which systems may be gone; None where one stands in a system and says no PATH."""
    if path is not None:
        return path
    return Path(DEFAULT_FOLDER) if sources[0].root.parts[:1] == (DEFAULT_FOLDER,) else None


def exit_where(compared: Sequence[Differences], fail_on: str | None) -> None:
    """Exit with 1 where a change is as bad as `--fail-on` says, or errors keep a system from being compared whole."""
    from cncb_compiler.compare.change import Level

    if fail_on is not None and any(one.reaches(Level(FAIL_ON[fail_on])) or one.after.wrong for one in compared):
        raise SystemExit(FINDINGS)
