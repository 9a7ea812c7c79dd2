"""The data lake's lines: what Firehose delivers, with where it comes from (book: "Creating a data lake").

A line holds the very bytes of the event, so that a replay gives a function what its stream once gave it. Nothing is
refused: what is no JSON, or has line breaks, is kept in base64. Firehose does not lose what its function fails on
either: it puts the records as they were under the error prefix (Amazon Data Firehose: "Handle failure in data
transformation").

    {"stream", "shardId", "sequenceNumber", "partitionKey", "arrival", "deliveryStream", "region", "event" or "data"}
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from . import jsons

LINE_BREAKS = (b"\n", b"\r")


def lines(batch: Mapping[str, Any], stream: str) -> dict[str, list[dict[str, str]]]:
    """What Firehose is to write of a batch of records of `stream`: one line for each, in their order."""
    delivery = {"deliveryStream": str(batch.get("deliveryStreamArn", "")).rpartition("/")[2], "region": batch["region"]}
    return {
        "records": [
            {
                "recordId": record["recordId"],
                "result": "Ok",
                "data": b64encode(_line(record, stream, delivery)).decode(),
            }
            for record in batch["records"]
        ]
    }


def _line(record: Mapping[str, Any], stream: str, delivery: Mapping[str, str]) -> bytes:
    source = record.get("kinesisRecordMetadata", {})
    kept = {
        "stream": stream,
        "shardId": source.get("shardId"),
        "sequenceNumber": source.get("sequenceNumber"),
        "partitionKey": source.get("partitionKey"),
        "arrival": record.get("approximateArrivalTimestamp"),
        **delivery,
    }
    if source.get("subsequenceNumber"):
        kept["subsequenceNumber"] = source["subsequenceNumber"]
    data = b64decode(record["data"])
    if _is_event(data):
        name, value = b"event", data
    else:
        name, value = b"data", b'"%s"' % b64encode(data)
    return b'%s,"%s":%s}\n' % (jsons.dumps(kept).encode()[:-1], name, value)


def _is_event(data: bytes) -> bool:
    """Whether the bytes are JSON on one line."""
    if any(line_break in data for line_break in LINE_BREAKS):
        return False
    try:
        jsons.loads(data)
    except (ValueError, RecursionError):
        return False
    return True
