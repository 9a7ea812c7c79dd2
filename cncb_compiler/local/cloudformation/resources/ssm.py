"""AWS::SSM::Parameter (AWS CloudFormation Template Reference Guide: "AWS::SSM::Parameter")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cncb_compiler.local.cloudformation.resource import Clients, Held, Place, Properties, ResourceType
from cncb_compiler.local.cloudformation.resources import tags
from cncb_compiler.local.cloudformation.resources.calls import absent_is_deleted, call
from cncb_compiler.local.cloudformation.resources.names import generated
from cncb_compiler.local.cloudformation.resources.words import picked

_VALUE = ("AllowedPattern", "DataType", "Description", "Tier", "Type", "Value")
_DESCRIBED = ("AllowedPattern", "Description", "Tier")
_CLEARED = {"AllowedPattern": "", "Description": ""}


def _create(clients: Clients, place: Place, properties: Properties) -> Held:
    name = properties.get("Name") or generated(place)
    labels = {"Tags": tags.as_list(properties["Tags"])} if properties.get("Tags") else {}
    given = {key: properties[key] for key in _VALUE if key in properties}
    call(clients("ssm"), "put_parameter", Name=name, **given, **labels)
    return _held(name, properties)


def _read(clients: Clients, held: Held, properties: Properties) -> Mapping[str, Any]:
    client, name = clients("ssm"), held.physical_id
    found = dict(client.get_parameter(Name=name)["Parameter"])
    if any(key in properties for key in _DESCRIBED):
        names = [{"Key": "Name", "Option": "Equals", "Values": [name]}]
        found |= client.describe_parameters(ParameterFilters=names)["Parameters"][0]
    kept = picked(properties, found, [*_VALUE, "Name"])
    if "Tags" in properties:
        kept["Tags"] = tags.as_map(client.list_tags_for_resource(ResourceType="Parameter", ResourceId=name)["TagList"])
    return kept


def _update(clients: Clients, held: Held, old: Properties, new: Properties) -> Held:
    client, name = clients("ssm"), held.physical_id
    if any(old.get(key) != new.get(key) for key in _VALUE):
        cleared = {key: value for key, value in _CLEARED.items() if key in old}
        given = cleared | {key: new[key] for key in _VALUE if key in new}
        call(client, "put_parameter", Name=name, Overwrite=True, **given)
    put, gone = tags.changes(old.get("Tags"), new.get("Tags"))
    if put:
        client.add_tags_to_resource(ResourceType="Parameter", ResourceId=name, Tags=tags.as_list(put))
    if gone:
        client.remove_tags_from_resource(ResourceType="Parameter", ResourceId=name, TagKeys=gone)
    return _held(name, new)


def _delete(clients: Clients, held: Held, _properties: Properties) -> None:
    with absent_is_deleted("ParameterNotFound"):
        clients("ssm").delete_parameter(Name=held.physical_id)


def _held(name: str, properties: Properties) -> Held:
    return Held(name, {"Type": properties["Type"], "Value": properties["Value"]})


TYPES = (
    ResourceType(
        name="AWS::SSM::Parameter",
        properties=frozenset({*_VALUE, "Name", "Tags"}),
        create=_create,
        read=_read,
        update=_update,
        delete=_delete,
        create_only=frozenset({"Name"}),
    ),
)
