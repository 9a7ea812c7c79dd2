"""`cncb run`: a whole system on this machine, and what happens in it, live."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import click

from cncb_compiler.cli.common import FINDINGS, fail, found_systems, path_argument


@click.command()
@path_argument
@click.option("--endpoint", metavar="URL", help="An endpoint that is there already. Default: start one.")
@click.option("--stage", default="local", show_default=True, metavar="NAME", help="The stage that it is deployed as.")
@click.option("--port", type=int, default=0, metavar="PORT", help="Where the APIs answer. Default: a free port.")
@click.option("--answers", metavar="SCENARIO", help="Let external systems answer as this scenario says.")
def command(path: Path | None, endpoint: str | None, stage: str, port: int, answers: str | None) -> None:
    r"""Run a system on this machine, print its routes, follow its events.

    It is deployed from its own templates to a local AWS endpoint: no account and no container engine are needed. While
    it runs, `cncb publish`, `invoke`, `logs`, `trace` and `new scenario` find it from the folder it was started in.
    Ctrl-C ends it, and nothing is left running.

    Exit code 0: it ran, and was ended. 1: findings, or it could not be deployed. 2: wrong usage.

    \b
    Examples:
      cncb run
      cncb run topologies/shop --answers order-delivered
      cncb run --endpoint http://127.0.0.1:4566
    """
    from cncb_compiler.cli.deploying import problems

    sources = found_systems(path)
    if len(sources) > 1:
        names = ", ".join(str(source.root) for source in sources)
        fail(f"PATH means several systems; name one of {names}.")
    with problems():
        from cncb_compiler.local.endpoint.process import EndpointProcess

        # The endpoint starts while the rest is imported: the imports take as long as it does.
        with nullcontext(endpoint) if endpoint else EndpointProcess() as there:
            try:
                from cncb_compiler.cli.running import run
            except ImportError as error:
                fail(f"{error.name} is not installed: pip install 'cncb[local]'")
            if not run(sources[0], there, stage, port, answers):
                raise SystemExit(FINDINGS)
