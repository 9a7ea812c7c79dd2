"""Scaled capacity of tables and their indexes: target tracking within bounds, and bounds that change by the clock.

Source: DynamoDB Developer Guide, "Managing throughput capacity automatically with DynamoDB auto scaling"; Application
Auto Scaling acts by its service-linked role, which no role of the system needs to be.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cncb_compiler.aws import naming
from cncb_compiler.aws.stack import Stack
from cncb_compiler.aws.values import Resource, ref, resource, sub
from cncb_compiler.model.store import Bounds, Scaled, Throughput
from cncb_compiler.plan.assets import Table

PATTERN = "scaled capacity"
_ROLE = sub(
    "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/dynamodb.application-autoscaling.amazonaws.com/"
    "AWSServiceRoleForApplicationAutoScaling_DynamoDBTable"
)


def scaling_resources(stack: Stack, table: Table) -> dict[str, Resource]:
    """The scalable targets of a table and its indexes with their policies, by logical id."""
    made: dict[str, Resource] = {}
    if isinstance(table.capacity, str):
        return made
    table_id = naming.asset_id(table.asset)
    indexes = sorted(index.name for index in table.indexes)
    for index in (None, *indexes):
        for what in ("Read", "Write"):
            scaled = table.capacity.read if what == "Read" else table.capacity.write
            if isinstance(scaled, Scaled):
                target_id = naming.scaling_id(table.asset, index, what)
                place = sub(f"table/${{{table_id}}}" + (f"/index/{index}" if index else ""))
                dimension = f"dynamodb:{'index' if index else 'table'}:{what}CapacityUnits"
                made |= _scaling(table, target_id, place, dimension, what, scaled)
    return made


def _scaling(
    table: Table, target_id: str, place: Any, dimension: str, what: str, scaled: Scaled
) -> dict[str, Resource]:
    assert isinstance(table.capacity, Throughput)
    target: dict[str, Any] = {
        "ServiceNamespace": "dynamodb",
        "ResourceId": place,
        "ScalableDimension": dimension,
        "MinCapacity": scaled.min,
        "MaxCapacity": scaled.max,
        "RoleARN": _ROLE,
    }
    actions = list(_actions(table.capacity, what))
    if actions:
        target["ScheduledActions"] = actions
    policy = {
        "PolicyName": f"{what.lower()}-utilization",
        "PolicyType": "TargetTrackingScaling",
        "ScalingTargetId": ref(target_id),
        "TargetTrackingScalingPolicyConfiguration": {
            "PredefinedMetricSpecification": {"PredefinedMetricType": f"DynamoDB{what}CapacityUtilization"},
            "TargetValue": scaled.target,
        },
    }
    return {
        target_id: resource("AWS::ApplicationAutoScaling::ScalableTarget", target, table.at, PATTERN),
        f"{target_id}Policy": resource("AWS::ApplicationAutoScaling::ScalingPolicy", policy, table.at, PATTERN),
    }


def _actions(capacity: Throughput, what: str) -> Iterator[dict[str, Any]]:
    for number, one in enumerate(capacity.schedules, start=1):
        bounds: Bounds | None = one.read if what == "Read" else one.write
        if bounds is None:
            continue
        limits = {"MinCapacity": bounds.min, "MaxCapacity": bounds.max}
        action: dict[str, Any] = {
            "ScheduledActionName": f"schedule-{number}",
            "Schedule": one.schedule,
            "ScalableTargetAction": {name: value for name, value in limits.items() if value is not None},
        }
        if one.timezone is not None:
            action["Timezone"] = one.timezone
        yield action
