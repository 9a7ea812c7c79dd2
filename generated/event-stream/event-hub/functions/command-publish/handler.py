"""Event-first command `command-publish` of event-hub.

called by  its name
may        publish stream main
declared   system.yaml#/services/event-hub/commands/publish
"""

from typing import Any

import mapping
from cncb_runtime import shape
from cncb_runtime.emission import Emission
from cncb_runtime.publish import publish_now
from cncb_runtime.request import invoke

INPUT = shape.record({"name": shape.string})
EVENT = Emission("thing-created", stream="MAIN_STREAM", fields=mapping.event, partition_key=mapping.event_partition_key)


def command_publish(command: dict[str, Any]) -> Any:
    """Publish thing-created."""
    return publish_now(EVENT, command)


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one call."""
    return invoke(event, command_publish, shape=INPUT)
