"""Events as functions get them from streams and queues.

Source: AWS Lambda Developer Guide, the example events of "Using Lambda to process records from Amazon Kinesis Data
Streams", "Using AWS Lambda with Amazon DynamoDB" and "Using Lambda with Amazon SQS".
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson

from cncb_compiler.local.sources.records import Record

TIME_TO_LIVE = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
"""Who removes an item when its time is over; Amazon DynamoDB Developer Guide, "DynamoDB Streams and Time to Live"."""


def kinesis_record(read: Mapping[str, Any], shard: str, stream_arn: str) -> Record:
    """The record that GetRecords of Kinesis answered with."""
    data: bytes = read["Data"]
    arrived = read["ApproximateArrivalTimestamp"].timestamp()
    sequence = read["SequenceNumber"]
    event = {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": read["PartitionKey"],
            "sequenceNumber": sequence,
            "data": base64.b64encode(data).decode(),
            "approximateArrivalTimestamp": round(arrived, 3),
        },
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": f"{shard}:{sequence}",
        "eventName": "aws:kinesis:record",
        "awsRegion": stream_arn.split(":")[3],
        "eventSourceARN": stream_arn,
    }
    document = _read(data, "data")
    return Record(sequence, read["PartitionKey"], arrived, event, document, len(orjson.dumps(event)))


def dynamodb_record(read: Mapping[str, Any], stream_arn: str, expired: bool = False) -> Record:
    """The record that GetRecords of DynamoDB Streams answered with; `expired` if time to live removed the item."""
    change: dict[str, Any] = {name: _plain(value) for name, value in read["dynamodb"].items()}
    arrived = read["dynamodb"]["ApproximateCreationDateTime"].timestamp()
    change["ApproximateCreationDateTime"] = float(int(arrived))
    event = {
        "eventID": read["eventID"],
        "eventName": read["eventName"],
        "eventVersion": read.get("eventVersion", "1.1"),
        "eventSource": "aws:dynamodb",
        "awsRegion": stream_arn.split(":")[3],
        "dynamodb": change,
        "eventSourceARN": stream_arn,
    }
    identity = TIME_TO_LIVE if expired else _identity(read.get("userIdentity"))
    if identity:
        event["userIdentity"] = identity
    key = canonical(read["dynamodb"]["Keys"])
    return Record(change["SequenceNumber"], key, arrived, event, event, len(orjson.dumps(event)))


def sqs_record(message: Mapping[str, Any], queue_arn: str) -> dict[str, Any]:
    """The record that a function gets for a message that ReceiveMessage answered with."""
    record = {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message.get("Attributes", {})),
        "messageAttributes": {name: _attribute(one) for name, one in message.get("MessageAttributes", {}).items()},
        "md5OfBody": message.get("MD5OfBody", ""),
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": queue_arn.split(":")[3],
    }
    if "MD5OfMessageAttributes" in message:
        record["md5OfMessageAttributes"] = message["MD5OfMessageAttributes"]
    return record


def sqs_document(record: Mapping[str, Any]) -> dict[str, Any]:
    """What filters look at: a body that is JSON as its value, another one as text."""
    return {**record, "body": record["body"], **_read(record["body"].encode(), "body")}


def payload(records: Iterable[Mapping[str, Any]], role: str | None = None) -> bytes:
    """The payload of an invocation. `role` is the function's, for records of Kinesis."""
    told = [{**record, "invokeIdentityArn": role} for record in records] if role else list(records)
    return orjson.dumps({"Records": told})


def canonical(key: Mapping[str, Any]) -> str:
    """The key of an item, in DynamoDB's JSON, as one text that equal keys share."""
    return orjson.dumps(_plain(key), option=orjson.OPT_SORT_KEYS).decode()


def _read(data: bytes, name: str) -> dict[str, Any]:
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return {}
    return {name: value} if isinstance(value, dict | list) else {}


def _identity(identity: Mapping[str, str] | None) -> dict[str, str] | None:
    return {"type": identity["Type"], "principalId": identity["PrincipalId"]} if identity else None


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _attribute(attribute: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {"stringListValues": [], "binaryListValues": [], "dataType": attribute["DataType"]}
    if "StringValue" in attribute:
        told["stringValue"] = attribute["StringValue"]
    if "BinaryValue" in attribute:
        told["binaryValue"] = _plain(attribute["BinaryValue"])
    return told
