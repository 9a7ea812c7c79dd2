"""Computed view `evaluate-histories` of things.

called by  INSERT of table histories-events
may        update table histories; query table histories-events
faults to  stream main
declared   system.yaml#/services/things/views/histories
"""

from typing import Any

import mapping
from cncb_runtime.evaluation import evaluate
from cncb_runtime.micro_event_store import MicroEventStore, collected
from cncb_runtime.pipeline import run
from cncb_runtime.table_records import from_table
from cncb_runtime.unit import each
from cncb_runtime.view import View

HISTORIES_EVENTS_TABLE = MicroEventStore("HISTORIES_EVENTS_TABLE")
KEYS = {"thing-submitted": mapping.thing_submitted_key, "thing-updated": mapping.thing_updated_key}
HISTORIES_TABLE = View("HISTORIES_TABLE", key=("id",), locked=False)
PIPELINE = (
    each(collected),
    each(HISTORIES_EVENTS_TABLE.correlated),
    each(evaluate(KEYS, mapping.evaluate)),
    each(HISTORIES_TABLE.apply),
)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Compute the row of each collected event. Answer with the record to begin again from, if any."""
    return run(event, context, from_table, PIPELINE, faults_to="MAIN_STREAM")
