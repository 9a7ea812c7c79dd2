"""How a stack stands in AWS before anything is done to it.

Source: AWS CloudFormation User Guide, "Stack status codes".
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from cncb_compiler.target.problems import Problem, held_problem, translated
from cncb_compiler.target.target import Target

_BORN_DEAD = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"})
_STUCK = frozenset({"UPDATE_ROLLBACK_FAILED", "DELETE_FAILED"})
_REVIEW = "REVIEW_IN_PROGRESS"


@dataclass(frozen=True, slots=True)
class Standing:
    """A stack that AWS knows: `status` is CloudFormation's word for it, `reason` what it says about it."""

    name: str
    id: str
    status: str
    reason: str
    outputs: dict[str, str]

    @property
    def begun(self) -> bool:
        """Whether there is a stack to update: not only the shell that the first change set leaves."""
        return self.status != _REVIEW

    @property
    def born_dead(self) -> bool:
        """Whether its creation failed, so that it can only be deleted and made anew."""
        return self.status in _BORN_DEAD

    @property
    def held(self) -> Problem | None:
        """Why it cannot be updated now, if so."""
        busy = self.status.endswith("_IN_PROGRESS") and self.begun
        return held_problem(self.name, self.status) if busy or self.status in _STUCK else None

    @property
    def busy(self) -> bool:
        """Whether an operation is going on, so that it cannot even be removed."""
        return self.status.endswith("_IN_PROGRESS") and self.begun


Way = Literal["create", "update", "recreate"]


def way(standing: Standing | None) -> Way:
    """What deploying does to a stack that stands so. Raises Problem where nothing can be done now."""
    if standing is None or not standing.begun:
        return "create"
    if standing.held:
        raise standing.held
    return "recreate" if standing.born_dead else "update"


def standing(target: Target, name: str) -> Standing | None:
    """How a stack stands, by name or id; None where there is none (AWS CloudFormation API: DescribeStacks)."""
    from botocore.exceptions import ClientError

    with translated(f"looking at {name}"):
        try:
            found = target.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
    if not found or found[0]["StackStatus"] == "DELETE_COMPLETE":
        return None
    one = found[0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in one.get("Outputs", [])}
    return Standing(one["StackName"], one["StackId"], one["StackStatus"], one.get("StackStatusReason", ""), outputs)


def deployed_template(target: Target, name: str) -> dict[str, Any]:
    """The template that a stack was last deployed with (GetTemplate); empty where it is none of ours."""
    with translated(f"reading the template of {name}"):
        body = target.client("cloudformation").get_template(StackName=name, TemplateStage="Original")["TemplateBody"]
    if isinstance(body, str):
        try:
            body = json.loads(body)
        except ValueError:
            return {}
    return dict(body) if isinstance(body, dict) else {}


def physical_ids(target: Target, name: str) -> dict[str, str]:
    """The physical ids of a stack's resources, by logical id."""
    return {one["LogicalResourceId"]: one.get("PhysicalResourceId", "") for one in _listed(target, name)}


def resources(target: Target, name: str) -> list[tuple[str, str]]:
    """The type and physical id of each resource of a stack."""
    return [(one["ResourceType"], one.get("PhysicalResourceId", "")) for one in _listed(target, name)]


def _listed(target: Target, name: str) -> list[dict[str, Any]]:
    """What there is of a stack (AWS CloudFormation API: ListStackResources, all pages)."""
    with translated(f"listing the resources of {name}"):
        pages = target.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=name)
        return [
            one
            for page in pages
            for one in page["StackResourceSummaries"]
            if one["ResourceStatus"] != "DELETE_COMPLETE"
        ]


def published(target: Target, names: tuple[str, ...]) -> dict[str, str]:
    """The values of those SSM parameters that exist (AWS Systems Manager API: GetParameters, ten at a time)."""
    found: dict[str, str] = {}
    with translated("reading parameters of the Systems Manager"):
        for start in range(0, len(names), 10):
            answer = target.client("ssm").get_parameters(Names=list(names[start : start + 10]))
            found |= {one["Name"]: one["Value"] for one in answer["Parameters"]}
    return found
