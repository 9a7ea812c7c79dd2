"""AWS::Events::Rule and AWS::Events::EventBus (AWS CloudFormation Template Reference Guide: same titles).

A rule by event pattern delivers what is put on its bus. Schedules are kept, but nothing here fires them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cncb_compiler.local.cloudformation.resource import (
    Clients,
    Held,
    NotHeldError,
    Place,
    Properties,
    ResourceType,
)
from cncb_compiler.local.cloudformation.resources import tags
from cncb_compiler.local.cloudformation.resources.calls import absent_is_deleted, call
from cncb_compiler.local.cloudformation.resources.names import generated
from cncb_compiler.local.cloudformation.resources.words import document, text

_LONGEST_RULE_NAME = 64
_DELIVERED_TO = ("lambda", "sqs", "kinesis", "sns", "logs", "events")
_TARGET = frozenset(
    {"Arn", "Id", "Input", "InputPath", "InputTransformer", "KinesisParameters", "RoleArn", "SqsParameters"}
)
_GONE = "ResourceNotFoundException"
_PLAIN = ("Description", "RoleArn", "ScheduleExpression", "State")


def _create_rule(clients: Clients, place: Place, properties: Properties) -> Held:
    name = properties.get("Name") or generated(place, _LONGEST_RULE_NAME)
    bus = properties.get("EventBusName", "default")
    labels = {"Tags": tags.as_list(properties["Tags"])} if properties.get("Tags") else {}
    arn = _put_rule(clients("events"), name, properties, **labels)
    _put_targets(clients("events"), name, bus, properties.get("Targets", []))
    return Held(arn.split(":rule/", 1)[-1].replace("/", "|"), {"Arn": arn})


def _put_rule(client: Any, name: str, properties: Properties, **more: Any) -> str:
    given = {key: properties[key] for key in (*_PLAIN, "EventBusName") if key in properties}
    if "EventPattern" in properties:
        given["EventPattern"] = text(properties["EventPattern"])
    arn: str = call(client, "put_rule", Name=name, **given, **more)["RuleArn"]
    return arn


def _put_targets(client: Any, rule: str, bus: str, targets: list[Mapping[str, Any]]) -> None:
    for target in targets:
        service = str(target["Arn"]).split(":")[2]
        if service not in _DELIVERED_TO:
            raise NotHeldError(f"Events are not delivered to {service}: only to {', '.join(_DELIVERED_TO)}")
        unknown = sorted(target.keys() - _TARGET)
        if unknown:
            raise NotHeldError(f"Property Targets.{unknown[0]} is not held")
    if targets:
        call(client, "put_targets", Rule=rule, EventBusName=bus, Targets=targets)


def _read_rule(clients: Clients, held: Held, properties: Properties) -> Mapping[str, Any]:
    client, name, bus = clients("events"), _name(held), properties.get("EventBusName", "default")
    found = client.describe_rule(Name=name, EventBusName=bus)
    kept: dict[str, Any] = {key: found.get(key) for key in (*_PLAIN, "EventBusName", "Name") if key in properties}
    if "EventPattern" in properties:
        kept["EventPattern"] = document(properties["EventPattern"], found.get("EventPattern"))
    if "Targets" in properties:
        kept["Targets"] = client.list_targets_by_rule(Rule=name, EventBusName=bus)["Targets"]
    if "Tags" in properties:
        kept["Tags"] = tags.as_list(client.list_tags_for_resource(ResourceARN=held.attributes["Arn"])["Tags"])
    return kept


def _update_rule(clients: Clients, held: Held, old: Properties, new: Properties) -> Held:
    client, name, bus = clients("events"), _name(held), new.get("EventBusName", "default")
    _put_rule(client, name, new)
    _put_targets(client, name, bus, new.get("Targets", []))
    kept = {target["Id"] for target in new.get("Targets", ())}
    left = [target["Id"] for target in old.get("Targets", ()) if target["Id"] not in kept]
    if left:
        client.remove_targets(Rule=name, EventBusName=bus, Ids=left)
    _retag(client, held.attributes["Arn"], old, new)
    return held


def _delete_rule(clients: Clients, held: Held, properties: Properties) -> None:
    client, name, bus = clients("events"), _name(held), properties.get("EventBusName", "default")
    with absent_is_deleted(_GONE):
        targets = [target["Id"] for target in properties.get("Targets", ())]
        if targets:
            client.remove_targets(Rule=name, EventBusName=bus, Ids=targets)
        client.delete_rule(Name=name, EventBusName=bus)


def _name(held: Held) -> str:
    return held.physical_id.rsplit("|", 1)[-1]


def _retag(client: Any, arn: str, old: Properties, new: Properties) -> None:
    put, gone = tags.changes(old.get("Tags"), new.get("Tags"))
    if put:
        client.tag_resource(ResourceARN=arn, Tags=tags.as_list(put))
    if gone:
        client.untag_resource(ResourceARN=arn, TagKeys=gone)


def _create_bus(clients: Clients, _place: Place, properties: Properties) -> Held:
    labels = {"Tags": tags.as_list(properties["Tags"])} if properties.get("Tags") else {}
    arn = call(clients("events"), "create_event_bus", Name=properties["Name"], **labels)["EventBusArn"]
    return Held(properties["Name"], {"Arn": arn, "Name": properties["Name"]})


def _read_bus(clients: Clients, held: Held, properties: Properties) -> Mapping[str, Any]:
    client = clients("events")
    kept: dict[str, Any] = {"Name": client.describe_event_bus(Name=held.physical_id)["Name"]}
    if "Tags" in properties:
        kept["Tags"] = tags.as_list(client.list_tags_for_resource(ResourceARN=held.attributes["Arn"])["Tags"])
    return kept


def _update_bus(clients: Clients, held: Held, old: Properties, new: Properties) -> Held:
    _retag(clients("events"), held.attributes["Arn"], old, new)
    return held


def _delete_bus(clients: Clients, held: Held, _properties: Properties) -> None:
    with absent_is_deleted(_GONE):
        clients("events").delete_event_bus(Name=held.physical_id)


TYPES = (
    ResourceType(
        name="AWS::Events::Rule",
        properties=frozenset({*_PLAIN, "EventBusName", "EventPattern", "Name", "Tags", "Targets"}),
        create=_create_rule,
        read=_read_rule,
        update=_update_rule,
        delete=_delete_rule,
        create_only=frozenset({"EventBusName", "Name"}),
        template_only={"ScheduleExpression": "nothing fires on this machine; `cncb invoke` runs the function now"},
    ),
    ResourceType(
        name="AWS::Events::EventBus",
        properties=frozenset({"Name", "Tags"}),
        create=_create_bus,
        read=_read_bus,
        update=_update_bus,
        delete=_delete_bus,
        create_only=frozenset({"Name"}),
        template_only={"Description": "the endpoint cannot change the description of an event bus"},
    ),
)
