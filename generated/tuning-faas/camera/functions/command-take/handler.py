"""Event-first command `command-take` of camera.

called by  its name
may        publish stream main
declared   system.yaml#/services/camera/commands/take
"""

from typing import Any

import mapping
from cncb_runtime import shape
from cncb_runtime.emission import Emission
from cncb_runtime.publish import publish_now
from cncb_runtime.request import invoke

INPUT = shape.record({"picture": shape.record({"id": shape.uuid, "title": shape.string})})
EVENT = Emission("picture-taken", stream="MAIN_STREAM", fields=mapping.event, partition_key=mapping.event_partition_key)


def command_take(command: dict[str, Any]) -> Any:
    """Publish picture-taken."""
    return publish_now(EVENT, command)


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one call."""
    return invoke(event, command_take, shape=INPUT)
