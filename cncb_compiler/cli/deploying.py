"""What `package`, `plan`, `deploy` and `remove` share: their options, the systems they are about, and their errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from cncb_compiler.cli.common import (
    FINDINGS,
    fail,
    found_systems,
    path_argument,
    prefix_of,
    refuse_unknown_services,
    report,
)

if TYPE_CHECKING:
    from cncb_compiler.deploy.stack import Stack
    from cncb_compiler.passes import Analysis
    from cncb_compiler.source.sources import Sources
    from cncb_compiler.target.target import Target

Command = TypeVar("Command", bound=Callable[..., Any])

service_option = click.option(
    "--service", "services", multiple=True, metavar="NAME", help="Only this service; repeatable."
)


HERE = "The stage of the system. Default: that of the `cncb run` here."


def target_options(required: bool = True, stage: str = "The stage of the system.") -> Callable[[Command], Command]:
    """The options that say where to: --stage (`stage` is its help), --region, --profile."""

    def decorate(command: Command) -> Command:
        command = click.option("--profile", metavar="NAME", help="The AWS profile with the credentials.")(command)
        command = click.option(
            "--region", metavar="NAME", help="The AWS region. Default: the stage's first, else that of the environment."
        )(command)
        return click.option("--stage", required=required, metavar="NAME", help=stage)(command)

    return decorate


@dataclass(frozen=True, slots=True)
class Deployment:
    """One system, compiled, and the target it goes to. `stacks` are all that were asked for."""

    analysis: Analysis
    stacks: tuple[Stack, ...]
    sources: Sources
    target: Target | None

    @property
    def title(self) -> str:
        """The system, and where it goes."""
        name = self.analysis.linked.name
        return f"{name} in {self.target.stage} ({self.target.region})" if self.target else name


def deployments(
    path: Path | None,
    services: tuple[str, ...],
    stage: str | None,
    region: str | None,
    profile: str | None,
    whole: bool = False,
    here: bool = False,
) -> Iterator[Deployment]:
    """Each system that PATH means, in turn. With a stage, the guard is passed before anything is compiled.

    `whole` compiles all services, whatever was asked for. `here`: without a stage, the run of the system in this folder
    is meant. Ends the command where a system has errors, or nothing runs here.
    """
    from cncb_compiler.deploy.stacks import stacks_of
    from cncb_compiler.passes import analyse, has_errors
    from cncb_compiler.source.sources import Sources

    for source in found_systems(path):
        analysis = analyse(source)
        refuse_unknown_services(analysis, services)
        stacks: tuple[Stack, ...] = ()
        target: Target | None = None
        if not has_errors(analysis.shown()):
            if stage is not None or here:
                target = _target(analysis, stage, region, profile)
            stacks = stacks_of(analysis, target.stage if target else "", () if whole else services)
        shown = analysis.shown()
        if shown:
            click.echo(report([(source, shown)], "text"), nl=False)
        if has_errors(shown):
            raise SystemExit(FINDINGS)
        yield Deployment(analysis, stacks, Sources(source.files, prefix_of(source)), target)


def _target(analysis: Analysis, stage: str | None, region: str | None, profile: str | None) -> Target:
    """A stage that is named is the one on AWS, also where something that runs here is called so."""
    from cncb_compiler.deploy.guard import guarded
    from cncb_compiler.target.problems import Problem
    from cncb_compiler.target.running import resolve_target

    assert analysis.declared is not None
    if stage is not None:
        return guarded(analysis.declared, stage, region, profile)
    try:
        return resolve_target(analysis.declared, None, region, profile)
    except Problem as problem:
        fail(str(problem))


@contextmanager
def problems() -> Iterator[None]:
    """End the command with one line and exit code 1 where AWS, or the way to it, refuses something."""
    from cncb_compiler.deploy.progress import StoppedError
    from cncb_compiler.target.problems import Problem

    try:
        yield
    except Problem as problem:
        refuse(str(problem))
    except (KeyboardInterrupt, StoppedError):
        refuse("interrupted. CloudFormation goes on with what it has begun; run the command again to see.")


def refuse(message: str) -> NoReturn:
    """End the command with exit code 1 and a message."""
    click.echo(f"cncb: {message}", err=True)
    raise SystemExit(FINDINGS)


__all__ = [
    "HERE",
    "Deployment",
    "deployments",
    "path_argument",
    "problems",
    "refuse",
    "service_option",
    "target_options",
]
