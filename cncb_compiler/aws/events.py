"""Event buses: where events are for systems outside, which add rules of their own."""

from __future__ import annotations

from cncb_compiler.aws import naming
from cncb_compiler.aws.stack import Stack
from cncb_compiler.aws.values import Resource, resource, sub
from cncb_compiler.plan.assets import Bus

PATTERN = "bus"


def bus_resources(stack: Stack, bus: Bus) -> dict[str, Resource]:
    """The bus, by logical id. CloudFormation gives it no name of its own, so it has the function's kind of name."""
    name = naming.bus_name(stack.plan.system, stack.plan.service, bus.asset.name, f"${{{naming.STAGE}}}")
    return {
        naming.asset_id(bus.asset): resource(
            "AWS::Events::EventBus", {"Name": sub(name), "Tags": stack.tags}, str(bus.at), PATTERN
        )
    }
