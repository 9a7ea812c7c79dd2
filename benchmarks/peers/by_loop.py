"""The view of products as a plain loop, with nothing around it: the floor of `handlers.py`.

It decodes each record, does what its type asks for, and answers with the record to begin again from where one fails.
It knows no faults, no deadline, no metrics.
"""

from __future__ import annotations

import json
import logging
from binascii import a2b_base64
from decimal import Decimal
from typing import Any

from update import WORKS

DECODER = json.JSONDecoder(parse_float=Decimal)
LOGGER = logging.getLogger(__name__)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Apply each event of a batch to the view."""
    for record in event["Records"]:
        try:
            decoded = DECODER.decode(a2b_base64(record["kinesis"]["data"]).decode())
            work = WORKS.get(decoded["type"])
            if work is not None:
                work(decoded)
        except Exception:
            LOGGER.exception("record failed")
            return {"batchItemFailures": [{"itemIdentifier": record["kinesis"]["sequenceNumber"]}]}
    return {"batchItemFailures": []}
