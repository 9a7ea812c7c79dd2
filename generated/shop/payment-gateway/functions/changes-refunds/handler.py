"""Change data capture `changes-refunds` of payment-gateway.

Publishes what changes in refunds.

called by  INSERT of table refunds
may        put claims event; publish stream main
faults to  stream main
declared   services/payment-gateway.yaml#/changes/refunds
"""

from typing import Any

import mapping
from cncb_runtime.emission import Emission
from cncb_runtime.pipeline import run
from cncb_runtime.publish import publish
from cncb_runtime.steps import for_operations
from cncb_runtime.table_records import from_table

EMIT_PAYMENT_REFUNDED = Emission(
    "payment-refunded",
    stream="MAIN_STREAM",
    fields=mapping.insert_payment_refunded,
    partition_key=mapping.insert_payment_refunded_partition_key,
    step="insert_payment_refunded",
)
CHANGES = {"INSERT": EMIT_PAYMENT_REFUNDED}
PIPELINE = (for_operations(CHANGES), publish)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Publish what each change means. Answer with the record to begin again from, if any."""
    return run(event, context, from_table, PIPELINE, faults_to="MAIN_STREAM")
