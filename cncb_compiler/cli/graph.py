"""`cncb graph`: the event graph of the whole system."""

from __future__ import annotations

from pathlib import Path

import click

from cncb_compiler.cli.common import FINDINGS, fail, found_systems, path_argument, report


@click.command()
@path_argument
@click.option(
    "--format",
    "format_",
    type=click.Choice(["mermaid", "dot", "json"]),
    default="mermaid",
    show_default=True,
    help="The picture's language; json is the manifest.",
)
def command(path: Path | None, format_: str) -> None:
    """Draw the event graph of a system: who publishes, who consumes, what each service holds.

    A system with errors is drawn as far as it is understood, with the findings on the error stream.
    """
    from cncb_compiler.passes import analyse, has_errors

    sources = found_systems(path)
    if len(sources) > 1:
        names = ", ".join(str(source.root) for source in sources[:5])
        fail(f"a picture is of one system; PATH holds {len(sources)}: {names}, ... Name one of them.")
    analysis = analyse(sources[0])
    shown = analysis.shown()
    if has_errors(shown):
        click.echo(report([(sources[0], shown)], "text"), err=True, nl=False)
    if format_ == "json":
        from cncb_compiler.manifest.build import manifest

        click.echo(manifest(analysis.linked, analysis.plans, analysis.values).decode(), nl=False)
    else:
        from cncb_compiler.draw import dot, mermaid
        from cncb_compiler.draw.picture import picture

        drawn = picture(analysis.linked)
        text = mermaid.render(drawn) if format_ == "mermaid" else dot.render(drawn)
        click.echo(text, nl=False)
        problem = mermaid.too_large(drawn, text) if format_ == "mermaid" else None
        if problem:
            click.echo(f"cncb: {problem}", err=True)
    if has_errors(shown):
        raise SystemExit(FINDINGS)
