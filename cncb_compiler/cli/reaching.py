"""What `publish`, `invoke`, `logs` and `trace` share: their options, the one system they are about, its target."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cncb_compiler.cli.common import FINDINGS, fail, found_systems, path_argument, report

if TYPE_CHECKING:
    from cncb_compiler.passes import Analysis
    from cncb_compiler.source.discover import SystemSource
    from cncb_compiler.target.target import Target

Command = TypeVar("Command", bound=Callable[..., Any])

system_option = click.option(
    "--system", "path", type=click.Path(path_type=Path), metavar="PATH", help="The system; by default as elsewhere."
)
json_option = click.option(
    "--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How it is shown."
)


def running_options(command: Command) -> Command:
    """The options that say where the system runs: --stage, --region, --profile, --endpoint."""
    for option in (
        click.option("--endpoint", metavar="URL", help="What stands in for AWS. Default: that of the `cncb run` here."),
        click.option("--profile", metavar="NAME", help="The AWS profile with the credentials."),
        click.option("--region", metavar="NAME", help="The AWS region. Default: the run's, else the stage's first."),
        click.option("--stage", metavar="NAME", help="The stage of the system. Default: that of the `cncb run` here."),
    ):
        command = option(command)
    return command


def analysed(path: Path | None) -> Analysis:
    """The one system that PATH means. Ends the command where it means several, or the system has errors."""
    from cncb_compiler.passes import analyse, has_errors

    source = _one(found_systems(path))
    analysis = analyse(source)
    shown = analysis.shown()
    if has_errors(shown):
        click.echo(report([(source, shown)], "text"), nl=False, err=True)
        raise SystemExit(FINDINGS)
    return analysis


def _one(sources: list[SystemSource]) -> SystemSource:
    """The only system; of several, the only one that runs here."""
    from cncb_compiler.target.running import live_runs

    if len(sources) == 1:
        return sources[0]
    roots = {Path(run.root).resolve() for run in live_runs()}
    running = [source for source in sources if source.root.resolve() in roots]
    if len(running) != 1:
        names = ", ".join(str(source.root) for source in running or sources)
        fail(f"several systems could be meant; name one of {names}.")
    return running[0]


def target_of(
    analysis: Analysis, stage: str | None, region: str | None, profile: str | None, endpoint: str | None
) -> Target:
    """Where the system runs that the options mean."""
    from cncb_compiler.target.running import resolve_target

    assert analysis.declared is not None
    return resolve_target(analysis.declared, stage, region, profile, endpoint)


def given_data(text: str) -> Any:
    """The JSON value of `--data`: as it stands, of `@file`, or of `@-` (standard input). Ends the command otherwise."""
    from cncb_compiler.runtime import jsons

    name = text.removeprefix("@") if text.startswith("@") else None
    try:
        if name == "-":
            text = sys.stdin.read()
        elif name is not None:
            text = Path(name).read_text(encoding="utf-8")
        return jsons.loads(text)
    except OSError as error:
        fail(f"{name} cannot be read: {error.strerror}.")
    except ValueError as error:
        fail(f"{'--data' if name is None else f'--data {name}'} is not JSON: {error}.")


@contextmanager
def problems() -> Iterator[None]:
    """End the command with one line and exit code 1 where AWS, or the way to it, refuses something."""
    from cncb_compiler.target.problems import Problem

    try:
        yield
    except Problem as problem:
        click.echo(f"cncb: {problem}", err=True)
        raise SystemExit(FINDINGS) from None
    except KeyboardInterrupt:
        click.echo("cncb: interrupted.", err=True)
        raise SystemExit(FINDINGS) from None


__all__ = [
    "analysed",
    "given_data",
    "json_option",
    "path_argument",
    "problems",
    "running_options",
    "system_option",
    "target_of",
]
