"""What a function is asked, and what its answer makes of records: plain values, no calls.

Source: Amazon Data Firehose Developer Guide, "Transform source data" and "Handle failure in data transformation".
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cncb_compiler.local.firehose.settings import DeliveryStream, Transform
from cncb_compiler.local.sources.records import Record

PAYLOAD_LIMIT = 6 * 1024 * 1024
"""The most bytes of a function's request or answer (AWS Lambda: quotas)."""
METADATA_BYTES = 600
"""More than a record has in a request beside its data."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A record of a shard."""

    shard: str
    record: Record

    @property
    def data(self) -> str:
        """What it holds, in base64."""
        return str(self.record.event["kinesis"]["data"])

    @property
    def size(self) -> int:
        """The bytes that it holds."""
        return len(self.data) * 3 // 4


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a record goes to the error prefix: Firehose's code, and words."""

    code: str
    message: str


Result = bytes | Failure | None
"""What a function made of a record: what is written of it, why not, or None where it is dropped."""


def batches(arrived: Sequence[Arrived], transform: Transform) -> Iterator[tuple[Arrived, ...]]:
    """Records as they are handed to a function."""
    batch: list[Arrived] = []
    size = request = 0
    for one in arrived:
        more = len(one.data) + METADATA_BYTES
        if batch and (size >= transform.size or request + more > PAYLOAD_LIMIT):
            yield tuple(batch)
            batch, size, request = [], 0, 0
        batch.append(one)
        size += one.size
        request += more
    if batch:
        yield tuple(batch)


def request(stream: DeliveryStream, batch: Sequence[Arrived], invocation: str) -> bytes:
    """The event that a function is called with."""
    return json.dumps(
        {
            "invocationId": invocation,
            "sourceKinesisStreamArn": stream.source_arn,
            "deliveryStreamArn": stream.arn,
            "region": stream.region,
            "records": [
                {
                    "recordId": record_id(number, one),
                    "approximateArrivalTimestamp": arrival(one),
                    "data": one.data,
                    "kinesisRecordMetadata": {
                        "sequenceNumber": one.record.sequence,
                        "subsequenceNumber": 0,
                        "partitionKey": one.record.key,
                        "shardId": one.shard,
                        "approximateArrivalTimestamp": arrival(one),
                    },
                }
                for number, one in enumerate(batch)
            ],
        }
    ).encode()


def results(answer: bytes, batch: Sequence[Arrived]) -> list[Result]:
    """What a function made of each record."""
    try:
        if len(answer) > PAYLOAD_LIMIT:
            raise ValueError("it is larger than 6 MB")
        made = {str(one["recordId"]): one for one in json.loads(answer)["records"]}
    except (ValueError, KeyError, TypeError) as error:
        return [Failure("Lambda.JsonProcessingException", f"the answer cannot be read: {error}")] * len(batch)
    return [_result(made.get(record_id(number, one))) for number, one in enumerate(batch)]


def _result(made: object) -> Result:
    if not isinstance(made, dict):
        return Failure("Lambda.MissingRecordId", "the answer has no such record")
    match made.get("result"):
        case "Ok":
            try:
                return base64.b64decode(made["data"], validate=True)
            except (KeyError, TypeError, binascii.Error):
                return Failure("Lambda.JsonProcessingException", "the record has no data in base64")
        case "Dropped":
            return None
        case "ProcessingFailed":
            return Failure("Lambda.ProcessingFailedStatus", "ProcessingFailed status set for record")
        case other:
            return Failure("Lambda.JsonProcessingException", f"the record has the result {other}")


def error_line(one: Arrived, failure: Failure, attempts: int, now: int, arn: str) -> bytes:
    """The line that is written of a record under the error prefix; `now` in milliseconds."""
    told = {
        "attemptsMade": attempts,
        "arrivalTimestamp": arrival(one),
        "errorCode": failure.code,
        "errorMessage": failure.message,
        "attemptEndingTimestamp": now,
        "rawData": one.data,
        "lambdaArn": arn,
    }
    return json.dumps(told).encode() + b"\n"


def record_id(number: int, one: Arrived) -> str:
    """The id of a record in a request."""
    return f"{one.record.sequence}{number:06}"


def arrival(one: Arrived) -> int:
    """When a record came, in milliseconds since the epoch."""
    return round(one.record.arrived * 1000)
