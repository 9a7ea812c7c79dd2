"""`cncb explain`: why something that was generated exists."""

from __future__ import annotations

from pathlib import Path

import click

from cncb_compiler.cli.common import fail, found_systems, output_option, prefix_of


@click.command()
@click.argument("target")
@click.option(
    "--system", "path", type=click.Path(path_type=Path), metavar="PATH", help="The system; by default as elsewhere."
)
@output_option
def command(target: str, path: Path | None, output_format: str) -> None:
    """Say why a resource, permission or setting exists: the declaration, and the pattern that asked for it.

    TARGET is a logical id (`CommandSubmitFunction`; `order-bff/CommandSubmitFunction` where several services have
    it), one of its properties (`CommandSubmitFunction.Timeout`), a role (`CommandSubmitRole`: its permissions), a
    generated file, or a declaration (`services/order-bff.yaml:12`, `services/order-bff.yaml#/commands/submit`:
    everything that it makes).
    """
    from cncb_compiler.explain.known import Known
    from cncb_compiler.explain.render import to_json, to_text
    from cncb_compiler.explain.target import NoAnswerError, explain
    from cncb_compiler.passes import analyse, has_errors
    from cncb_compiler.source.sources import Sources

    systems = [(Known(analyse(source)), prefix_of(source)) for source in found_systems(path)]
    try:
        explained = explain(systems, target)
    except NoAnswerError as error:
        fail(str(error))
    known = explained.known
    if has_errors(known.analysis.shown()):
        click.echo(f"cncb: `{known.name}` has errors; this is as far as it is understood. See `cncb check`.", err=True)
    prefix = next(prefix for one, prefix in systems if one is known)
    sources = Sources(known.analysis.source.files, prefix)
    click.echo(
        to_text(explained.answer, sources) if output_format == "text" else to_json(explained.answer, sources), nl=False
    )
