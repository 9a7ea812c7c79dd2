"""Reaction `reaction-charge` of payment-gateway.

called by  take-payment of stream main
may        put claims event; put table payments
faults to  stream main
declared   services/payment-gateway.yaml#/reactions/charge
"""

from typing import Any

import mapping
from cncb_runtime.pipeline import run
from cncb_runtime.reaction import put
from cncb_runtime.redaction import Redaction
from cncb_runtime.steps import only
from cncb_runtime.stream_records import from_stream
from cncb_runtime.table import Table
from cncb_runtime.unit import each

PAYMENTS_TABLE = Table("PAYMENTS_TABLE", key=("id",))
REDACTION = Redaction(
    {"take-payment": ("context.order.address.name", "context.order.address.street", "context.order.email")},
)
PIPELINE = (only("take-payment"), each(put(PAYMENTS_TABLE, mapping.fields, idempotence="oplock")))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """React to each event. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM", redaction=REDACTION)
