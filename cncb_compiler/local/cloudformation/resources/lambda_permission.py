"""AWS::Lambda::Permission (AWS CloudFormation Template Reference Guide: same title).

The endpoint keeps the statements. Nothing on this machine asks for permission.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cncb_compiler.local.cloudformation.resource import Clients, Held, Place, Properties, ResourceType
from cncb_compiler.local.cloudformation.resources.calls import absent_is_deleted, call
from cncb_compiler.local.cloudformation.resources.names import generated

_PROPERTIES = frozenset({"Action", "FunctionName", "Principal", "SourceAccount", "SourceArn"})


def _create(clients: Clients, place: Place, properties: Properties) -> Held:
    statement = generated(place, 100)
    given = {key: properties[key] for key in _PROPERTIES if key in properties}
    call(clients("lambda"), "add_permission", StatementId=statement, **given)
    return Held(statement, {"Id": statement})


def _read(clients: Clients, held: Held, properties: Properties) -> Mapping[str, Any]:
    policy = json.loads(clients("lambda").get_policy(FunctionName=properties["FunctionName"])["Policy"])
    statement = next((each for each in policy["Statement"] if each["Sid"] == held.physical_id), None)
    if statement is None:
        return {}
    condition = statement.get("Condition", {})
    principal = statement["Principal"]
    kept = {
        "Action": statement["Action"],
        "FunctionName": properties["FunctionName"],
        "Principal": next(iter(principal.values())) if isinstance(principal, Mapping) else principal,
        "SourceAccount": condition.get("StringEquals", {}).get("AWS:SourceAccount"),
        "SourceArn": condition.get("ArnLike", {}).get("AWS:SourceArn"),
    }
    return {name: value for name, value in kept.items() if value is not None}


def _update(_clients: Clients, held: Held, _old: Properties, _new: Properties) -> Held:
    return held


def _delete(clients: Clients, held: Held, properties: Properties) -> None:
    with absent_is_deleted("ResourceNotFoundException"):
        clients("lambda").remove_permission(FunctionName=properties["FunctionName"], StatementId=held.physical_id)


TYPES = (
    ResourceType(
        name="AWS::Lambda::Permission",
        properties=_PROPERTIES,
        create=_create,
        read=_read,
        update=_update,
        delete=_delete,
        create_only=_PROPERTIES,
    ),
)
