"""Change data capture `changes-orders` of orders.

Publishes what changes in orders.

called by  INSERT of table orders
may        publish stream main
faults to  stream main
declared   system.yaml#/services/orders/changes/orders
"""

from typing import Any

import mapping
from cncb_runtime.emission import Emission
from cncb_runtime.pipeline import run
from cncb_runtime.publish import publish
from cncb_runtime.steps import for_operations
from cncb_runtime.table_records import from_table

EMIT_ORDER_SUBMITTED = Emission(
    "order-submitted",
    stream="MAIN_STREAM",
    fields=mapping.insert_order_submitted,
    partition_key=mapping.insert_order_submitted_partition_key,
    step="insert_order_submitted",
)
CHANGES = {"INSERT": EMIT_ORDER_SUBMITTED}
PIPELINE = (for_operations(CHANGES), publish)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Publish what each change means. Answer with the record to begin again from, if any."""
    return run(event, context, from_table, PIPELINE, faults_to="MAIN_STREAM")
