"""`cncb rules`: the catalogue of checks, and of the changes that `cncb diff` tells apart."""

from __future__ import annotations

import click


@click.command()
@click.option(
    "--output-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How they are shown.",
)
def command(output_format: str) -> None:
    """List all checks, by code: severity, name, what each finds. Then all kinds of change, with their worst level."""
    from cncb_compiler.compare.registry import all_kinds
    from cncb_compiler.rules.registry import all_rules

    rows = [(rule.group, rule.code, str(rule.severity), rule.slug, rule.summary) for rule in all_rules()]
    rows += [
        (f"changes: {kind.category}", kind.code, str(kind.levels[0]), kind.slug, kind.summary) for kind in all_kinds()
    ]
    if output_format == "json":
        import json

        listed = [
            {"code": code, "slug": slug, "severity": severity, "group": group, "summary": summary}
            for group, code, severity, slug, summary in rows
        ]
        click.echo(json.dumps(listed, indent=2))
        return
    shown = ""
    for group, code, severity, slug, summary in rows:
        if group != shown:
            click.echo(f"\n{group}" if shown else group)
            shown = group
        click.echo(f"  {code} {severity:<9}{slug:<30} {summary}")
