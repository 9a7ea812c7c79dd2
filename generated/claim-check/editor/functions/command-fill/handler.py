"""Event-first command `command-fill` of editor.

called by  its name
may        put claims event; publish stream main
declared   system.yaml#/services/editor/commands/fill
"""

from typing import Any

import mapping
from cncb_runtime import shape
from cncb_runtime.emission import Emission
from cncb_runtime.packing import Packing
from cncb_runtime.publish import publish_now
from cncb_runtime.request import invoke

INPUT = shape.record({"id": shape.uuid, "size": shape.integer})
EVENT = Emission(
    "page-written",
    stream="MAIN_STREAM",
    fields=mapping.event,
    partition_key=mapping.event_partition_key,
    pack=Packing(compress=1000, claim=True),
)


def command_fill(command: dict[str, Any]) -> Any:
    """Publish page-written."""
    return publish_now(EVENT, command)


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one call."""
    return invoke(event, command_fill, shape=INPUT)
