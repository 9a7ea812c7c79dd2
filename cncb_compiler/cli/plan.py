"""`cncb plan`: what a deployment would change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cncb_compiler.cli.common import internal_error
from cncb_compiler.cli.deploying import (
    HERE,
    deployments,
    path_argument,
    problems,
    service_option,
    target_options,
)

CHANGES = 2
"""Exit code: there is something to deploy."""
FAILED = 1
"""Exit code: the plan could not be made, whatever the reason."""


class PlanCommand(click.Command):
    """A command whose exit code 2 means changes, so that mistakes of usage and errors of cncb have to end with 1."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Parse the arguments."""
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            error.show()
            raise SystemExit(FAILED) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except SystemExit as ended:
            raise SystemExit(FAILED if ended.code else 0) from None
        except (click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            internal_error(error)
            raise SystemExit(FAILED) from None


@click.command(cls=PlanCommand)
@path_argument
@service_option
@target_options(required=False, stage=HERE)
@click.pass_context
def command(
    ctx: click.Context,
    path: Path | None,
    services: tuple[str, ...],
    stage: str | None,
    region: str | None,
    profile: str | None,
) -> None:
    r"""Show what deploying would change, resource by resource, and what data would be lost.

    CloudFormation is asked for a change set of every stack; none is executed, and none is left behind.

    Exit code 0: nothing to do. 2: there are changes. 1: findings, wrong usage, or AWS refuses something.

    \b
    Examples:
      cncb plan --stage dev
      cncb plan --stage prd --region us-west-2 --profile prd
    """
    with problems():
        from cncb_compiler.cli.progress import display
        from cncb_compiler.deploy.changes import plan
        from cncb_compiler.deploy.text import plan_lines

        changed = refused = False
        for one in deployments(path, services, stage, region, profile, here=True):
            assert one.target is not None
            with display() as report:
                changes = plan(one.stacks, one.target, report)
            click.echo(one.title)
            for line in plan_lines(changes, one.sources):
                click.echo(line)
            changed = changed or any(stack.changed for stack in changes)
            refused = refused or any(stack.mode == "refused" for stack in changes)
    ctx.exit(FAILED if refused else CHANGES if changed else 0)
