"""The view of products as a plain loop, with nothing around it: the floor of `handlers.py`.

It decodes each record, does what its type asks for, and answers with the record to begin again from where one fails.
It knows no faults and no deadline. Where METRICS is set it counts: an invocation is one line in the embedded metric
format.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from binascii import a2b_base64
from decimal import Decimal
from typing import Any

from update import WORKS

DECODER = json.JSONDecoder(parse_float=Decimal)
LOGGER = logging.getLogger(__name__)
COUNTS = ("records", "failed", "duration")
DIMENSIONS = {"service": os.environ["SERVICE"], "function": os.environ["FUNCTION"]}
DIRECTIVE = {
    "Namespace": "by-hand",
    "Dimensions": [list(DIMENSIONS)],
    "Metrics": [{"Name": name, "Unit": "Milliseconds" if name == "duration" else "Count"} for name in COUNTS],
}


def applied(event: dict[str, Any], context: Any) -> dict[str, Any]:
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


def counted(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Apply them, and write a line of metrics."""
    began = time.perf_counter()
    answer = applied(event, context)
    line = {
        "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [DIRECTIVE]},
        **DIMENSIONS,
        "records": len(event["Records"]),
        "failed": len(answer["batchItemFailures"]),
        "duration": round((time.perf_counter() - began) * 1000, 3),
    }
    sys.stdout.write(json.dumps(line) + "\n")
    return answer


handler = counted if os.environ.get("METRICS") else applied
