"""Micro event store `collect-monthly` of analytics.

Collects the events that monthly is computed from.

called by  thing-bought, thing-viewed of stream main
may        put table monthly-events
faults to  stream main
declared   system.yaml#/services/analytics/views/monthly
"""

from typing import Any

import mapping
from cncb_runtime.micro_event_store import MicroEventStore
from cncb_runtime.pipeline import run
from cncb_runtime.steps import for_types, to
from cncb_runtime.stream_records import from_stream
from cncb_runtime.unit import each

MONTHLY_EVENTS_TABLE = MicroEventStore("MONTHLY_EVENTS_TABLE", keep=7776000)
CORRELATIONS = {
    "thing-viewed": to(mapping.thing_viewed_correlation),
    "thing-bought": to(mapping.thing_bought_correlation),
}
PIPELINE = (for_types(CORRELATIONS), each(MONTHLY_EVENTS_TABLE.collect))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Keep each event. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM")
