"""`cncb run`: a whole system on this machine, and what happens in it, live."""

from __future__ import annotations

from pathlib import Path

import click

from cncb_compiler.cli.common import FINDINGS, fail, found_systems, path_argument


@click.command()
@path_argument
@click.option("--endpoint", metavar="URL", help="An endpoint that is there already. Default: start one.")
@click.option("--stage", default="local", show_default=True, help="The stage that it is deployed as.")
@click.option("--port", type=int, default=0, help="Where the APIs answer. Default: a free port.")
@click.option("--answers", metavar="SCENARIO", help="Let external systems answer as this scenario says.")
def command(path: Path | None, endpoint: str | None, stage: str, port: int, answers: str | None) -> None:
    """Run a system on this machine: deploy it to a local AWS endpoint, print its routes, follow its events.

    Needs no account and no container engine. Ctrl-C ends it, and nothing is left running. While it runs,
    `cncb publish`, `invoke`, `logs` and `trace` find it by themselves.
    """
    from cncb_compiler.cli.deploying import problems

    sources = found_systems(path)
    if len(sources) > 1:
        names = ", ".join(str(source.root) for source in sources)
        fail(f"PATH means several systems; name one of {names}.")
    with problems():
        try:
            from cncb_compiler.cli.running import run
        except ImportError as error:
            fail(f"{error.name} is not installed: pip install 'cncb[local]'")
        if not run(sources[0], endpoint, stage, port, answers):
            raise SystemExit(FINDINGS)
