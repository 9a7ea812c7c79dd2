"""`cncb rule CODE`: what one check does, why, and how to mend what it finds."""

from __future__ import annotations

from difflib import get_close_matches

import click

from cncb_compiler.cli.common import fail


@click.command()
@click.argument("code")
def command(code: str) -> None:
    """Explain one check, by its code (CNCB304) or its name (unknown-field)."""
    from cncb_compiler.rules.registry import all_rules

    by_name = {name: rule for rule in all_rules() for name in (rule.code, rule.slug)}
    rule = by_name.get(code) or by_name.get(code.upper())
    if rule is None:
        close = get_close_matches(code, by_name, 1, 0.6)
        fail(f"`{code}` is no rule. " + (f"Did you mean `{close[0]}`?" if close else "`cncb rules` lists them."))
    click.echo(f"# {rule.code} {rule.slug} ({rule.severity})\n\n{rule.doc.strip()}")
