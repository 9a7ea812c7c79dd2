"""What every resource of a stack shares while it is built."""

from __future__ import annotations

from msgspec import Struct

from cncb_compiler.aws import naming
from cncb_compiler.aws.values import Resource, Value, get_att, ref, sub, tag_value
from cncb_compiler.plan.assets import CLAIMS, Asset
from cncb_compiler.plan.service import ServicePlan

AWS_KINESIS_KEY = "alias/aws/kinesis"
"""The key that AWS manages for Kinesis; it needs no permission of its own."""


class Stack(Struct, frozen=True):
    """A stack under construction. `tags` is a list, `tag_map` the same as a map."""

    plan: ServicePlan
    tags: list[Resource]
    tag_map: dict[str, Value]
    own_streams: frozenset[str]
    own_claims: bool
    stream_keys: dict[str, str]

    def stream_arn(self, stream: Asset) -> Value:
        """The ARN of a stream: an attribute where this stack deploys it, else what its stack published."""
        if stream.name in self.own_streams:
            return get_att(naming.asset_id(stream), "Arn")
        return self._published(f"streams/{stream.name}/arn")

    def stream_name(self, stream: Asset) -> Value:
        """The name of a stream: a reference where this stack deploys it, else what its stack published."""
        if stream.name in self.own_streams:
            return ref(naming.asset_id(stream))
        return self._published(f"streams/{stream.name}/name")

    def claims_name(self) -> Value:
        """The name of the claim-check bucket."""
        return ref(naming.asset_id(CLAIMS)) if self.own_claims else self._published("claims/name")

    def claims_arn(self, prefix: str) -> Value:
        """The ARN of the objects of the claim-check bucket with a prefix."""
        if self.own_claims:
            return sub(f"${{{naming.asset_id(CLAIMS)}.Arn}}/{prefix}/*")
        return self._published("claims/arn", f"/{prefix}/*")

    def _published(self, what: str, rest: str = "") -> Value:
        """A dynamic reference to what another stack published, with the rest of the text.

        It is joined, as AWS's documentation joins them: in one Fn::Sub, AWS's own validator
        (cloudformation-validate) takes the unresolved reference for the value, a malformed ARN.
        """
        first = f"{{{{resolve:ssm:/{self.plan.system}"
        return {"Fn::Join": ["/", [first, ref(naming.STAGE), f"{what}}}}}{rest}"]]}


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
    own_claims = any(bucket.asset == CLAIMS for bucket in plan.buckets)
    return Stack(plan, tags, tag_map, frozenset(own), own_claims, {**plan.stream_keys, **own})


def claims_parameter(system: str, what: str) -> str:
    """The name (for Fn::Sub) of the SSM parameter with the claim-check bucket's `name` or `arn`."""
    return f"/{system}/${{{naming.STAGE}}}/claims/{what}"


def stream_parameter(system: str, stream: str, what: str) -> str:
    """The name (for Fn::Sub) of the SSM parameter under which a stream's `name` or `arn` is published."""
    return f"/{system}/${{{naming.STAGE}}}/streams/{stream}/{what}"
