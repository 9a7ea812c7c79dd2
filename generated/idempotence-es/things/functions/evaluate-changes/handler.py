"""Computed view `evaluate-changes` of things.

called by  INSERT of table changes-events
may        update table changes; query table changes-events
faults to  stream main
declared   system.yaml#/services/things/views/changes
"""

from typing import Any

import mapping
from cncb_runtime.evaluation import evaluate
from cncb_runtime.micro_event_store import MicroEventStore, collected
from cncb_runtime.pipeline import run
from cncb_runtime.table_records import from_table
from cncb_runtime.unit import each
from cncb_runtime.view import View

CHANGES_EVENTS_TABLE = MicroEventStore("CHANGES_EVENTS_TABLE")
KEYS = {"thing-created": mapping.thing_created_key, "thing-updated": mapping.thing_updated_key}
CHANGES_TABLE = View("CHANGES_TABLE", key=("id",), locked=False)
PIPELINE = (
    each(collected),
    each(CHANGES_EVENTS_TABLE.correlated),
    each(evaluate(KEYS, mapping.aggregate)),
    each(CHANGES_TABLE.apply),
)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Compute the row of each collected event. Answer with the record to begin again from, if any."""
    return run(event, context, from_table, PIPELINE, faults_to="MAIN_STREAM")
