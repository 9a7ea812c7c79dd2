"""What commands share that work on a part of a system: `--select`, `--exclude`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cncb_compiler.cli.common import fail

if TYPE_CHECKING:
    from cncb_compiler.passes import Analysis
    from cncb_compiler.select.selection import Selection

F = TypeVar("F", bound=Callable[..., Any])


def select_options(command: F) -> F:
    """`--select` and `--exclude`, as tuples of texts."""
    command = click.option(
        "--exclude", "excluded", multiple=True, metavar="SELECTOR", help="But not this; as `--select`, repeatable."
    )(command)
    return click.option(
        "--select",
        "selected",
        multiple=True,
        metavar="SELECTOR",
        help="Only this part: `orders`, `event:order-*`, `owner:TEAM`, `+x`, `x+1`, `path:a..b`; repeatable.",
    )(command)


def selection(analysis: Analysis, selected: tuple[str, ...], excluded: tuple[str, ...]) -> Selection | None:
    """What is selected in a system, None where nothing was asked for. Ends the command where a selector is none.

    Raises NothingNamedError where it names nothing in this system.
    """
    if not selected and not excluded:
        return None
    from cncb_compiler.select.grammar import NothingNamedError, SelectorError
    from cncb_compiler.select.selection import select

    try:
        return select(analysis.linked, selected, excluded)
    except NothingNamedError:
        raise
    except SelectorError as error:
        fail(str(error))


def selections(
    analyses: Sequence[Analysis], selected: tuple[str, ...], excluded: tuple[str, ...]
) -> list[Selection | None]:
    """As `selection`, of several systems: nothing of a system that has not what is named, unless none has it."""
    from cncb_compiler.select.grammar import NothingNamedError
    from cncb_compiler.select.selection import nothing

    made: list[Selection | None] = []
    unknown: list[str] = []
    for analysis in analyses:
        try:
            made.append(selection(analysis, selected, excluded))
        except NothingNamedError as error:
            unknown.append(str(error))
            made.append(nothing(analysis.linked))
    if unknown and len(unknown) == len(analyses):
        fail(likeliest(unknown))
    return made


def likeliest(messages: Sequence[str]) -> str:
    """Of what several systems say about a name that none of them has: the first with a guess, else the first."""
    return next((message for message in messages if "Did you mean" in message), messages[0])
