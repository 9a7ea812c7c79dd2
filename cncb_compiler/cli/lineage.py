"""`cncb lineage`: where a field comes from, where it goes, and who would break without it."""

from __future__ import annotations

from pathlib import Path

import click

from cncb_compiler.cli.common import fail, found_systems, output_option, path_argument, prefix_of


@click.command()
@click.argument("field")
@path_argument
@output_option
def command(field: str, path: Path | None, output_format: str) -> None:
    """Say where a field comes from, where it goes, and which declarations would break without it.

    FIELD is a field of events (`order.sku`; `order-submitted#order.sku` of one event), or of anything else by its name
    in lineage: `view:service.name#field`, `store:`, `response:`, `command:service.name#input.field`, `queue:`, `bus:`.
    """
    from cncb_compiler.compare.side import side_of
    from cncb_compiler.lineage.answer import answers
    from cncb_compiler.lineage.fields import NoFieldError
    from cncb_compiler.lineage.render import to_json, to_text
    from cncb_compiler.source.sources import Sources

    unknown = []
    for source in found_systems(path):
        side = side_of("", source)
        try:
            found = answers(side, field)
        except NoFieldError as error:
            unknown.append(str(error))
            continue
        name = side.system.name
        if side.wrong:
            click.echo(f"cncb: `{name}` has errors; this is as far as it is understood. See `cncb check`.", err=True)
        sources = Sources(source.files, prefix_of(source))
        click.echo(to_text(found, sources) if output_format == "text" else to_json(found, name, sources), nl=False)
        return
    from cncb_compiler.cli.selecting import likeliest

    fail(likeliest(unknown))
