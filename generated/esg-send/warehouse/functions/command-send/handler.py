"""Event-first command `command-send` of warehouse.

called by  its name
may        publish stream main
declared   system.yaml#/services/warehouse/commands/send
"""

from typing import Any

import mapping
from cncb_runtime import shape
from cncb_runtime.emission import Emission
from cncb_runtime.publish import publish_now
from cncb_runtime.request import invoke

INPUT = shape.record({"parcel": shape.record({"carrier": shape.string, "grams": shape.integer, "id": shape.uuid})})
EVENT = Emission("parcel-sent", stream="MAIN_STREAM", fields=mapping.event, partition_key=mapping.event_partition_key)


def command_send(command: dict[str, Any]) -> Any:
    """Publish parcel-sent."""
    return publish_now(EVENT, command)


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one call."""
    return invoke(event, command_send, shape=INPUT)
