"""`cncb schema`: the JSON Schema of the language, of scenarios, of the manifest, or of differences."""

from __future__ import annotations

import click

from cncb_compiler.cli.common import fail


@click.command()
@click.option("--manifest", is_flag=True, help="The schema of `manifest.json` instead.")
@click.option("--diff", is_flag=True, help="The schema of what `cncb diff --format json` prints instead.")
@click.option("--scenario", is_flag=True, help="The schema of `scenarios/*.yaml` instead.")
def command(manifest: bool, diff: bool, scenario: bool) -> None:
    """Print the JSON Schema of the language, for editors.

    Begin a file with `# yaml-language-server: $schema=PATH`, and the editor completes and underlines.
    """
    import json

    if manifest + diff + scenario > 1:
        fail("`--manifest`, `--diff` and `--scenario` are different schemas; name one.")
    if manifest:
        from cncb_compiler.manifest.json_schema import manifest_schema as schema
    elif diff:
        from cncb_compiler.compare.render.document import diff_schema as schema
    elif scenario:
        from cncb_compiler.scenarios.json_schema import scenario_schema as schema
    else:
        from cncb_compiler.model.json_schema import language_schema as schema
    click.echo(json.dumps(schema(), indent=2, ensure_ascii=False))
