"""What every resource of a stack shares while it is built."""

from __future__ import annotations

from dataclasses import dataclass

from cncb_compiler.aws import naming
from cncb_compiler.aws.values import Resource, Value, get_att, ref, tag_value
from cncb_compiler.plan.assets import Asset
from cncb_compiler.plan.service import ServicePlan

AWS_KINESIS_KEY = "alias/aws/kinesis"
"""The key that AWS manages for Kinesis; it needs no permission of its own."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack under construction. `tags` is a list, `tag_map` the same as a map."""

    plan: ServicePlan
    tags: list[Resource]
    tag_map: dict[str, Value]
    own_streams: frozenset[str]
    stream_keys: dict[str, str]

    def stream_arn(self, stream: Asset) -> Value:
        """The ARN of a stream: an attribute where this stack deploys it, else what its stack published."""
        if stream.name in self.own_streams:
            return get_att(naming.asset_id(stream), "Arn")
        return self._published(stream, "arn")

    def stream_name(self, stream: Asset) -> Value:
        """The name of a stream: a reference where this stack deploys it, else what its stack published."""
        if stream.name in self.own_streams:
            return ref(naming.asset_id(stream))
        return self._published(stream, "name")

    def _published(self, stream: Asset, what: str) -> Value:
        """A dynamic reference to what a stream's stack published.

        It is joined, as AWS's documentation joins them: in one Fn::Sub, AWS's own validator
        (cloudformation-validate) takes the unresolved reference for the value, a malformed ARN.
        """
        first = f"{{{{resolve:ssm:/{self.plan.system}"
        return {"Fn::Join": ["/", [first, ref(naming.STAGE), f"streams/{stream.name}/{what}}}}}"]]}


def stack_of(plan: ServicePlan) -> Stack:
    """The shared values of a service's stack."""
    tag_map: dict[str, Value] = {
        "system": plan.system,
        "service": plan.service,
        "owner": tag_value(plan.owner),
        "stage": ref(naming.STAGE),
    }
    tag_map.update(sorted(plan.tags.items()))
    tags: list[Resource] = [{"Key": key, "Value": value} for key, value in tag_map.items()]
    own = {stream.asset.name: stream.encryption for stream in plan.streams}
    return Stack(plan, tags, tag_map, frozenset(own), {**plan.stream_keys, **own})


def stream_parameter(system: str, stream: str, what: str) -> str:
    """The name (for Fn::Sub) of the SSM parameter under which a stream's `name` or `arn` is published."""
    return f"/{system}/${{{naming.STAGE}}}/streams/{stream}/{what}"
