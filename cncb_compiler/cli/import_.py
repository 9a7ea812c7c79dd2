"""`cncb import`: what a team already has, as a topology to start from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

_files = click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))


def _options(command: Command) -> Command:
    command = click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        help="The new system's folder.",
    )(command)
    return click.option("--name", metavar="NAME", help="The new system's name. Default: what the file says.")(command)


@click.group()
def command() -> None:
    """Make a topology of a description that exists: to start from, or to draw what is there.

    Several files become one system. Nothing is ever written over. What could not be understood is listed with its
    place. Exit code 0: written. 1: a file that cannot be read. 2: wrong usage, or a file of another kind.
    """


@command.command()
@_files
@_options
def asyncapi(files: tuple[Path, ...], output: Path | None, name: str | None) -> None:
    """Events, services and who sends what, of AsyncAPI 2.x and 3.0 documents."""
    from cncb_compiler.cli.importing import imported
    from cncb_compiler.importing.asyncapi import draft

    imported(files, output, name, draft)


@command.command()
@_files
@_options
def cloudformation(files: tuple[Path, ...], output: Path | None, name: str | None) -> None:
    """Streams, functions, tables, mappings and permissions, of CloudFormation and SAM templates: a service each."""
    from cncb_compiler.cli.importing import imported
    from cncb_compiler.importing.stacks import draft
    from cncb_compiler.importing.template import stack

    imported(files, output, name, lambda read, notes: draft([stack(*one, notes) for one in read], notes))


@command.command()
@_files
@_options
def serverless(files: tuple[Path, ...], output: Path | None, name: str | None) -> None:
    """Functions, their triggers and permissions, and resources, of serverless.yml files: a service each."""
    from cncb_compiler.cli.importing import imported
    from cncb_compiler.importing.serverless import stack
    from cncb_compiler.importing.stacks import draft

    imported(files, output, name, lambda read, notes: draft([stack(*one, notes) for one in read], notes))
