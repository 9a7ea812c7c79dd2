"""`cncb export`: a system in the words of its neighbours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from cncb_compiler.cli.common import path_argument
from cncb_compiler.cli.selecting import select_options

Command = TypeVar("Command", bound=Callable[..., Any])

version_option = click.option(
    "--doc-version", "version", default="1.0.0", show_default=True, metavar="VERSION", help="The version that is said."
)


def _output(help_: str) -> Callable[[Command], Command]:
    return click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE|DIR", help=help_)


@click.group()
def command() -> None:
    """Export a system as AsyncAPI, JSON Schema, EventCatalog or Backstage descriptions.

    The same system gives the same bytes. A file that cncb did not make is never written over. With any error in the
    system nothing is written. Exit code 0: done. 1: findings. 2: wrong usage.
    """


@command.command()
@path_argument
@select_options
@version_option
@_output("One document in a FILE (.yaml, .yml, .json); or one for each service in the folder DIR. Default: print one.")
def asyncapi(
    path: Path | None, selected: tuple[str, ...], excluded: tuple[str, ...], version: str, output: Path | None
) -> None:
    """Describe who sends and receives which events: AsyncAPI 3.0.

    A document describes one service, where one is selected (`--select order-bff`), else the system as one application.
    """
    from cncb_compiler.cli import exporting

    part = exporting.part(path, selected, excluded)
    exporting.deliver(part, output, exporting.asyncapi(part, output, version))


@command.command("json-schema")
@path_argument
@select_options
@click.option(
    "--base-uri", metavar="URI", help="What each `$id` begins with, such as `https://schemas.example.com/shop/`."
)
@_output("A FILE, where one event is selected; else one file for each event and type in the folder DIR.")
def json_schema(
    path: Path | None,
    selected: tuple[str, ...],
    excluded: tuple[str, ...],
    base_uri: str | None,
    output: Path | None,
) -> None:
    """Write the JSON Schema (2020-12) of every event, as it travels, and of every named type."""
    from cncb_compiler.cli import exporting

    part = exporting.part(path, selected, excluded)
    exporting.deliver(part, output, exporting.json_schemas(part, output, base_uri))


@command.command()
@path_argument
@select_options
@version_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    required=True,
    help="The catalogue's folder: pages go into its `domains/SYSTEM` and `teams`.",
)
def eventcatalog(
    path: Path | None, selected: tuple[str, ...], excluded: tuple[str, ...], version: str, output: Path
) -> None:
    """Write pages for EventCatalog: a domain with its services, events and channels, and the teams."""
    from cncb_compiler.cli import exporting

    exporting.write_catalogue(exporting.part(path, selected, excluded), output, version)


@command.command()
@path_argument
@select_options
@version_option
@click.option("--namespace", default="default", show_default=True, metavar="NAME", help="The entities' namespace.")
@click.option("--lifecycle", default="production", show_default=True, metavar="WORD", help="The components' lifecycle.")
@click.option("--groups", is_flag=True, help="Make a group of each owner; else they are only referred to.")
@_output("The FILE (.yaml, .yml), such as catalog-info.yaml. Default: print it.")
def backstage(
    path: Path | None,
    selected: tuple[str, ...],
    excluded: tuple[str, ...],
    version: str,
    namespace: str,
    lifecycle: str,
    groups: bool,
    output: Path | None,
) -> None:
    """Write entities for Backstage's catalogue: the system, its components, APIs and resources."""
    from cncb_compiler.cli import exporting
    from cncb_compiler.export.backstage import Wanted

    wanted = Wanted(version, namespace, lifecycle, groups)
    exporting.write_entities(exporting.part(path, selected, excluded), output, wanted)
