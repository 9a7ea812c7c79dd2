"""Query `query-receipt` of receipts.

called by  GET /receipts/{orderId}
may        get bucket receipts
declared   services/receipts.yaml#/queries/receipt
"""

from typing import Any

import mapping
from cncb_runtime.errors import found
from cncb_runtime.http import respond
from cncb_runtime.objects import Bucket

RECEIPTS_BUCKET = Bucket("RECEIPTS_BUCKET", key=("orderId",))


def query_receipt(request: dict[str, Any]) -> Any:
    """The row of receipts at a key."""
    return found(RECEIPTS_BUCKET.get(mapping.key(request)))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one request."""
    return respond(event, query_receipt, cache="no-cache")
