"""`cncb schema`: the JSON Schema of the language, of scenarios, or of the manifest."""

from __future__ import annotations

import click

from cncb_compiler.cli.common import fail


@click.command()
@click.option("--manifest", is_flag=True, help="The schema of `manifest.json` instead.")
@click.option("--scenario", is_flag=True, help="The schema of `scenarios/*.yaml` instead.")
def command(manifest: bool, scenario: bool) -> None:
    """Print the JSON Schema of the language, for editors.

    Begin a file with `# yaml-language-server: $schema=PATH`, and the editor completes and underlines.
    """
    import json

    if manifest and scenario:
        fail("`--manifest` and `--scenario` are two schemas; name one.")
    if manifest:
        from cncb_compiler.manifest.json_schema import manifest_schema as schema
    elif scenario:
        from cncb_compiler.scenarios.json_schema import scenario_schema as schema
    else:
        from cncb_compiler.model.json_schema import language_schema as schema
    click.echo(json.dumps(schema(), indent=2, ensure_ascii=False))
