"""`cncb remove`: a stage, or some of its services, taken down again."""

from __future__ import annotations

from pathlib import Path

import click

from cncb_compiler.cli.common import FINDINGS
from cncb_compiler.cli.deploying import deployments, path_argument, problems, refuse, service_option, target_options


@click.command()
@path_argument
@service_option
@target_options()
@click.option("--yes", is_flag=True, help="Do not ask for the stage's name.")
def command(
    path: Path | None,
    services: tuple[str, ...],
    stage: str,
    region: str | None,
    profile: str | None,
    yes: bool,
) -> None:
    r"""Remove a system's stacks from a stage, the last deployed first.

    Stores that are retained stay, and the commands that delete them are shown. Everything else goes with its stack;
    what data that is, is shown before the stage's name is to be typed.

    Exit code 0: gone. 1: findings, another name typed, or something failed. 2: wrong usage.

    \b
    Examples:
      cncb remove --stage dev
      cncb remove --stage dev --service order-bff --yes
    """
    with problems():
        from cncb_compiler.cli.progress import display
        from cncb_compiler.deploy.remove import removals, remove
        from cncb_compiler.deploy.text import removal_lines, removed_lines

        good = True
        for one in deployments(path, services, stage, region, profile, whole=True):
            assert one.target is not None
            wanted = removals(one.stacks, services, one.target)
            click.echo(one.title)
            if not wanted:
                click.echo("nothing is deployed")
                continue
            for line in removal_lines(wanted):
                click.echo(line)
            if not yes:
                _confirm(stage)
            with display() as report:
                removed = remove(wanted, one.target, report)
            for line in removed_lines(removed, one.sources, one.target):
                click.echo(line)
            good = good and removed.good
    if not good:
        raise SystemExit(FINDINGS)


def _confirm(stage: str) -> None:
    try:
        typed = click.prompt(f"Type the stage's name ({stage}) to remove it", default="", show_default=False)
    except click.Abort:
        refuse("nothing was removed: nobody is there to type the stage's name. Say --yes where that is meant.")
    if typed.strip() != stage:
        refuse(f"nothing was removed: `{typed.strip()}` is not `{stage}`.")
