"""`cncb invoke`: one function of a running system."""

from __future__ import annotations

from pathlib import Path

import click

from cncb_compiler.cli.common import FINDINGS, fail
from cncb_compiler.cli.reaching import analysed, given_data, problems, running_options, system_option, target_of


@click.command()
@click.argument("service")
@click.argument("function")
@click.option("--data", default="{}", metavar="JSON", help="What it is given: JSON, @file, or @- for stdin.")
@system_option
@running_options
def command(
    service: str,
    function: str,
    data: str,
    path: Path | None,
    stage: str | None,
    region: str | None,
    profile: str | None,
    endpoint: str | None,
) -> None:
    """Call a function of a running system, and print its answer as JSON.

    FUNCTION is a name as planned (`command-submit`), or as declared (`submit`) where that means only one. A function
    is given the event that Lambda hands it: one behind a route expects API Gateway's.

    Exit code 0: it answered. 1: it failed (the end of its log follows), or AWS refuses. 2: wrong usage.
    """
    from cncb_compiler.operate.functions import UnknownNameError, find, physical_name

    with problems():
        import json

        from cncb_compiler.operate.invoke import invoke

        analysis = analysed(path)
        try:
            planned = find(analysis, service, function)
        except UnknownNameError as error:
            fail(str(error))
        payload = given_data(data)
        target = target_of(analysis, stage, region, profile, endpoint)
        answer = invoke(target, physical_name(analysis, service, planned, target.stage), payload)
    click.echo(json.dumps(answer.payload, indent=2, ensure_ascii=False))
    if answer.failed:
        if answer.log:
            click.echo(f"\nthe end of its log:\n{answer.log.rstrip()}", err=True)
        raise SystemExit(FINDINGS)
