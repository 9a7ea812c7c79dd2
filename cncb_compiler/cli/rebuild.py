"""`cncb rebuild`: a fresh copy of a view, filled from the lake, takes the place of the current one."""

from __future__ import annotations

from pathlib import Path

import click

from cncb_compiler.cli.common import FINDINGS, fail
from cncb_compiler.cli.reaching import problems, running_options, system_option


@click.command()
@click.argument("view", metavar="SERVICE.VIEW")
@click.option("--lake", metavar="BUCKET", help="The data lake. Default: that of the system.")
@click.option("--rate", type=click.IntRange(min=1), metavar="N", help="At most so many events in any second.")
@click.option(
    "--max-faults",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    metavar="N",
    help="Switch though the replay made so many faults.",
)
@click.option("--anew", is_flag=True, help="Remove the fresh copy of a rebuild that nobody goes on with, and begin.")
@click.option("--go", is_flag=True, help="Do it. Without it, only say what would be done.")
@system_option
@running_options
def command(
    view: str,
    lake: str | None,
    rate: int | None,
    max_faults: int,
    anew: bool,
    go: bool,
    path: Path | None,
    stage: str | None,
    region: str | None,
    profile: str | None,
    endpoint: str | None,
) -> None:
    r"""Rebuild a view: make a fresh copy, replay the lake into it, switch to it, and remove the old one.

    Queries answer from the old copy until the fresh one is filled. At the switch the service is deployed as it is
    declared, so look at `cncb plan` before. Without --go it counts what would be replayed, and changes nothing. A
    rebuild that was cut off goes on when it is called again. `cncb reindex` is the same.

    Exit code 0: it is done, or could be. 1: a stage failed, or AWS refuses; call it again. 2: wrong usage.

    \b
    Examples:
      cncb rebuild history.orders
      cncb rebuild history.orders --go --stage prod --rate 500
    """
    with problems():
        from cncb_compiler.cli.rebuilding import Wanted, rebuild_view
        from cncb_compiler.operate.functions import UnknownNameError

        wanted = Wanted(view, lake, rate, max_faults, anew)
        try:
            good = rebuild_view(path, (stage, region, profile, endpoint), wanted, go)
        except UnknownNameError as error:
            fail(str(error))
    if not good:
        raise SystemExit(FINDINGS)
