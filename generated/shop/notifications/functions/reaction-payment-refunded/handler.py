"""Reaction `reaction-payment-refunded` of notifications.

called by  payment-refunded of stream main
may        put claims event; update table processed
faults to  stream main
declared   services/notifications.yaml#/reactions/payment-refunded
"""

from typing import Any

import mapping
from cncb_runtime.pipeline import run
from cncb_runtime.processed import Processed
from cncb_runtime.redaction import Redaction
from cncb_runtime.steps import only, to
from cncb_runtime.stream_records import from_stream
from cncb_runtime.unit import each

PROCESSED_TABLE = Processed("PROCESSED_TABLE", lease=60, keep=2592000)
REDACTION = Redaction({"payment-refunded": ("context.return.email",)})
PIPELINE = (only("payment-refunded"), PROCESSED_TABLE.claim, each(to(mapping.call)), PROCESSED_TABLE.done)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """React to each event. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM", redaction=REDACTION)
