"""A rebuild for a person: what would be done, and each stage as it is done."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import click

from cncb_compiler.aws import naming
from cncb_compiler.cli import replaying
from cncb_compiler.cli.common import FINDINGS, report
from cncb_compiler.cli.progress import display
from cncb_compiler.cli.reaching import analysed, target_of
from cncb_compiler.deploy.execute import deploy
from cncb_compiler.deploy.guard import guarded
from cncb_compiler.deploy.remove import empty
from cncb_compiler.deploy.stack import stack_name
from cncb_compiler.deploy.stacks import stacks_of
from cncb_compiler.deploy.standing import physical_ids
from cncb_compiler.passes import has_errors
from cncb_compiler.plan.assets import Asset, index_name
from cncb_compiler.plan.function import FunctionPlan
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.rebuild.asked import Asked, asked, objection, refuse_raw
from cncb_compiler.rebuild.copies import fresh_name
from cncb_compiler.rebuild.marking import marked
from cncb_compiler.rebuild.rebuilding import Window, rebuild, titles
from cncb_compiler.rebuild.state import StateFile
from cncb_compiler.replay import text
from cncb_compiler.replay.asked import LAKE, Listener, bucket_of
from cncb_compiler.replay.batches import batches
from cncb_compiler.replay.clients import s3_client
from cncb_compiler.replay.counting import counted
from cncb_compiler.replay.lake import START, Lake
from cncb_compiler.replay.patience import Patience
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
AGAIN = "call it again, and it goes on."

Where = tuple[str | None, str | None, str | None, str | None]
"""Stage, region, profile and endpoint, as said."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user said."""

    view: str
    lake: str | None
    rate: int | None
    max_failed: int


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
    refuse_raw(view)
    bucket = wanted.lake or bucket_of(analysis, LAKE, target)
    name = f"{analysis.linked.name}-{target.stage}-{target.region}-{view.name}.json"
    file = StateFile(FOLDER / name)
    work = Working(path, target, wanted, bucket, file)
    if go:
        rebuild(work, file)
        click.echo(f"{view.name} is rebuilt: generation {work.asked().generation} is current.")
        return True
    _tell(work, view)
    return True


def _tell(work: Working, view: Asked) -> None:
    for number, title in enumerate(titles(view), start=1):
        click.echo(f"{number}. {title}")
    to = replace(view.keeper, name=fresh_name(view.keeper, view.generation + 1))
    question, listener = work.question(view, to, Window())
    lake = Lake(s3_client(work.target), question.bucket, Patience())
    with translated(f"reading {question.bucket}"):
        count = counted(batches(lake, question.prefixes, question.selection, listener.batch_size, START))
    click.echo()
    for line in text.head(question, listener):
        click.echo(line)
    for line in text.would_send(count):
        click.echo(line)
    state = work.file.read()
    if state is not None:
        click.echo(f"\nA rebuild has begun and is behind stage {state.done}; --go goes on.")
    else:
        click.echo("\nNothing was done; --go does it.")


class Working:
    """The stages' work on a target. The system is read anew whenever it is asked for."""

    def __init__(self, path: Path | None, target: Target, wanted: Wanted, bucket: str, file: StateFile) -> None:
        self._path = path
        self.target = target
        self._wanted = wanted
        self._bucket = bucket
        self.file = file

    def now(self) -> int:
        """Milliseconds since the epoch."""
        return now()

    def asked(self) -> Asked:
        """The view as it is declared now."""
        return asked(analysed(self._path), self._wanted.view)

    def lag(self, asked: Asked) -> int:
        """The longest time for which a delivery gathers an object, and a margin; in milliseconds."""
        times = [one.seconds for plan in asked.analysis.plans for one in plan.deliveries]
        return (max(times, default=900) + LAKE_MARGIN_SECONDS) * 1000

    def physical(self, service: str) -> Mapping[str, str]:
        """What the service's stack holds."""
        return physical_ids(self.target, self._stack(self.asked(), service))

    def deploy(self, asked: Asked, plan: ServicePlan) -> None:
        """Bring the service's stack to a plan."""
        plans = tuple(plan if one.service == plan.service else one for one in asked.analysis.plans)
        analysis = replace(asked.analysis, plans=plans, found=registry.run_planned((plan,)))
        stacks = stacks_of(analysis, self.target.stage, (plan.service,))
        shown = analysis.shown()
        if has_errors(shown):
            click.echo(report([(analysis.source, shown)], "text"), nl=False, err=True)
            raise Problem("Two copies of it cannot be deployed side by side.", "Mend what is said above.")
        with display() as progress:
            outcome = deploy(stacks, self.target, progress)
        for failure in outcome.failed:
            raise Problem(f"{failure.stack} could not be deployed: {failure.message}", failure.mend or AGAIN)
        deployment.deployed(analysis.linked.name, self.target, plan.service)

    def replay(self, asked: Asked, to: FunctionPlan, window: Window, stage: int) -> None:
        """Replay the lake, from where the stage's resume file says."""
        question, listener = self.question(asked, to, window)
        path = self.file.replay(stage)
        said = replaying.Wanted(
            self._bucket, str(listener), (), None, None, (), (), self._wanted.rate, path, self._wanted.max_failed
        )
        lake = Lake(s3_client(self.target), self._bucket, Patience())
        most = min(listener.batch_size, self._wanted.rate or listener.batch_size)
        replaying.send(asked.analysis, self.target, said, listener, question, lake, most, "text", again=AGAIN)
        progress = ResumeFile(path, question).read()
        if progress is None or not progress.done:
            raise Problem("The replay has not come to its end.", "Call it again, and it goes on.")
        if progress.failed:
            path.unlink()
            raise Problem(
                f"{progress.failed} records were refused whenever they were tried: the copy would lack them.",
                "Mend it, and call it again: this replay then begins anew.",
            )

    def question(self, asked: Asked, to: FunctionPlan, window: Window) -> tuple[Question, Listener]:
        """What is replayed, and to whom."""
        system, service = asked.analysis.linked.name, asked.plan.service
        listener = Listener(service, to, naming.function_name(system, service, to.name, self.target.stage))
        selection = Selection(listener.types, None, window.since, window.until)
        return Question(self._bucket, listener.prefixes, selection, listener.physical), listener

    def delivered(self, asked: Asked, until: int) -> None:
        """Wait for as long as the lake may lag; a run on this machine is asked to write at once."""
        while (left := until - now()) > 0:
            time.sleep(left / 1000)
        if deployment.written(asked.analysis.linked.name, self.target):
            return
        ready = until + self.lag(asked)
        if ready > now():
            self.say(f"Waits {(ready - now()) / 1000:,.0f} s for the lake. {AGAIN[0].upper()}{AGAIN[1:]}")
        while (left := ready - now()) > 0:
            time.sleep(min(left / 1000, 5.0))

    def mark(self, asked: Asked, generation: int) -> None:
        """Write the generation into the YAML."""
        try:
            change = marked(asked.analysis, asked.view, generation)
            write(asked.analysis.source, change)
        except ScaffoldError as error:
            raise Problem(str(error)) from None
        except OSError as error:
            raise Problem(f"{asked.view.construct.at.file} cannot be written: {error.strerror}.") from None

    def clear(self, asked: Asked, old: Asset) -> None:
        """Empty an old bucket, which CloudFormation would not remove; remove an old index, which is no resource."""
        there = self.physical(asked.plan.service)
        if old.kind == "bucket" and (bucket := there.get(naming.asset_id(old))):
            with translated(f"emptying the bucket {bucket}"):
                empty(self.target.client("s3"), bucket)
        indexes = [
            replace(one.asset, generation=old.generation)
            for one in asked.plan.indexes
            if one.asset.name in _indexes(asked)
        ]
        for index in indexes:
            domain = SearchDomain(self.target, there[naming.SEARCH_DOMAIN])
            domain.done("DELETE", f"/{index_name(index)}?ignore_unavailable=true")

    def say(self, text: str) -> None:
        """Tell the user."""
        click.echo(text)

    def _stack(self, asked: Asked, service: str) -> str:
        return stack_name(asked.analysis.linked.name, service, self.target.stage)


def _indexes(asked: Asked) -> set[str]:
    """The names of the view's search indexes."""
    store = asked.view.store
    return {one.name for one in (store, store.index) if one is not None and one.kind == "opensearch"}
