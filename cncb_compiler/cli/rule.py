"""`cncb rule CODE`: what one check, or kind of change, is about, why, and what to do."""

from __future__ import annotations

from difflib import get_close_matches

import click

from cncb_compiler.cli.common import fail


@click.command()
@click.argument("code")
def command(code: str) -> None:
    """Explain one check, or one kind of change, by its code (CNCB304) or its name (unknown-field)."""
    from cncb_compiler.compare.registry import all_kinds
    from cncb_compiler.rules.registry import all_rules

    pages = {
        name: f"# {rule.code} {rule.slug} ({rule.severity})\n\n{rule.doc.strip()}\n\n{rule.mending}".rstrip()
        for rule in all_rules()
        for name in (rule.code, rule.slug)
    }
    for kind in all_kinds():
        page = f"# {kind.code} {kind.slug} ({kind.category}: {', '.join(kind.levels)})\n\n{kind.doc.strip()}"
        pages |= {kind.code: page, kind.slug: page}
    page_of = pages.get(code) or pages.get(code.upper())
    if page_of is None:
        close = get_close_matches(code, pages, 1, 0.6)
        fail(f"`{code}` is no rule. " + (f"Did you mean `{close[0]}`?" if close else "`cncb rules` lists them."))
    click.echo(page_of)
