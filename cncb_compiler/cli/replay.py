"""`cncb replay`: the lake's events once more to one function."""

from __future__ import annotations

from pathlib import Path

import click

from cncb_compiler.cli.common import FINDINGS, fail
from cncb_compiler.cli.reaching import analysed, json_option, problems, running_options, system_option, target_of

SYSTEM_HELP = "The system; by default as elsewhere."


@click.command()
@click.argument("lake_bucket", required=False)
@click.option("--to", "to", required=True, metavar="SERVICE.FUNCTION", help="Who gets them.")
@click.option("--prefix", "prefixes", multiple=True, metavar="P", help="Which objects. Default: those of its streams.")
@click.option("--from", "since", metavar="TIME", help="What arrived since: 2026-11-25T18:00Z, or 2h, 7d ago.")
@click.option("--until", metavar="TIME", help="What arrived before.")
@click.option("--types", multiple=True, metavar="TYPE,...", help="Only these. Default: all that it listens to.")
@click.option("--keys", multiple=True, metavar="KEY,...", help="Only events with these partition keys.")
@click.option("--rate", type=click.IntRange(min=1), metavar="N", help="At most so many events in any second.")
@click.option("--resume", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Go on from there.")
@click.option("--max-failed", type=click.IntRange(min=0), default=100, show_default=True, help="Stop behind so many.")
@click.option("--distributed", is_flag=True, help="As a Step Functions distributed map, for a large lake.")
@click.option(
    "--concurrency",
    type=click.IntRange(min=1, max=1000),
    default=10,
    show_default=True,
    metavar="N",
    help="With --distributed: so many objects at a time.",
)
@click.option("--go", is_flag=True, help="Send them. Without it, only say what would be sent.")
@system_option
@running_options
@json_option
def command(
    lake_bucket: str | None,
    to: str,
    prefixes: tuple[str, ...],
    since: str | None,
    until: str | None,
    types: tuple[str, ...],
    keys: tuple[str, ...],
    rate: int | None,
    resume: Path | None,
    max_failed: int,
    distributed: bool,
    concurrency: int,
    go: bool,
    path: Path | None,
    stage: str | None,
    region: str | None,
    profile: str | None,
    endpoint: str | None,
    output_format: str,
) -> None:
    r"""Give events of the lake once more to one function, as its stream did; never back to the stream.

    LAKE_BUCKET is by default that of the system's data lake. Without --go it counts what would be sent, and sends
    nothing. Batches go one after the other. How far it has come is kept in a file after each, so that a replay that was
    cut off goes on with --resume. Records that fail whenever they are tried are kept beside it.

    With --distributed the same replay is written as a CloudFormation stack with a Step Functions distributed map, which
    takes many objects of the lake at a time; --go deploys and starts it. Events of one key may then come out of order.

    Exit code 0: all was sent, or would be. 1: something failed, was unreadable, or AWS refuses. 2: wrong usage.

    \b
    Examples:
      cncb replay --to history.orders
      cncb replay --to history.orders --from 7d --types order-submitted --go
      cncb replay my-lake --prefix main/2026/11/ --to history.orders --rate 500 --go --stage prod
      cncb replay --to history.orders --distributed --concurrency 50 --go --stage prod
    """
    with problems():
        from cncb_compiler.cli.replaying import Wanted, replay
        from cncb_compiler.operate.functions import UnknownNameError

        analysis = analysed(path)
        target = target_of(analysis, stage, region, profile, endpoint)
        wanted = Wanted(lake_bucket, to, prefixes, since, until, _split(types), _split(keys), rate, resume, max_failed)
        if distributed and (rate is not None or resume is not None):
            fail("--distributed takes neither --rate nor --resume: say --concurrency, and redrive what has failed.")
        try:
            if distributed:
                from cncb_compiler.cli.distributing import replay_distributed

                good = replay_distributed(analysis, target, wanted, concurrency, go, output_format)
            else:
                good = replay(analysis, target, wanted, go, output_format)
        except (UnknownNameError, ValueError) as error:
            fail(str(error))
    if not good:
        raise SystemExit(FINDINGS)


def _split(said: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part for one in said for part in one.split(",") if part)
