"""Deploying: each stack packaged, uploaded, changed by a change set, and watched to its end."""

from __future__ import annotations

from dataclasses import dataclass

from cncb_compiler.aws.template import ARTIFACT_BUCKET_PARAMETER
from cncb_compiler.aws.validate import declared_place
from cncb_compiler.deploy import bootstrap
from cncb_compiler.deploy.artifacts import upload
from cncb_compiler.deploy.changeset import ChangeSet, Wanted, make
from cncb_compiler.deploy.order import in_order
from cncb_compiler.deploy.progress import Pace, Progress, Report, pace_of
from cncb_compiler.deploy.stack import Deployed, Stack
from cncb_compiler.deploy.stacks import looked_up, wanted_of
from cncb_compiler.deploy.standing import Standing, Way, physical_ids, published, standing, way
from cncb_compiler.deploy.watch import Ending, latest_event, watch
from cncb_compiler.source.location import Location
from cncb_compiler.target.problems import AccessProblem, Problem, held_problem, translated
from cncb_compiler.target.target import Target


@dataclass(frozen=True, slots=True)
class Failure:
    """A stack that could not be deployed, or removed: the failing resource's own message, and the YAML behind it."""

    service: str
    stack: str
    message: str
    mend: str = ""
    status: str = ""
    logical_id: str = ""
    at: Location | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a deployment came to. `unchanged` stacks are among the `deployed`; `waiting` names what each waits for."""

    deployed: tuple[Deployed, ...]
    unchanged: frozenset[str]
    failed: tuple[Failure, ...]
    waiting: dict[str, tuple[str, ...]]

    @property
    def changed(self) -> tuple[str, ...]:
        """The services that stand, but not as they did before."""
        return tuple(one.service for one in self.deployed if one.service not in self.unchanged)

    @property
    def good(self) -> bool:
        """Whether every stack stands as its template says."""
        return not self.failed and not self.waiting


def deploy(stacks: tuple[Stack, ...], target: Target, report: Report, pace: Pace | None = None) -> Outcome:
    """Deploy stacks: those that others need first, independent ones side by side.

    A stack that fails leaves the others as they are; those that need it are not begun. Run again, it continues.
    Raises Problem where nothing can be deployed: no access, or no artifact bucket.
    """
    pace = pace or pace_of(target)
    bucket = ensure_bucket(target, report, pace) if bootstrap.needs_bucket(stacks, target.stage) else None
    by_name = {stack.service: stack for stack in stacks}

    def work(service: str) -> tuple[Deployed, bool] | Failure:
        stack = by_name[service]
        try:
            result = _deployed(stack, target, bucket, report, pace)
        except AccessProblem:
            raise
        except Problem as problem:
            result = Failure(service, stack.name, problem.message, problem.mend)
        if isinstance(result, Failure):
            report(Progress(stack.name, "failed", message=result.message))
        else:
            report(Progress(stack.name, "unchanged" if result[1] else "done"))
        return result

    def good(result: tuple[Deployed, bool] | Failure) -> bool:
        return not isinstance(result, Failure)

    results = in_order({stack.service: stack.needs for stack in stacks}, work, good, pace)
    for service, needs in results.waiting.items():
        report(Progress(by_name[service].name, "waiting", message=f"waits for {', '.join(needs)}"))
    made = [results.made[stack.service] for stack in stacks if stack.service in results.made]
    stood = [one for one in made if not isinstance(one, Failure)]
    return Outcome(
        tuple(deployed for deployed, _ in stood),
        frozenset(deployed.service for deployed, unchanged in stood if unchanged),
        tuple(one for one in made if isinstance(one, Failure)),
        {service: results.waiting[service] for service in by_name if service in results.waiting},
    )


def ensure_bucket(target: Target, report: Report, pace: Pace) -> str:
    """The name of the artifact bucket; made by the bootstrap stack where it is not there yet."""
    found = bootstrap.artifact_bucket(target)
    if found is None:
        stand(target, bootstrap.bootstrap_wanted(), None, report, pace)
        found = bootstrap.artifact_bucket(target)
    if found is None:
        raise Problem(
            f"{bootstrap.NAME} stands, but its parameter {ARTIFACT_BUCKET_PARAMETER} is gone.",
            f"`aws cloudformation delete-stack --stack-name {bootstrap.NAME}`, and run it again.",
        )
    return found


def stand(target: Target, wanted: Wanted, bucket: str | None, report: Report, pace: Pace) -> dict[str, str]:
    """Bring a stack that is no service's to what is wanted of it; its outputs. Raises Problem where it fails."""
    ending = _changed(target, wanted, _settled(target, wanted.name, pace), bucket, report, pace)
    if ending is not None and not ending.good:
        raise Problem(f"{wanted.name} could not be deployed: {ending.logical_id}: {ending.reason}")
    report(Progress(wanted.name, "done"))
    found = standing(target, wanted.name)
    return {} if found is None else found.outputs


def _deployed(
    stack: Stack, target: Target, bucket: str | None, report: Report, pace: Pace
) -> tuple[Deployed, bool] | Failure:
    """The stack once it stands, and whether it was so before."""
    missing = set(looked_up(stack, target.stage)) - set(published(target, looked_up(stack, target.stage)))
    if missing:
        needed = " and ".join(stack.needs) or "what publishes it"
        raise Problem(
            f"{stack.name} reads the parameter {min(missing)}, which does not exist.", f"Deploy {needed} first."
        )
    found = standing(target, stack.name)
    if bucket is not None and stack.artifacts:
        report(Progress(stack.name, "uploading", 0, len(stack.artifacts)))
        upload(((one.key, one.content) for one in stack.artifacts), bucket, target)
    ending = _changed(target, wanted_of(stack, target.stage), found, bucket, report, pace)
    if ending is not None and not ending.good:
        return _failure(stack, ending)
    outputs = getattr(standing(target, stack.name), "outputs", {})
    return Deployed(stack.service, stack.name, physical_ids(target, stack.name), outputs), ending is None


def _changed(
    target: Target, wanted: Wanted, found: Standing | None, bucket: str | None, report: Report, pace: Pace
) -> Ending | None:
    """Bring a stack to what is wanted of it; None where it was so already."""
    mode: Way = way(found)
    if found is not None and mode == "recreate":
        report(Progress(wanted.name, "running", message="removing what its failed creation left"))
        removed = delete(target, found, 0, report, pace)
        if not removed.good:
            return removed
    report(Progress(wanted.name, "planning"))
    change_set = make(target, wanted, mode != "update", bucket, pace)
    return None if change_set is None else _executed(target, change_set, report, pace)


def _executed(target: Target, change_set: ChangeSet, report: Report, pace: Pace) -> Ending:
    since = latest_event(target, change_set.stack)
    total = len(change_set.changes)
    with translated(f"executing the change set of {change_set.stack}"):
        target.client("cloudformation").execute_change_set(ChangeSetName=change_set.id, StackName=change_set.stack)
    report(Progress(change_set.stack, "running", 0, total))
    return watch(target, change_set.stack, change_set.stack, since, total, report, pace)


def delete(target: Target, found: Standing, total: int, report: Report, pace: Pace) -> Ending:
    """Delete a stack and watch it go."""
    since = latest_event(target, found.id)
    with translated(f"removing {found.name}"):
        target.client("cloudformation").delete_stack(StackName=found.name)
    if not found.begun:
        # A shell holds nothing, and leaves no events to watch.
        return Ending("DELETE_COMPLETE")
    return watch(target, found.id, found.name, since, total, report, pace)


def _settled(target: Target, name: str, pace: Pace) -> Standing | None:
    """A stack once nobody works on it: another command may be making the bootstrap stack right now."""
    asked = 0
    while (found := standing(target, name)) is not None and found.busy:
        pace.pause(asked)
        asked += 1
    return found


def _failure(stack: Stack, ending: Ending) -> Failure:
    at = declared_place(stack.plan, stack.template, ending.logical_id, ()) if ending.logical_id else None
    stuck = ending.status.endswith("ROLLBACK_FAILED")
    mend = held_problem(stack.name, ending.status).mend if stuck else ""
    return Failure(
        stack.service, stack.name, ending.reason or ending.status, mend, ending.status, ending.logical_id, at
    )
