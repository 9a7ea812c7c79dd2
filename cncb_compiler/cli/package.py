"""`cncb package`: what would be uploaded, as files; with a stage, uploaded too."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cncb_compiler.cli.common import fail
from cncb_compiler.cli.deploying import (
    Deployment,
    deployments,
    path_argument,
    problems,
    service_option,
    target_options,
)

if TYPE_CHECKING:
    from cncb_compiler.deploy.stack import Stack


@click.command()
@path_argument
@service_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("build"),
    show_default=True,
    help="Where the packages go.",
)
@target_options(required=False)
def command(
    path: Path | None,
    services: tuple[str, ...],
    out: Path,
    stage: str | None,
    region: str | None,
    profile: str | None,
) -> None:
    r"""Package each function as a reproducible zip, named by its content, beside the template that refers to it.

    OUT/<system>/<service>/<function>/<hash>.zip has the path that it has in the artifact bucket; what is there already
    is left alone. With --stage, what the artifact bucket of that stage does not hold yet is uploaded as well.

    Exit code 0: done. 1: findings, or AWS refuses something. 2: wrong usage.

    \b
    Examples:
      cncb package
      cncb package --service order-bff --stage dev
    """
    if stage is None and (region or profile):
        fail("--region and --profile say where to upload to: name a --stage too.")
    with problems():
        for one in deployments(path, services, stage, region, profile):
            click.echo(one.title)
            for stack in one.stacks:
                new = sum(_write(out / artifact.key, artifact.content) for artifact in stack.artifacts)
                _write_template(stack, out)
                size = sum(len(artifact.content) for artifact in stack.artifacts)
                there = len(stack.artifacts) - new
                click.echo(f"  {stack.service}: {new} new, {there} there already, {size:,} bytes in all")
            if one.target is not None:
                _upload(one)


def _upload(one: Deployment) -> None:
    from cncb_compiler.cli.progress import display
    from cncb_compiler.deploy.artifacts import upload
    from cncb_compiler.deploy.execute import ensure_bucket
    from cncb_compiler.deploy.progress import pace_of

    assert one.target is not None
    artifacts = [(artifact.key, artifact.content) for stack in one.stacks for artifact in stack.artifacts]
    if not artifacts:
        return
    with display() as report:
        bucket = ensure_bucket(one.target, report, pace_of(one.target))
        uploaded = upload(artifacts, bucket, one.target)
    for key in uploaded:
        click.echo(f"  uploaded {key}")
    click.echo(f"  {len(uploaded)} uploaded to {bucket}, {len(artifacts) - len(uploaded)} there already")


def _write(file: Path, content: bytes) -> bool:
    """Write a file that is not there yet, whole or not at all; whether it was new."""
    if file.exists():
        return False
    _replace(file, content)
    return True


def _write_template(stack: Stack, out: Path) -> None:
    from cncb_compiler.deploy.stacks import body_of

    _replace(out / stack.plan.system / stack.service / "template.json", body_of(stack.template))


def _replace(file: Path, content: bytes) -> None:
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(content)
        aside.replace(file)
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror}.")
