"""Reaction `reaction-update-status` of orders.

called by  update-order-status of stream main
may        update table orders
faults to  stream main
declared   system.yaml#/services/orders/reactions/update-status
"""

from typing import Any

import mapping
from cncb_runtime.pipeline import run
from cncb_runtime.reaction import update
from cncb_runtime.steps import only
from cncb_runtime.stream_records import from_stream
from cncb_runtime.table import Table
from cncb_runtime.unit import each

ORDERS_TABLE = Table("ORDERS_TABLE", key=("id",))
PIPELINE = (only("update-order-status"), each(update(ORDERS_TABLE, mapping.key, mapping.fields, idempotence="oplock")))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """React to each event. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM")
