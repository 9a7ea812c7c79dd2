"""AWS::CloudWatch::Alarm (AWS CloudFormation Template Reference Guide: "AWS::CloudWatch::Alarm").

The endpoint keeps the alarm. Nothing on this machine raises it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cncb_compiler.local.cloudformation.resource import Clients, Held, Place, Properties, ResourceType
from cncb_compiler.local.cloudformation.resources import tags
from cncb_compiler.local.cloudformation.resources.calls import call
from cncb_compiler.local.cloudformation.resources.names import generated
from cncb_compiler.local.cloudformation.resources.words import picked

_SETTINGS = frozenset(
    {
        "ActionsEnabled",
        "AlarmActions",
        "AlarmDescription",
        "ComparisonOperator",
        "DatapointsToAlarm",
        "Dimensions",
        "EvaluationPeriods",
        "ExtendedStatistic",
        "InsufficientDataActions",
        "MetricName",
        "Metrics",
        "Namespace",
        "OKActions",
        "Period",
        "Statistic",
        "Threshold",
        "TreatMissingData",
        "Unit",
    }
)


def _create(clients: Clients, place: Place, properties: Properties) -> Held:
    name = properties.get("AlarmName") or generated(place)
    client = clients("cloudwatch")
    _put(client, name, properties, tags.as_list(properties.get("Tags")))
    arn = client.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["AlarmArn"]
    return Held(name, {"Arn": arn})


def _put(client: Any, name: str, properties: Properties, labels: list[dict[str, str]]) -> None:
    given = {key: properties[key] for key in _SETTINGS if key in properties}
    call(client, "put_metric_alarm", AlarmName=name, **given, **({"Tags": labels} if labels else {}))


def _read(clients: Clients, held: Held, properties: Properties) -> Mapping[str, Any]:
    client = clients("cloudwatch")
    found = client.describe_alarms(AlarmNames=[held.physical_id])["MetricAlarms"]
    if not found:
        return {}
    kept = picked(properties, found[0], _SETTINGS | {"AlarmName"})
    if "Tags" in properties:
        kept["Tags"] = tags.as_list(client.list_tags_for_resource(ResourceARN=held.attributes["Arn"])["Tags"])
    return kept


def _update(clients: Clients, held: Held, old: Properties, new: Properties) -> Held:
    client, arn = clients("cloudwatch"), held.attributes["Arn"]
    _put(client, held.physical_id, new, [])
    put, gone = tags.changes(old.get("Tags"), new.get("Tags"))
    if put:
        client.tag_resource(ResourceARN=arn, Tags=tags.as_list(put))
    if gone:
        client.untag_resource(ResourceARN=arn, TagKeys=gone)
    return held


def _delete(clients: Clients, held: Held, _properties: Properties) -> None:
    clients("cloudwatch").delete_alarms(AlarmNames=[held.physical_id])


TYPES = (
    ResourceType(
        name="AWS::CloudWatch::Alarm",
        properties=_SETTINGS | {"AlarmName", "Tags"},
        create=_create,
        read=_read,
        update=_update,
        delete=_delete,
        create_only=frozenset({"AlarmName"}),
    ),
)
