"""`cncb schema`: the JSON Schema of the language, or of the manifest."""

from __future__ import annotations

import click


@click.command()
@click.option("--manifest", is_flag=True, help="The schema of `manifest.json` instead.")
def command(manifest: bool) -> None:
    """Print the JSON Schema of the language, for editors.

    Begin a file with `# yaml-language-server: $schema=PATH`, and the editor completes and underlines.
    """
    import json

    if manifest:
        from cncb_compiler.manifest.json_schema import manifest_schema as schema
    else:
        from cncb_compiler.model.json_schema import language_schema as schema
    click.echo(json.dumps(schema(), indent=2, ensure_ascii=False))
