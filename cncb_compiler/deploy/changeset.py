"""A change set: what CloudFormation would do to a stack, before it does it.

Source: AWS CloudFormation User Guide, "Update CloudFormation stacks using change sets".
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from cncb_compiler.deploy.artifacts import upload
from cncb_compiler.deploy.progress import Pace, StoppedError
from cncb_compiler.deploy.standing import standing
from cncb_compiler.digests import sha256_of
from cncb_compiler.target.problems import Problem, translated
from cncb_compiler.target.target import Target

INLINE_LIMIT = 51_200
"""The most bytes of template that a request may hold; larger ones are read from a bucket (CloudFormation quotas)."""

_NOTHING = ("didn't contain changes", "No updates are to be performed")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a stack is to become. `key` is where a template that is too large for a request goes in the bucket."""

    name: str
    body: bytes
    parameters: dict[str, str]
    key: str = ""

    @property
    def large(self) -> bool:
        """Whether the template has to go through the bucket."""
        return len(self.body) > INLINE_LIMIT


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """A change set that could be executed; `changes` are CloudFormation's `ResourceChange`s, in its words."""

    id: str
    stack: str
    changes: tuple[dict[str, Any], ...]


def make(target: Target, wanted: Wanted, create: bool, bucket: str | None, pace: Pace) -> ChangeSet | None:
    """The change set that brings a stack there; None where there is nothing to change. Raises Problem.

    What a refused or empty one leaves behind is cleared away.
    """
    client = target.client("cloudformation")
    with translated(f"making the change set of {wanted.name}"):
        answer = client.create_change_set(
            StackName=wanted.name,
            ChangeSetName=f"cncb-{uuid.uuid4().hex[:16]}",
            ChangeSetType="CREATE" if create else "UPDATE",
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in wanted.parameters.items()],
            **_template(target, wanted, bucket),
        )
        identity = answer["Id"]
        try:
            described = _ready(client, wanted.name, identity, pace)
        except StoppedError:
            discard(target, ChangeSet(identity, wanted.name, ()), create)
            raise
        if described["Status"] == "FAILED":
            discard(target, ChangeSet(identity, wanted.name, ()), create)
            reason = described.get("StatusReason", "no reason given")
            if any(words in reason for words in _NOTHING):
                return None
            raise Problem(f"CloudFormation refuses the template of {wanted.name}: {' '.join(reason.split())}")
        changes = list(described.get("Changes", []))
        while token := described.get("NextToken"):
            described = client.describe_change_set(ChangeSetName=identity, StackName=wanted.name, NextToken=token)
            changes += described.get("Changes", [])
    return ChangeSet(identity, wanted.name, tuple(one["ResourceChange"] for one in changes if "ResourceChange" in one))


def _ready(client: Any, stack: str, identity: str, pace: Pace) -> dict[str, Any]:
    """The change set (its first page) once CloudFormation has worked it out."""
    asked = 0
    while True:
        described: dict[str, Any] = client.describe_change_set(ChangeSetName=identity, StackName=stack)
        if described["Status"] not in ("CREATE_PENDING", "CREATE_IN_PROGRESS"):
            return described
        pace.pause(asked)
        asked += 1


def discard(target: Target, change_set: ChangeSet, created: bool) -> None:
    """Delete a change set that is not to be executed; `created`: with the empty shell of a stack that it made.

    A shell that holds somebody else's change set is left alone.
    """
    client = target.client("cloudformation")
    with translated(f"deleting the change set of {change_set.stack}"):
        client.delete_change_set(ChangeSetName=change_set.id, StackName=change_set.stack)
        if not created:
            return
        found = standing(target, change_set.stack)
        if found is None or found.begun:
            return
        others = client.list_change_sets(StackName=change_set.stack)["Summaries"]
        if all(one.get("ChangeSetId") == change_set.id for one in others):
            client.delete_stack(StackName=change_set.stack)


def _template(target: Target, wanted: Wanted, bucket: str | None) -> dict[str, str]:
    if not wanted.large:
        return {"TemplateBody": wanted.body.decode()}
    if bucket is None:
        raise Problem(f"The template of {wanted.name} is too large to be sent without an artifact bucket.")
    key = f"{wanted.key}/{sha256_of(wanted.body)[:16]}.json"
    upload([(key, wanted.body)], bucket, target)
    return {"TemplateURL": f"{target.client('s3').meta.endpoint_url.rstrip('/')}/{bucket}/{key}"}
