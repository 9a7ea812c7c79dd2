"""Event-first command `command-create` of things.

called by  its name
may        publish stream main
declared   system.yaml#/services/things/commands/create
"""

from typing import Any

import mapping
from cncb_runtime import shape
from cncb_runtime.emission import Emission
from cncb_runtime.publish import publish_now
from cncb_runtime.request import invoke

ThingShape = shape.record({"id": shape.uuid, "name": shape.string})
INPUT = shape.record({"thing": ThingShape})
EVENT = Emission("thing-created", stream="MAIN_STREAM", fields=mapping.event, partition_key=mapping.event_partition_key)


def command_create(command: dict[str, Any]) -> Any:
    """Publish thing-created."""
    return publish_now(EVENT, command)


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one call."""
    return invoke(event, command_create, shape=INPUT)
