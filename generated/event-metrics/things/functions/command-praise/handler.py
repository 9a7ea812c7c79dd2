"""Event-first command `command-praise` of things.

called by  its name
may        publish stream main
declared   system.yaml#/services/things/commands/praise
"""

from typing import Any

import mapping
from cncb_runtime import shape
from cncb_runtime.emission import Emission
from cncb_runtime.publish import publish_now
from cncb_runtime.request import invoke

ThingShape = shape.record({"id": shape.uuid, "name": shape.string})
INPUT = shape.record({"thing": ThingShape})
EVENT = Emission("thing-praised", stream="MAIN_STREAM", fields=mapping.event, partition_key=mapping.event_partition_key)


def command_praise(command: dict[str, Any]) -> Any:
    """Publish thing-praised."""
    return publish_now(EVENT, command)


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one call."""
    return invoke(event, command_praise, shape=INPUT)
