"""AWS::CloudFormation::WaitConditionHandle: a URL that waits for signals; without a WaitCondition it does nothing.

It makes a template without other resources a valid one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cncb_compiler.local.cloudformation.resource import Clients, Held, Place, Properties, ResourceType


def _create(_clients: Clients, place: Place, _properties: Properties) -> Held:
    return Held(f"https://cloudformation-waitcondition-{place.region}.s3.amazonaws.com/{place.generated_name}")


def _read(_clients: Clients, _held: Held, _properties: Properties) -> Mapping[str, Any]:
    return {}


def _update(_clients: Clients, held: Held, _old: Properties, _new: Properties) -> Held:
    return held


def _delete(_clients: Clients, _held: Held, _properties: Properties) -> None:
    return None


TYPES = (
    ResourceType(
        name="AWS::CloudFormation::WaitConditionHandle",
        properties=frozenset(),
        create=_create,
        read=_read,
        update=_update,
        delete=_delete,
    ),
)
