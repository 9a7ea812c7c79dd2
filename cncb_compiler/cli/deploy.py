"""`cncb deploy`: a system, or some of its services, to a stage."""

from __future__ import annotations

from pathlib import Path

import click

from cncb_compiler.cli.common import FINDINGS
from cncb_compiler.cli.deploying import (
    HERE,
    deployments,
    path_argument,
    problems,
    service_option,
    target_options,
)


@click.command()
@path_argument
@service_option
@target_options(required=False, stage=HERE)
def command(
    path: Path | None, services: tuple[str, ...], stage: str | None, region: str | None, profile: str | None
) -> None:
    r"""Deploy a system to a stage: package, upload, change set, execute, outputs.

    It does what `cncb plan` shows. Stacks that others need go first, independent ones side by side. A stack that
    fails leaves the others as they are; run again, the command continues. With AWS_ENDPOINT_URL it deploys to what
    answers there instead of AWS. A `cncb run` goes on with what is deployed to it.

    Exit code 0: everything stands. 1: findings, or something failed. 2: wrong usage.

    \b
    Examples:
      cncb deploy --stage dev
      cncb deploy --stage dev --service order-bff
      cncb deploy
    """
    with problems():
        from cncb_compiler.cli.progress import display
        from cncb_compiler.deploy.execute import deploy
        from cncb_compiler.deploy.text import outcome_lines
        from cncb_compiler.target import deployment

        good = True
        for one in deployments(path, services, stage, region, profile, here=True):
            assert one.target is not None
            with display() as report:
                outcome = deploy(one.stacks, one.target, report)
            click.echo(one.title)
            for line in outcome_lines(outcome, one.sources):
                click.echo(line)
            deployment.deployed(one.analysis.linked.name, one.target, outcome.changed)
            good = good and outcome.good
    if not good:
        raise SystemExit(FINDINGS)
