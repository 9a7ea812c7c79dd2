"""Where discarded batches go: the on-failure destination and the invocation record that it gets.

Source: AWS Lambda Developer Guide, "Retain discarded batch records for a Kinesis Data Streams event source in Lambda"
and the same for DynamoDB. A batch that was never invoked has no responseContext.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import orjson

from cncb_compiler.local.sources import events
from cncb_compiler.local.sources.batches import Discard
from cncb_compiler.local.sources.settings import EventSourceMapping
from cncb_compiler.target.target import Target

_BATCH_INFO = {"kinesis": "KinesisBatchInfo", "dynamodb": "DDBStreamBatchInfo"}


def invocation_record(mapping: EventSourceMapping, shard: str, discard: Discard, now: float) -> dict[str, Any]:
    """What a queue or a topic is told of a discarded batch: not the records, but where to find them."""
    batch = discard.batch
    first, last = batch.records[0], batch.records[-1]
    told: dict[str, Any] = {
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            "functionArn": mapping.function_arn,
            "condition": discard.condition,
            "approximateInvokeCount": batch.invocations,
        }
    }
    if batch.invocations:
        told["responseContext"] = {"statusCode": 200, "executedVersion": "$LATEST"}
        if batch.last and batch.last.error:
            told["responseContext"]["functionError"] = "Unhandled"
    told["version"] = "1.0"
    told["timestamp"] = _time(now)
    told[_BATCH_INFO[mapping.source]] = {
        "shardId": shard,
        "startSequenceNumber": first.sequence,
        "endSequenceNumber": last.sequence,
        "approximateArrivalOfFirstRecord": _time(first.arrived),
        "approximateArrivalOfLastRecord": _time(last.arrived),
        "batchSize": len(batch.records),
        "streamArn": mapping.stream_arn,
    }
    return told


def send(target: Target, mapping: EventSourceMapping, shard: str, discard: Discard, now: float) -> None:
    """Tell the destination of a mapping, if it has one. Raises what boto3 raises."""
    arn = mapping.destination
    if not arn:
        return
    record = invocation_record(mapping, shard, discard, now)
    service, name = arn.split(":")[2], arn.split(":")[5]
    if service == "sqs":
        client = target.client("sqs")
        url = client.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=arn.split(":")[4])["QueueUrl"]
        client.send_message(QueueUrl=url, MessageBody=orjson.dumps(record).decode())
    elif service == "sns":
        target.client("sns").publish(TopicArn=arn, Message=orjson.dumps(record).decode())
    elif service == "s3":
        # A bucket alone keeps the records themselves.
        role = mapping.role if mapping.source == "kinesis" else None
        record["payload"] = events.payload((one.event for one in discard.batch.records), role).decode()
        at = datetime.fromtimestamp(now, UTC)
        key = f"aws/lambda/{mapping.uuid}/{shard}/{at:%Y/%m/%d/%Y-%m-%dT%H.%M.%S}-{uuid.uuid4()}"
        target.client("s3").put_object(Bucket=name, Key=key, Body=orjson.dumps(record))
    else:
        raise ValueError(f"{arn} is no queue, topic or bucket")


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
