"""The template of a table with scaled capacity: the recipe `dynamodb-autoscaling`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

GENERATED = Path(__file__).resolve().parents[2] / "generated" / "dynamodb-autoscaling" / "visits" / "template.json"
SCALED = ("VisitsTableReadScaling", "VisitsTableByCityIndexReadScaling")


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(GENERATED.read_text())["Resources"]
    return found


def test_the_least_is_provisioned_of_the_table_and_its_index(resources: dict[str, Any]) -> None:
    table = resources["VisitsTable"]["Properties"]
    least = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
    assert table["BillingMode"] == "PROVISIONED"
    assert table["ProvisionedThroughput"] == least
    assert table["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"] == least


@pytest.mark.parametrize(
    ("name", "place", "dimension"),
    [
        ("VisitsTableReadScaling", "table/${VisitsTable}", "dynamodb:table:ReadCapacityUnits"),
        ("VisitsTableWriteScaling", "table/${VisitsTable}", "dynamodb:table:WriteCapacityUnits"),
        ("VisitsTableByCityIndexReadScaling", "table/${VisitsTable}/index/by-city", "dynamodb:index:ReadCapacityUnits"),
        (
            "VisitsTableByCityIndexWriteScaling",
            "table/${VisitsTable}/index/by-city",
            "dynamodb:index:WriteCapacityUnits",
        ),
    ],
)
def test_targets_and_policies(resources: dict[str, Any], name: str, place: str, dimension: str) -> None:
    reads = "Read" in name
    target = resources[name]["Properties"]
    assert (target["ResourceId"], target["ScalableDimension"]) == ({"Fn::Sub": place}, dimension)
    assert (target["MinCapacity"], target["MaxCapacity"]) == (5, 500 if reads else 100)
    assert target["RoleARN"]["Fn::Sub"].endswith("/AWSServiceRoleForApplicationAutoScaling_DynamoDBTable")
    policy = resources[f"{name}Policy"]["Properties"]
    assert policy["ScalingTargetId"] == {"Ref": name}
    tracking = policy["TargetTrackingScalingPolicyConfiguration"]
    assert tracking["TargetValue"] == (60 if reads else 70)
    metric = f"DynamoDB{'Read' if reads else 'Write'}CapacityUtilization"
    assert tracking["PredefinedMetricSpecification"]["PredefinedMetricType"] == metric


def test_schedules_change_the_bounds_of_what_they_name(resources: dict[str, Any]) -> None:
    for name in SCALED:
        actions = resources[name]["Properties"]["ScheduledActions"]
        assert [one["ScalableTargetAction"] for one in actions] == [{"MinCapacity": 100}, {"MinCapacity": 5}]
        assert [one["Schedule"] for one in actions] == ["cron(45 7 ? * MON-FRI *)", "cron(0 19 ? * MON-FRI *)"]
        assert {one["Timezone"] for one in actions} == {"Europe/Berlin"}
    assert "ScheduledActions" not in resources["VisitsTableWriteScaling"]["Properties"]
