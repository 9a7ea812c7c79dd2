"""What deploying would do to the stacks of a stage, asked of CloudFormation and undone again."""

from __future__ import annotations

from cncb_compiler.deploy import bootstrap
from cncb_compiler.deploy.changeset import discard, make
from cncb_compiler.deploy.difference import ResourceChange, StackChanges, from_change_set, from_templates
from cncb_compiler.deploy.order import in_order
from cncb_compiler.deploy.progress import Pace, Progress, Report, pace_of
from cncb_compiler.deploy.stack import Stack
from cncb_compiler.deploy.stacks import looked_up, wanted_of
from cncb_compiler.deploy.standing import deployed_template, physical_ids, published, standing, way
from cncb_compiler.target.problems import AccessProblem, Problem
from cncb_compiler.target.target import Target


def plan(
    stacks: tuple[Stack, ...], target: Target, report: Report, pace: Pace | None = None
) -> tuple[StackChanges, ...]:
    """What `deploy` would change, a stack at a time and in its order; nothing is left behind.

    A stack that cannot be changed now is `refused`. Raises AccessProblem where AWS cannot be asked at all.
    """
    pace = pace or pace_of(target)
    bucket = bootstrap.artifact_bucket(target) if bootstrap.needs_bucket(stacks, target.stage) else None
    names = tuple(sorted({name for stack in stacks for name in looked_up(stack, target.stage)}))
    there = frozenset(published(target, names))
    by_name = {stack.service: stack for stack in stacks}

    def work(service: str) -> StackChanges:
        stack = by_name[service]
        report(Progress(stack.name, "planning"))
        try:
            changes = _planned(stack, target, bucket, there, pace)
        except AccessProblem:
            raise
        except Problem as problem:
            changes = StackChanges(stack.name, service, "refused", note=str(problem))
        report(Progress(stack.name, "done"))
        return changes

    made = in_order(dict.fromkeys(by_name, ()), work, lambda _: True, pace).made
    first = () if bucket or not bootstrap.needs_bucket(stacks, target.stage) else (_bootstrap(),)
    return (*first, *(made[stack.service] for stack in stacks))


def _planned(stack: Stack, target: Target, bucket: str | None, there: frozenset[str], pace: Pace) -> StackChanges:
    found = standing(target, stack.name)
    mode = way(found)
    if mode == "recreate":
        note = "its creation failed the last time; what is left of it is removed first"
        return StackChanges(stack.name, stack.service, mode, from_templates(stack, {}, {}), note)
    old = deployed_template(target, stack.name) if mode == "update" else {}
    wanted = wanted_of(stack, target.stage)
    missing = sorted(set(looked_up(stack, target.stage)) - there)
    if missing or (wanted.large and bucket is None):
        physical = physical_ids(target, stack.name) if mode == "update" else {}
        changes = from_templates(stack, old, physical)
        return StackChanges(stack.name, stack.service, mode, changes, _not_asked(stack, missing))
    change_set = make(target, wanted, mode == "create", bucket, pace)
    if change_set is None:
        return StackChanges(stack.name, stack.service, "none")
    discard(target, change_set, mode == "create")
    return StackChanges(stack.name, stack.service, mode, from_change_set(stack, change_set.changes, old))


def _not_asked(stack: Stack, missing: list[str]) -> str:
    needed = [*stack.needs] if any("/streams/" in name or "/claims/" in name for name in missing) else []
    return f"read from the template: CloudFormation can be asked once {' and '.join(needed or [bootstrap.NAME])} stands"


def _bootstrap() -> StackChanges:
    resources = bootstrap.bootstrap_template()["Resources"]
    added = tuple(
        ResourceChange("add", logical_id, resource["Type"], "", (), None) for logical_id, resource in resources.items()
    )
    return StackChanges(bootstrap.NAME, "", "create", added, "once for each account and region")
