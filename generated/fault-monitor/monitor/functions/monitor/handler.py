"""Monitor `monitor` of monitor.

Keeps every fault.

called by  fault of stream main
may        put bucket faults
declared   system.yaml#/services/monitor/monitor
"""

from typing import Any

from cncb_runtime.fault_store import FaultStore
from cncb_runtime.pipeline import run
from cncb_runtime.steps import only
from cncb_runtime.stream_records import from_stream

FAULTS = FaultStore("FAULTS_BUCKET")
PIPELINE = (only("fault"), FAULTS.keep)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Keep each fault. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE)
