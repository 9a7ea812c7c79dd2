"""Alarms on faults: one for each service, on the metric that the monitor counts (`runtime/fault_store.py`)."""

from __future__ import annotations

from typing import Any

from cncb_compiler.aws import naming
from cncb_compiler.aws.stack import Stack
from cncb_compiler.aws.values import Resource, filled, ref, resource, sub
from cncb_compiler.plan.service import FaultAlarm
from cncb_compiler.runtime.fault_store import METRIC
from cncb_compiler.runtime.metrics import NAMESPACE

PATTERN = "monitor"


def alarm_resources(stack: Stack, alarm: FaultAlarm) -> dict[str, Resource]:
    """The alarm, by logical id."""
    values = {"system": stack.plan.system, "stage": ref(naming.STAGE), "service": alarm.service}
    properties: dict[str, Any] = {
        "AlarmDescription": f"{alarm.service} of {stack.plan.system} could not handle events: see cncb faults list",
        "Namespace": NAMESPACE,
        "MetricName": METRIC,
        "Dimensions": [{"Name": name, "Value": value} for name, value in values.items()],
        "Statistic": "Sum",
        "Period": alarm.period,
        "EvaluationPeriods": 1,
        "Threshold": alarm.faults,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
    }
    if alarm.topic is not None:
        properties["AlarmActions"] = [_topic(alarm.topic)]
    # A tag of an alarm cannot be empty, as a system without an owner has it.
    properties["Tags"] = [tag for tag in stack.tags if tag["Value"]]
    return {naming.faults_alarm_id(alarm.service): resource("AWS::CloudWatch::Alarm", properties, alarm.at, PATTERN)}


def _topic(topic: str) -> Any:
    """The ARN of a topic; a name means one in the account and region of the stack."""
    if topic.startswith("arn:"):
        return filled(topic)
    place = "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:"
    return sub(place + topic.replace("${stage}", "${Stage}").replace("${region}", "${AWS::Region}"))
