"""The view of products as it is written by hand with Powertools' batch processor: a peer of `handlers.py`.

It does for `product-created` what the generated listener does: one conditional update a record, in which an event that
is older than the row is left out.
"""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.kinesis_stream_event import KinesisStreamRecord
from update import WORKS

PROCESSOR = BatchProcessor(event_type=EventType.KinesisDataStreams)


def record_handler(record: KinesisStreamRecord) -> None:
    """Do with one event what its type asks for."""
    event: dict[str, Any] = record.kinesis.data_as_json()
    work = WORKS.get(event["type"])
    if work is not None:
        work(event)


def handler(event: dict[str, Any], context: Any) -> Any:
    """Apply each event of a batch to the view."""
    return process_partial_response(event=event, record_handler=record_handler, processor=PROCESSOR, context=context)
