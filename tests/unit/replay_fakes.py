"""A lake and a function in memory, which can be cut off, throttled and made to fail at any call."""

from __future__ import annotations

import base64
import gzip
import io
import json


class Cut(BaseException):
    """The process is killed here."""


class RefusedError(Exception):
    """What boto3 raises for an answer of AWS."""

    def __init__(self, code, status=400):
        super().__init__(code)
        self.response = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}


class BrokenError(ConnectionError):
    """The connection breaks while a body is read."""


def event(number, kind="made", key=None):
    return {"id": f"e{number}", "type": kind, "partitionKey": key or f"k{number % 3}", "n": number}


def line(number, kind="made", stream="main", arrival=None, data=None, key=None):
    told = {
        "stream": stream,
        "shardId": "shardId-000000000000",
        "sequenceNumber": f"{number:056d}",
        "partitionKey": key or f"k{number % 3}",
        "arrival": 1_764_000_000_000 + number if arrival is None else arrival,
        "deliveryStream": "d",
        "region": "eu-west-1",
    }
    kept = json.dumps(told, separators=(",", ":"))[:-1]
    if data is not None:
        return f'{kept},"data":"{base64.b64encode(data).decode()}"}}\n'
    return f'{kept},"event":{json.dumps(event(number, kind, key))}}}\n'


class Bucket:
    """An S3 client: `objects` by key. `before(operation)` is called at each call, and may raise."""

    def __init__(self, objects, page=2, before=lambda operation: None, breaks=()):
        self.objects = {key: gzip.compress(text.encode()) for key, text in objects.items()}
        self.page = page
        self.before = before
        self.breaks = list(breaks)
        self.calls = []

    def list_objects_v2(self, Bucket, Prefix, StartAfter="", ContinuationToken=""):  # noqa: N803 - boto3's names
        self.calls.append("list")
        self.before("list")
        after = ContinuationToken or StartAfter
        keys = sorted(key for key in self.objects if key.startswith(Prefix) and key > after)
        some = keys[: self.page]
        found = {"Contents": [{"Key": key, "Size": len(self.objects[key])} for key in some]}
        if len(keys) > len(some):
            return found | {"IsTruncated": True, "NextContinuationToken": some[-1]}
        return found | {"IsTruncated": False}

    def get_object(self, Bucket, Key):  # noqa: N803
        self.calls.append(f"get {Key}")
        self.before("get")
        return {"Body": Body(self.objects[Key], self.breaks.pop(0) if self.breaks else None)}


class Body(io.BytesIO):
    """A streaming body, in small pieces; it breaks behind so many bytes."""

    def __init__(self, content, breaks):
        super().__init__(content)
        self.breaks = breaks

    def read(self, size=-1):
        if self.breaks is not None and self.tell() >= self.breaks:
            raise BrokenError
        return super().read(min(size, 17) if size > 0 else size)


class Function:
    """A Lambda client with one function: `answer(records)` is what it says; what it was given is in `batches`."""

    def __init__(self, answer=lambda records: {"batchItemFailures": []}, before=lambda operation: None):
        self.answer = answer
        self.before = before
        self.batches = []

    def invoke(self, FunctionName, Payload, ClientContext):  # noqa: N803
        self.before("invoke")
        records = json.loads(Payload)["Records"]
        self.batches.append(records)
        try:
            told = self.answer(records)
        except ValueError as error:
            told = {"errorType": "ValueError", "errorMessage": str(error)}
            return {"Payload": io.BytesIO(json.dumps(told).encode()), "FunctionError": "Unhandled"}
        finally:
            self.before("invoked")
        return {"Payload": io.BytesIO(json.dumps(told).encode())}

    @property
    def numbers(self):
        return [number_of(record) for records in self.batches for record in records]


def number_of(record):
    return json.loads(base64.b64decode(record["kinesis"]["data"]))["n"]
