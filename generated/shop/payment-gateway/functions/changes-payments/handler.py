"""Change data capture `changes-payments` of payment-gateway.

Publishes what changes in payments.

called by  INSERT of table payments
may        put claims event; publish stream main
faults to  stream main
declared   services/payment-gateway.yaml#/changes/payments
"""

from typing import Any

import mapping
from cncb_runtime.emission import Emission
from cncb_runtime.pipeline import run
from cncb_runtime.publish import publish
from cncb_runtime.steps import for_operations
from cncb_runtime.table_records import from_table

EMIT_PAYMENT_TAKEN = Emission(
    "payment-taken",
    stream="MAIN_STREAM",
    fields=mapping.insert_payment_taken,
    partition_key=mapping.insert_payment_taken_partition_key,
    step="insert_payment_taken",
    when=mapping.insert_payment_taken_when,
)
EMIT_PAYMENT_REFUSED = Emission(
    "payment-refused",
    stream="MAIN_STREAM",
    fields=mapping.insert_payment_refused,
    partition_key=mapping.insert_payment_refused_partition_key,
    step="insert_payment_refused",
    when=mapping.insert_payment_refused_when,
)
CHANGES = {"INSERT": (EMIT_PAYMENT_TAKEN, EMIT_PAYMENT_REFUSED)}
PIPELINE = (for_operations(CHANGES), publish)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Publish what each change means. Answer with the record to begin again from, if any."""
    return run(event, context, from_table, PIPELINE, faults_to="MAIN_STREAM")
