"""`cncb rules`: the catalogue of checks."""

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
    """List all checks, by code: severity, name, what each finds."""
    from cncb_compiler.rules.registry import all_rules

    if output_format == "json":
        import json

        listed = [
            {
                "code": rule.code,
                "slug": rule.slug,
                "severity": rule.severity,
                "group": rule.group,
                "summary": rule.summary,
            }
            for rule in all_rules()
        ]
        click.echo(json.dumps(listed, indent=2))
        return
    group = ""
    for rule in all_rules():
        if rule.group != group:
            group = rule.group
            click.echo(f"\n{group}" if rule is not all_rules()[0] else group)
        click.echo(f"  {rule.code} {rule.severity:<8}{rule.slug:<30} {rule.summary}")
