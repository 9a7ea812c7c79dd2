"""The physical resources of a system in a stage, by what declared them."""

from __future__ import annotations

from collections.abc import Mapping

from cncb_compiler.aws import naming
from cncb_compiler.deploy.stack import stack_name
from cncb_compiler.plan.assets import Asset
from cncb_compiler.target.problems import Problem, translated
from cncb_compiler.target.target import Target


class Places:
    """Asks the target once for each stack. `known` are physical ids by logical id, by service, that need no asking."""

    def __init__(self, target: Target, system: str, known: Mapping[str, Mapping[str, str]] | None = None) -> None:
        self._target = target
        self._system = system
        self._stacks: dict[str, Mapping[str, str]] = dict(known or {})

    def physical(self, service: str, asset: Asset) -> str | None:
        """The name of a service's table or bucket, or of its index's domain; None where its stack does not hold it."""
        if service not in self._stacks:
            self._stacks[service] = self._asked(stack_name(self._system, service, self._target.stage))
        held_by = naming.SEARCH_DOMAIN if asset.kind == "index" else naming.asset_id(asset)
        return self._stacks[service].get(held_by)

    def stream(self, name: str) -> str:
        """The name of an event stream, as its stack published it. Raises Problem where it is not deployed."""
        return self._published(name, "name")

    def stream_arn(self, name: str) -> str:
        """As `stream`, the ARN."""
        return self._published(name, "arn")

    def _published(self, name: str, what: str) -> str:
        parameter = f"/{self._system}/{self._target.stage}/streams/{name}/{what}"
        with translated(f"looking up the stream `{name}`"):
            ssm = self._target.client("ssm")
            try:
                value: str = ssm.get_parameter(Name=parameter)["Parameter"]["Value"]
            except ssm.exceptions.ParameterNotFound:
                raise Problem(
                    f"{self._system} has no stream `{name}` in stage `{self._target.stage}` ({self._target.region}).",
                    "Deploy it with `cncb deploy`, or look at --stage and --region.",
                ) from None
            return value

    def _asked(self, stack: str) -> Mapping[str, str]:
        from botocore.exceptions import ClientError

        with translated(f"looking at {stack}"):
            pages = self._target.client("cloudformation").get_paginator("list_stack_resources")
            try:
                return {
                    one["LogicalResourceId"]: one["PhysicalResourceId"]
                    for page in pages.paginate(StackName=stack)
                    for one in page["StackResourceSummaries"]
                    if one.get("PhysicalResourceId")
                }
            except ClientError as error:
                if "does not exist" in str(error):
                    return {}
                raise
