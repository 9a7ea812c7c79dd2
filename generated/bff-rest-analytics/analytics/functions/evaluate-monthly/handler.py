"""Computed view `evaluate-monthly` of analytics.

called by  INSERT of table monthly-events
may        update table monthly; query table monthly-events
faults to  stream main
declared   system.yaml#/services/analytics/views/monthly
"""

from typing import Any

import mapping
from cncb_runtime.evaluation import evaluate
from cncb_runtime.micro_event_store import MicroEventStore, collected
from cncb_runtime.pipeline import run
from cncb_runtime.table_records import from_table
from cncb_runtime.unit import each
from cncb_runtime.view import View

MONTHLY_EVENTS_TABLE = MicroEventStore("MONTHLY_EVENTS_TABLE")
KEYS = {"thing-viewed": mapping.thing_viewed_key, "thing-bought": mapping.thing_bought_key}
MONTHLY_TABLE = View("MONTHLY_TABLE", key=("userId", "month"), locked=False)
PIPELINE = (
    each(collected),
    each(MONTHLY_EVENTS_TABLE.correlated),
    each(evaluate(KEYS, mapping.aggregate)),
    each(MONTHLY_TABLE.apply),
)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Compute the row of each collected event. Answer with the record to begin again from, if any."""
    return run(event, context, from_table, PIPELINE, faults_to="MAIN_STREAM")
