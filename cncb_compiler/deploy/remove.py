"""Removing a stage: the reverse of deploying, with every store accounted for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from cncb_compiler.aws.validate import declared_place
from cncb_compiler.deploy.execute import Failure, delete
from cncb_compiler.deploy.leftovers import Store
from cncb_compiler.deploy.losses import HOLDS, kept
from cncb_compiler.deploy.order import in_order, reversed_needs
from cncb_compiler.deploy.progress import Pace, Progress, Report, pace_of
from cncb_compiler.deploy.stack import Stack
from cncb_compiler.deploy.standing import Standing, deployed_template, physical_ids, standing
from cncb_compiler.target.problems import AccessProblem, Problem, held_problem, translated
from cncb_compiler.target.target import Target

BUCKET = "AWS::S3::Bucket"


@dataclass(frozen=True, slots=True)
class Removal:
    """What removing a stack does: `resources` go, with what the `lost` stores hold; the `retained` stores stay."""

    stack: Stack
    standing: Standing
    resources: int
    lost: tuple[Store, ...]
    retained: tuple[Store, ...]


@dataclass(frozen=True, slots=True)
class Removed:
    """What a removal came to. `waiting` names the stacks that were left because others that need them still stand."""

    removed: tuple[Removal, ...]
    failed: tuple[Failure, ...]
    waiting: dict[str, tuple[str, ...]]

    @property
    def good(self) -> bool:
        """Whether everything is gone that was to go."""
        return not self.failed and not self.waiting


def removals(stacks: tuple[Stack, ...], services: Collection[str], target: Target) -> tuple[Removal, ...]:
    """What removing these services (all, where none is named) would do. `stacks` are all of the system.

    Stacks that do not stand are left out. Raises Problem where a stack that stays needs one of them, or AWS is busy
    with one.
    """
    pace = pace_of(target)
    by_name = {stack.service: stack for stack in stacks}
    found = in_order(
        dict.fromkeys(by_name, ()), lambda service: standing(target, by_name[service].name), lambda _: True, pace
    ).made
    standing_ones = {service: one for service, one in found.items() if one is not None}
    chosen = [
        stack for stack in stacks if stack.service in standing_ones and (not services or stack.service in services)
    ]
    going = {stack.service for stack in chosen}
    staying = [stack for stack in stacks if stack.service in standing_ones and stack.service not in going]
    for service in sorted(going):
        users = [stack.service for stack in staying if service in stack.needs]
        if users:
            raise Problem(f"{service} is needed by {', '.join(users)}.", "Remove them first, or with it.")
    for stack in chosen:
        if standing_ones[stack.service].busy:
            raise held_problem(stack.name, standing_ones[stack.service].status)
    made = in_order(
        dict.fromkeys((stack.service for stack in chosen), ()),
        lambda service: _removal(by_name[service], standing_ones[service], target),
        lambda _: True,
        pace,
    ).made
    return tuple(made[stack.service] for stack in chosen)


def remove(wanted: tuple[Removal, ...], target: Target, report: Report, pace: Pace | None = None) -> Removed:
    """Remove stacks: those that others need last, independent ones side by side."""
    pace = pace or pace_of(target)
    by_name = {one.stack.service: one for one in wanted}

    def work(service: str) -> Removal | Failure:
        one = by_name[service]
        try:
            result = _removed(one, target, report, pace)
        except AccessProblem:
            raise
        except Problem as problem:
            result = Failure(service, one.stack.name, problem.message, problem.mend)
        failed = isinstance(result, Failure)
        report(Progress(one.stack.name, "failed" if failed else "done", one.resources, one.resources))
        return result

    needs = reversed_needs({one.stack.service: one.stack.needs for one in wanted})
    results = in_order(needs, work, lambda result: isinstance(result, Removal), pace)
    made = [results.made[service] for service in by_name if service in results.made]
    return Removed(
        tuple(one for one in made if isinstance(one, Removal)),
        tuple(one for one in made if isinstance(one, Failure)),
        results.waiting,
    )


def _removal(stack: Stack, found: Standing, target: Target) -> Removal:
    template = deployed_template(target, stack.name) if found.begun else {}
    physical = physical_ids(target, stack.name)
    lost: list[Store] = []
    retained: list[Store] = []
    for logical_id, resource in sorted(template.get("Resources", {}).items()):
        if resource.get("Type") in HOLDS and physical.get(logical_id):
            store = Store(stack.name, logical_id, resource["Type"], physical[logical_id])
            (retained if kept(resource.get("DeletionPolicy", "Delete")) else lost).append(store)
    return Removal(stack, found, len(physical), tuple(lost), tuple(retained))


def _removed(one: Removal, target: Target, report: Report, pace: Pace) -> Removal | Failure:
    for store in one.lost:
        if store.kind == BUCKET:
            report(Progress(one.stack.name, "running", 0, one.resources, f"emptying {store.physical}"))
            with translated(f"emptying the bucket {store.physical}"):
                empty(target.client("s3"), store.physical)
    ending = delete(target, one.standing, one.resources, report, pace)
    if ending.good:
        return one
    at = declared_place(one.stack.plan, one.stack.template, ending.logical_id, ()) if ending.logical_id else None
    return Failure(
        one.stack.service,
        one.stack.name,
        ending.reason or ending.status,
        status=ending.status,
        logical_id=ending.logical_id,
        at=at,
    )


def empty(client: Any, bucket: str) -> None:
    """Delete every object of a bucket, in all versions: CloudFormation deletes no bucket that holds something.

    Source: Amazon S3 API Reference, "DeleteObjects": a thousand at a time. A bucket that is gone already is empty.
    """
    from botocore.exceptions import ClientError

    try:
        for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket):
            listed = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
            keys = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in listed]
            if not keys:
                continue
            answer = client.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
            for error in answer.get("Errors", []):
                raise Problem(f"{bucket} cannot be emptied: {error.get('Key')}: {error.get('Message')}")
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") != "NoSuchBucket":
            raise
