"""Join of parallel flows `join-ship-order` of order-process.

The parallel flows meet again. A refused payment never gets here.

called by  INSERT of table ship-order-events
may        put claims event; publish stream main; query table ship-order-events
faults to  stream main
declared   services/order-process.yaml#/transitions/3
"""

from typing import Any

import mapping
from cncb_runtime.emission import Emission
from cncb_runtime.evaluation import joined
from cncb_runtime.micro_event_store import MicroEventStore, collected
from cncb_runtime.pipeline import run
from cncb_runtime.publish import distinct, publish
from cncb_runtime.redaction import Redaction
from cncb_runtime.table_records import from_table
from cncb_runtime.unit import each

SHIP_ORDER_EVENTS_TABLE = MicroEventStore("SHIP_ORDER_EVENTS_TABLE")
EMIT_SHIP_ORDER = Emission(
    "ship-order",
    stream="MAIN_STREAM",
    fields=mapping.ship_order,
    partition_key=mapping.ship_order_partition_key,
    step="ship-order",
)
REDACTION = Redaction(
    {
        "change": (
            "new.event.context.order.address.name",
            "new.event.context.order.address.street",
            "new.event.context.order.email",
        ),
        "parcel-packed": ("context.order.address.name", "context.order.address.street", "context.order.email"),
        "payment-taken": ("context.order.address.name", "context.order.address.street", "context.order.email"),
    },
)
PIPELINE = (
    each(collected),
    each(SHIP_ORDER_EVENTS_TABLE.correlated),
    joined("payment-taken", "parcel-packed"),
    each(EMIT_SHIP_ORDER),
    distinct,
    publish,
)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Publish once all events of a correlation have come. Answer with the record to begin again from, if any."""
    return run(event, context, from_table, PIPELINE, faults_to="MAIN_STREAM", redaction=REDACTION)
