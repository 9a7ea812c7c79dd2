"""`cncb trace`: the tree of what an event has caused."""

from __future__ import annotations

from pathlib import Path

import click

from cncb_compiler.cli.reaching import analysed, json_option, path_argument, problems, running_options, target_of


@click.command()
@click.argument("event_id")
@path_argument
@running_options
@json_option
def command(
    event_id: str,
    path: Path | None,
    stage: str | None,
    region: str | None,
    profile: str | None,
    endpoint: str | None,
    output_format: str,
) -> None:
    """Show the tree that an event caused: event, function, row or event, and so on, with latencies.

    It is read from what the streams still hold, and from the marks that the runtime leaves in rows and objects. An
    event's latency is from its cause's arrival on the stream to its own; a row's, which only a `cncb run` knows, to the
    end of the function that wrote it. A row shows the event that wrote it last.
    Above the tree stand the causes of the event.

    EVENT_ID may also be the id of a change in a table, as it stands in `tags.trigger` of the event that it made.

    Exit code 0: shown. 1: there is no such event, or AWS refused. 2: wrong usage.
    """
    with problems():
        from cncb_compiler.trace.remembered import remembered
        from cncb_compiler.trace.render import to_json, to_text
        from cncb_compiler.trace.show import traced

        analysis = analysed(path)
        target = target_of(analysis, stage, region, profile, endpoint)
        found = traced(analysis, target, [event_id], invocations=remembered(analysis.linked.name, target))
        if output_format == "json":
            import json

            click.echo(json.dumps(to_json(found), indent=2, ensure_ascii=False))
        else:
            click.echo(to_text(found))
