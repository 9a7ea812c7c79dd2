"""`cncb run`: a whole system on this machine, and what happens in it, live."""

from __future__ import annotations

from pathlib import Path

import click

from cncb_compiler.cli.common import path_argument


@click.command()
@path_argument
@click.option("--endpoint", metavar="URL", help="An endpoint that is there already. Default: start one.")
@click.option("--stage", default="local", show_default=True, help="The stage that it is deployed as.")
@click.option("--region", help="Default: the stage's first region, else us-east-1.")
@click.option("--port", type=int, default=0, help="Where the APIs answer. Default: a free port.")
@click.option("--answers", metavar="SCENARIO", help="External systems answer as this scenario gives them.")
def command(
    path: Path | None, endpoint: str | None, stage: str, region: str | None, port: int, answers: str | None
) -> None:
    """Run a system on this machine: deploy it to a local AWS endpoint, print its routes, follow its events.

    Needs no account and no container engine. Ctrl-C ends it, and nothing is left running.
    """
