"""`cncb faults`: what could not be handled, looked at and sent to its function again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from cncb_compiler.cli.common import FINDINGS, fail
from cncb_compiler.cli.reaching import analysed, json_option, problems, running_options, system_option, target_of

Command = TypeVar("Command", bound=Callable[..., Any])


def _options(command: Command) -> Command:
    for option in (
        json_option,
        running_options,
        system_option,
        click.option("--id", "ids", multiple=True, metavar="ID", help="Only this fault; its first characters will do."),
        click.option("--since", metavar="TIME", help="Only what was faulted since: 2026-11-25T18:00Z, or 2h, 7d ago."),
        click.option("--service", "of", metavar="SERVICE[.FUNCTION]", help="Only the faults of one service."),
    ):
        command = option(command)
    return command


@click.group()
def command() -> None:
    """List, show and resubmit what a system's functions could not handle, as its monitor keeps it.

    A system has a monitor once it declares a service with `kind: monitor`.
    """


@command.command("list")
@click.option("--resubmitted", is_flag=True, help="Those that were handled when they were resubmitted.")
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True, help="Show so many, the newest.")
@_options
def listed(resubmitted: bool, limit: int, output_format: str, **said: Any) -> None:
    """List the faults that nobody has mended, oldest first.

    Exit code 0: listed. 1: AWS, or the way to it, refused. 2: wrong usage.
    """
    from cncb_compiler.cli.faulted import list_faults

    with problems():
        _reached(said, lambda reach: list_faults(reach, resubmitted, limit, output_format))


@command.command()
@_options
def show(output_format: str, **said: Any) -> None:
    """Show faults whole: the error, where the function is declared, the event that it could not handle.

    Exit code 0: shown. 1: there is none, or AWS refused. 2: wrong usage.
    """
    from cncb_compiler.cli.faulted import show_faults

    if not said["ids"]:
        fail("say which fault with --id; `cncb faults list` lists them.")
    with problems():
        if not _reached(said, lambda reach: show_faults(reach, output_format)):
            raise SystemExit(FINDINGS)


@command.command()
@click.option("--go", is_flag=True, help="Send them. Without it, only say what would be sent.")
@_options
def resubmit(go: bool, output_format: str, **said: Any) -> None:
    r"""Give the records of faults to their functions again, one by one, oldest first.

    Each goes to the very function that could not handle it, as its source delivered it. What is handled now is moved to
    `resubmitted/` and no longer listed; what is faulted again stays. Without --go nothing is sent.

    Exit code 0: all are handled, or would be sent. 1: something was faulted again or failed, or AWS refuses.
    2: wrong usage.

    \b
    Examples:
      cncb faults resubmit --service history
      cncb faults resubmit --service history.view-orders --since 2h --go
    """
    from cncb_compiler.cli.faulted import resubmit_faults

    with problems():
        if not _reached(said, lambda reach: resubmit_faults(reach, go, output_format)):
            raise SystemExit(FINDINGS)


def _reached(said: dict[str, Any], do: Callable[[Any], Any]) -> Any:
    """Do something with the faults that the options mean."""
    from cncb_compiler.faults.reach import reach
    from cncb_compiler.operate.functions import UnknownNameError

    path: Path | None = said["path"]
    analysis = analysed(path)
    target = target_of(analysis, said["stage"], said["region"], said["profile"], said["endpoint"])
    try:
        return do(reach(analysis, target, said["of"], said["since"], said["ids"]))
    except (UnknownNameError, ValueError) as error:
        fail(str(error))
