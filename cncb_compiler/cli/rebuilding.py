"""A rebuild for a person: what would be done, and each stage as it is done."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
from msgspec import structs

from cncb_compiler.aws import naming
from cncb_compiler.cli import replaying
from cncb_compiler.cli.common import FINDINGS, report
from cncb_compiler.cli.progress import display
from cncb_compiler.cli.reaching import analysed, target_of
from cncb_compiler.deploy.execute import deploy
from cncb_compiler.deploy.guard import guarded
from cncb_compiler.deploy.remove import empty
from cncb_compiler.deploy.stack import Stack, stack_name
from cncb_compiler.deploy.stacks import stacks_of
from cncb_compiler.deploy.standing import deployed_template, physical_ids, standing
from cncb_compiler.model.lake import LONGEST_BUFFER_SECONDS
from cncb_compiler.passes import has_errors
from cncb_compiler.plan.assets import Asset, index_name
from cncb_compiler.plan.function import FunctionPlan
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.rebuild.asked import Asked, asked, objection, refuse
from cncb_compiler.rebuild.copies import fresh_name
from cncb_compiler.rebuild.marking import marked
from cncb_compiler.rebuild.rebuilding import Window, begins, rebuild, titles
from cncb_compiler.rebuild.state import StateFile
from cncb_compiler.replay import text
from cncb_compiler.replay.asked import LAKE, Listener, bucket_of
from cncb_compiler.replay.batches import batches
from cncb_compiler.replay.clients import s3_client
from cncb_compiler.replay.counting import counted
from cncb_compiler.replay.lake import START, Lake
from cncb_compiler.replay.patience import Patience
from cncb_compiler.replay.replaying import Progress
from cncb_compiler.replay.selection import Selection
from cncb_compiler.replay.state import Question
from cncb_compiler.replay.state import StateFile as ResumeFile
from cncb_compiler.rules import registry
from cncb_compiler.runtime.envelope import now
from cncb_compiler.scaffold.change import ScaffoldError, write
from cncb_compiler.target import deployment
from cncb_compiler.target.problems import Problem, translated
from cncb_compiler.target.search import SearchDomain
from cncb_compiler.target.target import Target

FOLDER = Path(".cncb", "rebuild")
LAKE_MARGIN_SECONDS = 120
"""More than Firehose needs to write an object, beside the time for which it gathers it."""
MOST_FAILED = 100
"""Behind so many records that are refused whenever they are tried, it stops trying."""
QUEUE_STEP_SECONDS = 1.0
AGAIN = "call it again, and it goes on."

Where = tuple[str | None, str | None, str | None, str | None]
"""Stage, region, profile and endpoint, as said."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user said."""

    view: str
    lake: str | None
    rate: int | None
    max_faults: int
    anew: bool


def rebuild_view(path: Path | None, where: Where, wanted: Wanted, go: bool) -> bool:
    """Say what would be done, or do it; whether all was well. Raises Problem, UnknownNameError."""
    analysis = analysed(path)
    target = target_of(analysis, *where)
    if not target.local:
        assert analysis.declared is not None
        target = guarded(analysis.declared, target.stage, target.region, target.profile)
    view = asked(analysis, wanted.view)
    found = objection(view)
    if found is not None:
        click.echo(report([(analysis.source, [found])], "text"), nl=False, err=True)
        raise SystemExit(FINDINGS)
    refuse(view, target.stage, lakes=wanted.lake is None)
    bucket = wanted.lake or bucket_of(analysis, LAKE, target)
    stem = f"{analysis.linked.name}-{target.stage}-{target.region}-{view.plan.service}"
    file = StateFile(FOLDER / f"{stem}.{view.view.construct.name}.json")
    _refuse_second(file, f"{stem}.*.json", view.plan.service)
    work = Working(path, target, wanted, bucket, file)
    if not go:
        return _tell(work, view)
    rebuild(work, file, wanted.anew)
    click.echo(f"{view.name} is rebuilt: generation {work.asked().generation} is current.")
    return True


def _refuse_second(file: StateFile, others: str, service: str) -> None:
    """Raise Problem where another view of the service is being rebuilt: each deploys only its own fresh copy."""
    for path in sorted(file.path.parent.glob(others)):
        if path != file.path:
            view = path.name.split(".")[-2]
            raise Problem(
                f"The rebuild of {service}.{view} is not done.",
                f"Go on with it first: `cncb rebuild {service}.{view} --go`. Nobody will? Remove {path}.",
            )


def _tell(work: Working, view: Asked) -> bool:
    state = work.file.read()
    begun = state or begins(work, view)
    for number, title in enumerate(titles(view, begun), start=1):
        click.echo(f"{number}. {title}")
    to = structs.replace(view.keeper, name=fresh_name(view.keeper, begun.new))
    question, listener = work.question(view, to, Window())
    lake = Lake(s3_client(work.target), question.bucket, Patience())
    with translated(f"reading {question.bucket}"):
        count = counted(batches(lake, question.prefixes, question.selection, listener.batch_size, START))
    click.echo()
    for line in (*text.head(question, listener), *text.would_send(count)):
        click.echo(line)
    if state is not None:
        click.echo(f"\nA rebuild has begun and is behind stage {state.done}; --go goes on.")
    else:
        click.echo("\nNothing was done; --go does it.")
    return not count.unreadable


class Working:
    """The stages' work on a target. The system is read anew whenever it is asked for."""

    def __init__(self, path: Path | None, target: Target, wanted: Wanted, bucket: str, file: StateFile) -> None:
        self._path = path
        self.target = target
        self._wanted = wanted
        self._bucket = bucket
        self.file = file

    @property
    def most_faults(self) -> int:
        """How many events may become faults in a replay, for the rebuild to go on."""
        return self._wanted.max_faults

    def now(self) -> int:
        """Milliseconds since the epoch."""
        return now()

    def asked(self) -> Asked:
        """The view as it is declared now."""
        return asked(analysed(self._path), self._wanted.view)

    def lag(self, asked: Asked) -> int:
        """The longest time for which a delivery gathers an object, and a margin; in milliseconds."""
        times = [one.seconds for plan in asked.analysis.plans for one in plan.deliveries]
        return (max(times, default=LONGEST_BUFFER_SECONDS) + LAKE_MARGIN_SECONDS) * 1000

    def compiled(self, asked: Asked, plan: ServicePlan) -> Stack:
        """The stack of a plan."""
        analysis = replace(asked.analysis, plans=(plan,), found=registry.run_planned((plan,)))
        (stack,) = stacks_of(analysis, self.target.stage)
        shown = analysis.shown()
        if has_errors(shown):
            click.echo(report([(analysis.source, shown)], "text"), nl=False, err=True)
            raise Problem(f"{plan.service} cannot be deployed.", "Mend what is said above.")
        return stack

    def deployed(self, service: str) -> Mapping[str, Any]:
        """The template of the service's stack as it stands."""
        name = self._stack(service)
        found = standing(self.target, name)
        if found is None or not found.begun:
            raise Problem(
                f"{service} is not deployed in stage `{self.target.stage}` ({self.target.region}).",
                "Deploy it with `cncb deploy`, or look at --stage.",
            )
        template = deployed_template(self.target, name)
        if "Resources" not in template:
            raise Problem(f"{name} has a template that is none of cncb's.", "Look at what has deployed it.")
        return template

    def physical(self, service: str) -> Mapping[str, str]:
        """What the service's stack holds."""
        return physical_ids(self.target, self._stack(service))

    def deploy(self, asked: Asked, stack: Stack) -> None:
        """Bring the service's stack to what is said."""
        with display() as progress:
            outcome = deploy((stack,), self.target, progress)
        for failure in outcome.failed:
            raise Problem(f"{failure.stack} could not be deployed: {failure.message}", failure.mend or AGAIN)
        deployment.deployed(asked.analysis.linked.name, self.target, (stack.service,))

    def replay(self, asked: Asked, to: FunctionPlan, window: Window, stage: int) -> Progress:
        """Replay the lake, from where the stage's resume file says, until its end."""
        question, listener = self.question(asked, to, window)
        path = self.file.replay(stage)
        said = replaying.Wanted(
            self._bucket, str(listener), (), None, None, (), (), self._wanted.rate, path, MOST_FAILED
        )
        lake = Lake(s3_client(self.target), self._bucket, Patience())
        most = min(listener.batch_size, self._wanted.rate or listener.batch_size)
        replaying.send(asked.analysis, self.target, said, listener, question, lake, most, "text", again=AGAIN)
        progress = ResumeFile(path, question).read()
        if progress is None or not progress.done or progress.failed:
            # What is read again is known already by the copy; only what failed is new to it.
            path.unlink(missing_ok=True)
            raise Problem(
                f"The replay has not come to its end: {progress.failed if progress else 0} records were refused "
                f"whenever they were tried, and the copy would lack them.",
                "Mend it, and call it again: this replay then begins anew.",
            )
        return progress

    def question(self, asked: Asked, to: FunctionPlan, window: Window) -> tuple[Question, Listener]:
        """What is replayed, and to whom."""
        system, service = asked.analysis.linked.name, asked.plan.service
        listener = Listener(service, to, naming.function_name(system, service, to.name, self.target.stage))
        selection = Selection(listener.types, None, window.since, window.until)
        return Question(self._bucket, listener.prefixes, selection, listener.physical), listener

    def delivered(self, asked: Asked, until: int) -> None:
        """Wait for as long as the lake may lag; a run on this machine is asked to write at once."""
        if deployment.written(asked.analysis.linked.name, self.target):
            return
        ready = until + self.lag(asked)
        if ready > now():
            self.say(f"Waits {(ready - now()) / 1000:,.0f} s for the lake. Cut off, {AGAIN}")
        while (left := ready - now()) > 0:
            time.sleep(min(left / 1000, 5.0))

    def indexed(self, asked: Asked, copy: tuple[Asset, ...]) -> None:
        """Wait until what was written to a bucket is in its index: the queue between them is empty."""
        there = self.physical(asked.plan.service)
        for url in filter(None, (there.get(naming.word_queue_id(asset)) for asset in copy)):
            with translated(f"looking at {url}"):
                while any(self._waiting(url)):
                    time.sleep(QUEUE_STEP_SECONDS)

    def _waiting(self, url: str) -> tuple[int, ...]:
        """How many messages a queue holds, and how many of it are worked on (Amazon SQS: GetQueueAttributes)."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        told = self.target.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return tuple(int(told[name]) for name in names)

    def mark(self, asked: Asked, generation: int) -> None:
        """Write the generation into the YAML."""
        try:
            change = marked(asked.analysis, asked.view, generation)
            write(asked.analysis.source, change)
        except ScaffoldError as error:
            raise Problem(str(error)) from None
        except OSError as error:
            raise Problem(f"{asked.view.construct.at.file} cannot be written: {error.strerror}.") from None

    def clear(self, asked: Asked, assets: tuple[Asset, ...]) -> None:
        """Empty a bucket, which CloudFormation would not remove; remove an index, which is no resource."""
        there = self.physical(asked.plan.service)
        for asset in assets:
            if asset.kind == "bucket" and (bucket := there.get(naming.asset_id(asset))):
                with translated(f"emptying the bucket {bucket}"):
                    empty(self.target.client("s3"), bucket)
            elif asset.kind == "index" and (domain := there.get(naming.SEARCH_DOMAIN)):
                with translated(f"removing the index {index_name(asset)}"):
                    SearchDomain(self.target, domain).done("DELETE", f"/{index_name(asset)}?ignore_unavailable=true")

    def say(self, text: str) -> None:
        """Tell the user."""
        click.echo(text)

    def _stack(self, service: str) -> str:
        return stack_name(self.asked().analysis.linked.name, service, self.target.stage)
