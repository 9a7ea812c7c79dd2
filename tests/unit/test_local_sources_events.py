"""Events as AWS documents them."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

from local_sources_fakes import record

from cncb_compiler.local.sources import events
from cncb_compiler.local.sources.batches import RETRIES_EXHAUSTED, TOO_OLD, Batch, Discard, Outcome
from cncb_compiler.local.sources.destinations import invocation_record
from cncb_compiler.local.sources.settings import mapping_of

STREAM = "arn:aws:kinesis:us-east-2:123456789012:stream/lambda-stream"
TABLE = "arn:aws:dynamodb:us-east-2:123456789012:table/orders/stream/2024-01-01T00:00:00.000"
QUEUE = "arn:aws:sqs:us-east-2:123456789012:my-queue"
ARRIVED = datetime(2024, 5, 1, 12, 0, 0, 987000, tzinfo=UTC)


def test_kinesis():
    read = {"Data": b'{"a":1}', "PartitionKey": "1", "SequenceNumber": "42", "ApproximateArrivalTimestamp": ARRIVED}
    found = events.kinesis_record(read, "shardId-000000000006", STREAM)
    told = json.loads(events.payload([found.event], "arn:aws:iam::123456789012:role/r"))
    assert told == {
        "Records": [
            {
                "kinesis": {
                    "kinesisSchemaVersion": "1.0",
                    "partitionKey": "1",
                    "sequenceNumber": "42",
                    "data": base64.b64encode(b'{"a":1}').decode(),
                    "approximateArrivalTimestamp": 1714564800.987,
                },
                "eventSource": "aws:kinesis",
                "eventVersion": "1.0",
                "eventID": "shardId-000000000006:42",
                "eventName": "aws:kinesis:record",
                "invokeIdentityArn": "arn:aws:iam::123456789012:role/r",
                "awsRegion": "us-east-2",
                "eventSourceARN": STREAM,
            }
        ]
    }
    assert found.document == {"data": {"a": 1}} and found.key == "1" and found.arrived == ARRIVED.timestamp()


def test_kinesis_data_that_is_no_json():
    read = {"Data": b"\xff", "PartitionKey": "1", "SequenceNumber": "1", "ApproximateArrivalTimestamp": ARRIVED}
    assert events.kinesis_record(read, "s", STREAM).document == {}


CHANGE = {
    "eventID": "e1",
    "eventName": "REMOVE",
    "eventVersion": "1.1",
    "eventSource": "aws:dynamodb",
    "awsRegion": "us-east-1",
    "dynamodb": {
        "ApproximateCreationDateTime": ARRIVED,
        "Keys": {"pk": {"S": "x"}},
        "OldImage": {
            "pk": {"S": "x"},
            "raw": {"B": b"\x01"},
            "many": {"BS": [b"\x02"]},
            "deep": {"M": {"in": {"L": [{"B": b"\x03"}]}}},
        },
        "SequenceNumber": "7",
        "SizeBytes": 9,
        "StreamViewType": "NEW_AND_OLD_IMAGES",
    },
}


def test_dynamodb():
    told = events.dynamodb_record(CHANGE, TABLE).event
    assert told == {
        "eventID": "e1",
        "eventName": "REMOVE",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "us-east-2",
        "dynamodb": {
            "ApproximateCreationDateTime": 1714564800.0,
            "Keys": {"pk": {"S": "x"}},
            "OldImage": {
                "pk": {"S": "x"},
                "raw": {"B": "AQ=="},
                "many": {"BS": ["Ag=="]},
                "deep": {"M": {"in": {"L": [{"B": "Aw=="}]}}},
            },
            "SequenceNumber": "7",
            "SizeBytes": 9,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "eventSourceARN": TABLE,
    }


def test_an_item_that_time_to_live_removes():
    told = events.dynamodb_record(CHANGE, TABLE, expired=True).event
    assert told["userIdentity"] == {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
    by_aws = CHANGE | {"userIdentity": {"Type": "Service", "PrincipalId": "dynamodb.amazonaws.com"}}
    assert events.dynamodb_record(by_aws, TABLE).event == told


def test_sqs():
    message = {
        "MessageId": "m1",
        "ReceiptHandle": "h1",
        "Body": "hello",
        "MD5OfBody": "md5",
        "Attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1545082649183"},
        "MessageAttributes": {
            "a": {"DataType": "String", "StringValue": "v"},
            "b": {"DataType": "Binary", "BinaryValue": b"\x01"},
        },
        "MD5OfMessageAttributes": "md5a",
    }
    told = events.sqs_record(message, QUEUE)
    assert told == {
        "messageId": "m1",
        "receiptHandle": "h1",
        "body": "hello",
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1545082649183"},
        "messageAttributes": {
            "a": {"stringValue": "v", "stringListValues": [], "binaryListValues": [], "dataType": "String"},
            "b": {"binaryValue": "AQ==", "stringListValues": [], "binaryListValues": [], "dataType": "Binary"},
        },
        "md5OfBody": "md5",
        "md5OfMessageAttributes": "md5a",
        "eventSource": "aws:sqs",
        "eventSourceARN": QUEUE,
        "awsRegion": "us-east-2",
    }
    assert events.sqs_document(told)["body"] == "hello"
    assert events.sqs_document(told | {"body": '{"a":1}'})["body"] == {"a": 1}


def discarded(arn, condition, last, invocations):
    mapping = mapping_of({"UUID": "u", "FunctionArn": "arn:aws:lambda:us-east-2:1:function:f", "EventSourceArn": arn})
    records = (record(5, arrived=1714564800.5), record(6, arrived=1714564801))
    batch = Batch(records, invocations=invocations, last=last)
    told = invocation_record(mapping, "shardId-1", Discard(batch, condition), 1714564802)
    assert told["requestContext"].pop("requestId")
    return told


def test_what_the_destination_is_told():
    told = discarded(STREAM, RETRIES_EXHAUSTED, Outcome(0, whole=True, error="Unhandled"), 3)
    assert told == {
        "requestContext": {
            "functionArn": "arn:aws:lambda:us-east-2:1:function:f",
            "condition": "RetryAttemptsExhausted",
            "approximateInvokeCount": 3,
        },
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "version": "1.0",
        "timestamp": "2024-05-01T12:00:02.000Z",
        "KinesisBatchInfo": {
            "shardId": "shardId-1",
            "startSequenceNumber": "5",
            "endSequenceNumber": "6",
            "approximateArrivalOfFirstRecord": "2024-05-01T12:00:00.500Z",
            "approximateArrivalOfLastRecord": "2024-05-01T12:00:01.000Z",
            "batchSize": 2,
            "streamArn": STREAM,
        },
    }


def test_the_destination_of_a_tables_stream():
    told = discarded(TABLE, TOO_OLD, None, 0)
    assert told["DDBStreamBatchInfo"]["streamArn"] == TABLE
    assert told["requestContext"]["condition"] == "RecordAgeExceeded"
    assert "responseContext" not in told
