"""Reaction `reaction-refund` of payment-gateway.

called by  refund-payment of stream main
may        put claims event; put table refunds
faults to  stream main
declared   services/payment-gateway.yaml#/reactions/refund
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

REFUNDS_TABLE = Table("REFUNDS_TABLE", key=("id",))
REDACTION = Redaction({"refund-payment": ("context.return.email",)})
PIPELINE = (only("refund-payment"), each(put(REFUNDS_TABLE, mapping.fields, idempotence="oplock")))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """React to each event. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM", redaction=REDACTION)
