"""Change data capture `changes-orders` of order-bff.

Publishes what changes in orders.

called by  INSERT, MODIFY of table orders
may        put claims event; publish stream main
faults to  stream main
declared   services/order-bff.yaml#/changes/orders
"""

from typing import Any

import mapping
from cncb_runtime.emission import Emission
from cncb_runtime.pipeline import run
from cncb_runtime.publish import publish
from cncb_runtime.redaction import Redaction
from cncb_runtime.steps import for_operations
from cncb_runtime.table_records import from_table

EMIT_ORDER_SUBMITTED = Emission(
    "order-submitted",
    stream="MAIN_STREAM",
    fields=mapping.insert_order_submitted,
    partition_key=mapping.insert_order_submitted_partition_key,
    step="insert_order_submitted",
)
EMIT_ORDER_CANCELLED = Emission(
    "order-cancelled",
    stream="MAIN_STREAM",
    fields=mapping.modify_order_cancelled,
    partition_key=mapping.modify_order_cancelled_partition_key,
    step="modify_order_cancelled",
    when=mapping.modify_order_cancelled_when,
)
CHANGES = {"INSERT": EMIT_ORDER_SUBMITTED, "MODIFY": EMIT_ORDER_CANCELLED}
REDACTION = Redaction(
    {
        "change": (
            "new.address.name",
            "new.address.street",
            "new.email",
            "old.address.name",
            "old.address.street",
            "old.email",
        ),
    },
)
PIPELINE = (for_operations(CHANGES), publish)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Publish what each change means. Answer with the record to begin again from, if any."""
    return run(event, context, from_table, PIPELINE, faults_to="MAIN_STREAM", redaction=REDACTION)
