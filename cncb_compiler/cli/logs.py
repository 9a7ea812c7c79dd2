"""`cncb logs`: what the functions of a service logged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cncb_compiler.cli.common import fail
from cncb_compiler.cli.reaching import analysed, json_option, problems, running_options, system_option, target_of

if TYPE_CHECKING:
    from cncb_compiler.operate.logs import Line
    from cncb_compiler.target.target import Target

_SINCE = re.compile(r"[1-9][0-9]{0,5}[smhd]")
POLL_SECONDS = 1.0
"""Between two questions while following."""


@click.command()
@click.argument("service")
@click.argument("function", required=False)
@click.option("--follow", is_flag=True, help="Go on until Ctrl-C.")
@click.option("--since", default="10m", show_default=True, metavar="TIME", help="How far back: 30s, 10m, 2h, 1d.")
@system_option
@running_options
@json_option
def command(
    service: str,
    function: str | None,
    follow: bool,
    since: str,
    path: Path | None,
    stage: str | None,
    region: str | None,
    profile: str | None,
    endpoint: str | None,
    output_format: str,
) -> None:
    """Show the logs of a service's functions, or of one of them, by time.

    FUNCTION is a name as planned (`command-submit`), or as declared (`submit`) where that means only one. With
    `--output-format json`, each line is an object with what was logged as it stands.

    Exit code 0: shown. 1: AWS, or the way to it, refused. 2: wrong usage.
    """
    from cncb_compiler.model.base import seconds
    from cncb_compiler.operate.functions import UnknownNameError, find, functions_of, log_group
    from cncb_compiler.runtime.envelope import now

    if not _SINCE.fullmatch(since):
        fail(f"`{since}` is no time to look back: say 30s, 10m, 2h or 1d.")
    with problems():
        analysis = analysed(path)
        try:
            names = functions_of(analysis, service) if function is None else [find(analysis, service, function)]
        except UnknownNameError as error:
            fail(str(error))
        if not names:
            fail(f"{service} has no functions.")
        target = target_of(analysis, stage, region, profile, endpoint)
        groups = {log_group(analysis, service, name, target.stage): name for name in names}
        _show(target, groups, now() - seconds(since) * 1000, follow, output_format)


def _show(target: Target, groups: Mapping[str, str], since: int, going_on: bool, output_format: str) -> None:
    import time

    from cncb_compiler.operate.logs import follow

    width = max(map(len, groups.values()))
    try:
        for lines in follow(target, groups, since):
            for text in _texts(lines, width, output_format):
                click.echo(text)
            if not going_on:
                return
            time.sleep(POLL_SECONDS)
    except KeyboardInterrupt:
        return


def _texts(lines: list[Line], width: int, output_format: str) -> Iterable[str]:
    import json

    from cncb_compiler.operate.log_text import shown

    for line in lines:
        if output_format == "json":
            yield json.dumps({"timestamp": line.at, "function": line.function, "message": line.message})
        else:
            yield from shown(line, width)
