"""Reaction `reaction-pay` of order-bff.

called by  payment-taken of stream main
may        put claims event; update table orders
faults to  stream main
declared   services/order-bff.yaml#/reactions/pay
"""

from typing import Any

import mapping
from cncb_runtime.pipeline import run
from cncb_runtime.reaction import update
from cncb_runtime.redaction import Redaction
from cncb_runtime.steps import only
from cncb_runtime.stream_records import from_stream
from cncb_runtime.table import Table
from cncb_runtime.unit import each

ORDERS_TABLE = Table("ORDERS_TABLE", key=("id",))
REDACTION = Redaction(
    {"payment-taken": ("context.order.address.name", "context.order.address.street", "context.order.email")},
)
PIPELINE = (only("payment-taken"), each(update(ORDERS_TABLE, mapping.key, mapping.fields, idempotence="oplock")))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """React to each event. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM", redaction=REDACTION)
