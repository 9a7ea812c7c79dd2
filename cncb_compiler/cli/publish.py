"""`cncb publish`: an event, validated and completed, onto its stream."""

from __future__ import annotations

from pathlib import Path

import click

from cncb_compiler.cli.common import FINDINGS, fail
from cncb_compiler.cli.reaching import (
    analysed,
    given_data,
    json_option,
    path_argument,
    problems,
    running_options,
    target_of,
)


@click.command()
@click.argument("event_type")
@path_argument
@click.option(
    "--data", default="{}", metavar="JSON", help="Its own fields, and its context: JSON, @file, or @- for stdin."
)
@click.option("--key", metavar="TEXT", help="Its partition key. Default: as the event declares it.")
@click.option("--id", "event_id", metavar="UUID", help="Its id. Default: a new one.")
@running_options
@json_option
def command(
    event_type: str,
    path: Path | None,
    data: str,
    key: str | None,
    event_id: str | None,
    stage: str | None,
    region: str | None,
    profile: str | None,
    endpoint: str | None,
    output_format: str,
) -> None:
    """Publish an event: checked against its type, its envelope completed. Prints what was put, and where.

    It goes to the `cncb run` of the system in this folder; to AWS with --stage.

    Exit code 0: published. 1: the event does not fit, or AWS refuses. 2: wrong usage.
    """
    from cncb_compiler.operate.events import UnfitError, completed, find_event
    from cncb_compiler.operate.functions import UnknownNameError

    with problems():
        from cncb_compiler.operate.publish import publish, to_json, to_text

        analysis = analysed(path)
        try:
            event = find_event(analysis.linked, event_type)
        except UnknownNameError as error:
            fail(str(error))
        given = given_data(data)
        target = target_of(analysis, stage, region, profile, endpoint)
        try:
            whole = completed(analysis.linked, event, given, target, key, event_id)
        except UnfitError as error:
            click.echo(f"cncb: the data is no {error.event}:", err=True)
            for where, what in error.violations:
                click.echo(f"  {where}: {what}" if where else f"  {what}", err=True)
            raise SystemExit(FINDINGS) from None
        published = publish(target, analysis.linked, whole)
        if output_format == "json":
            import json

            click.echo(json.dumps(to_json(published), indent=2, ensure_ascii=False))
        else:
            click.echo(to_text(published))
