"""A distributed replay for a person: what is written, deployed and started."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from cncb_compiler.aws.serialize import to_json
from cncb_compiler.cli.replaying import FOLDER, Wanted, asked, refuse_twice
from cncb_compiler.deploy.artifacts import upload
from cncb_compiler.deploy.changeset import Wanted as WantedStack
from cncb_compiler.deploy.execute import ensure_bucket, stand
from cncb_compiler.deploy.progress import pace_of
from cncb_compiler.passes import Analysis
from cncb_compiler.replay import text
from cncb_compiler.replay.asked import Sources, listener
from cncb_compiler.replay.distributed import BUCKET, Distributed, distributed
from cncb_compiler.target.problems import Problem, translated
from cncb_compiler.target.target import Target


def replay_distributed(
    analysis: Analysis, target: Target, wanted: Wanted, at_once: int, go: bool, output_format: str
) -> bool:
    """Write the stack; with `go`, deploy and start it. Raises Problem, UnknownNameError, ValueError."""
    to = listener(analysis, wanted.to, target.stage)
    question = asked(analysis, target, wanted, to)
    refuse_twice(analysis, to)
    if go and target.local:
        raise Problem(
            "Step Functions' distributed map does not run on this machine.",
            "Without --distributed the same replay does.",
        )
    found = Sources(target, analysis.linked.name, to.physical)
    sources = {trigger.stream.name: found(trigger.stream.name) for trigger in to.triggers}
    made = distributed(question, to, sources, at_once)
    folder = _written(made)
    told: dict[str, Any] = {"stack": made.name, "folder": folder.as_posix(), "started": []}
    if output_format != "json":
        for line in text.head(question, to):
            click.echo(line)
        click.echo(f"\n{made.name}: template and worker are in {folder.as_posix()}")
    if go:
        told["started"] = _started(target, made, question.prefixes)
    if output_format == "json":
        click.echo(json.dumps(text.as_json(question, **told), indent=2))
    elif go:
        _say_started(made, told["started"])
    else:
        starts = ", ".join(question.prefixes)
        click.echo(f"Would deploy it, and start an execution for {starts}. Nothing was done; --go does it.")
    return True


def _written(made: Distributed) -> Path:
    folder = FOLDER / made.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "template.json").write_bytes(to_json(made.template))
        (folder / "worker.zip").write_bytes(made.package)
    except OSError as error:
        raise Problem(f"{folder} cannot be written: {error.strerror}.") from None
    return folder


def _started(target: Target, made: Distributed, prefixes: tuple[str, ...]) -> list[str]:
    """Deploy the stack and start an execution for each prefix; their ARNs."""
    from cncb_compiler.cli.progress import display

    pace = pace_of(target)
    with display() as report:
        bucket = ensure_bucket(target, report, pace)
        upload([(made.key, made.package)], bucket, target)
        wanted = WantedStack(made.name, to_json(made.template), {BUCKET: bucket})
        machine = stand(target, wanted, bucket, report, pace)["MachineArn"]
    with translated(f"starting {made.name}"):
        client = target.client("stepfunctions")
        return [
            client.start_execution(stateMachineArn=machine, input=json.dumps({"prefix": prefix}))["executionArn"]
            for prefix in prefixes
        ]


def _say_started(made: Distributed, started: list[str]) -> None:
    for arn in started:
        click.echo(f"started  {arn}")
    click.echo("Look:      aws stepfunctions describe-execution --execution-arn ARN")
    click.echo("Go on:     aws stepfunctions redrive-execution --execution-arn ARN, once what failed is mended")
    click.echo(f"Clear up:  aws cloudformation delete-stack --stack-name {made.name}")
