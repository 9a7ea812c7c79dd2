"""Own function `listen` of listener.

called by  thing-created of stream main
may        update table processed
faults to  stream main
declared   system.yaml#/services/listener/functions/listen
"""

from typing import Any

from cncb_runtime.pipeline import run
from cncb_runtime.processed import Processed
from cncb_runtime.steps import only, to
from cncb_runtime.stream_records import from_stream
from cncb_runtime.unit import each
from hooks import things as things_hooks

PROCESSED_TABLE = Processed("PROCESSED_TABLE", lease=30, keep=2592000)
PIPELINE = (only("thing-created"), PROCESSED_TABLE.claim, each(to(things_hooks.listen)), PROCESSED_TABLE.done)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Call the team's function with each event. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM")
