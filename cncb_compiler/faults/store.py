"""The monitor's bucket: one object for each fault (docs/design/processing.md: The monitor).

A fault whose record was handled at last is moved from `faults/` to `resubmitted/`, where it is still to be read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import unquote

from cncb_compiler.replay.patience import Patience

OPEN = "faults/"
RESUBMITTED = "resubmitted/"
_KEY = re.compile(r"[a-z]+/([^/]+)/([^/]+)/(\d{4}/\d\d/\d\d/\d\d)/([^/]+)\.json")


class Kept(NamedTuple):
    """A fault's object. `hour` is when the record came to its source, `at` when the fault was kept (milliseconds)."""

    hour: str
    at: int
    service: str
    function: str
    id: str
    key: str


class LostError(Exception):
    """A fault, or its record, cannot be had; the message says why."""


class FaultStore:
    """A monitor's bucket, as an S3 client reads and writes it."""

    def __init__(self, s3: Any, bucket: str, patience: Patience) -> None:
        self._s3 = s3
        self.bucket = bucket
        self._patience = patience

    def kept(self, prefix: str = OPEN, service: str = "", function: str = "") -> Iterator[Kept]:
        """The faults under a prefix, those of one service or function where it is named, in the order of their keys."""
        under = prefix + (f"{service}/" if service else "") + (f"{function}/" if function else "")
        token: dict[str, str] = {}
        while True:
            page = self._patience.ask(partial(self._s3.list_objects_v2, Bucket=self.bucket, Prefix=under, **token))
            for one in page.get("Contents", ()):
                found = _KEY.fullmatch(one["Key"])
                if found:
                    of, name, hour, fault = map(unquote, found.groups())
                    yield Kept(hour, int(one["LastModified"].timestamp() * 1000), of, name, fault, one["Key"])
            if not page.get("IsTruncated"):
                return
            token = {"ContinuationToken": page["NextContinuationToken"]}

    def event(self, kept: Kept) -> Mapping[str, Any]:
        """The fault event. Raises LostError where the object is gone, or holds none."""
        return self._object(self.bucket, kept.key)

    def record(self, event: Mapping[str, Any]) -> Mapping[str, Any]:
        """The record of a fault as its source delivered it. Raises LostError where nobody has kept it."""
        claim = event.get("claimCheck")
        if isinstance(claim, dict):
            return self._object(str(claim.get("bucket")), str(claim.get("key")))
        unit = event.get("unit")
        record = unit.get("record") if isinstance(unit, dict) else None
        if not isinstance(record, dict):
            raise LostError("the fault holds no record")
        if not _is_whole(record):
            raise LostError("its record was more than a stream takes, and the system keeps no claim checks")
        return record

    def settle(self, kept: Kept) -> None:
        """Move a fault to those that are resubmitted. It is copied first, so that it is never in neither place."""
        key = RESUBMITTED + kept.key.removeprefix(OPEN)
        source = {"Bucket": self.bucket, "Key": kept.key}
        self._patience.ask(partial(self._s3.copy_object, Bucket=self.bucket, Key=key, CopySource=source))
        self._patience.ask(partial(self._s3.delete_object, Bucket=self.bucket, Key=kept.key))

    def _object(self, bucket: str, key: str) -> Mapping[str, Any]:
        def body() -> bytes:
            answer = self._s3.get_object(Bucket=bucket, Key=key)
            content: bytes = answer["Body"].read()
            return content

        try:
            told = json.loads(self._patience.ask(body))
        except ValueError:
            told = None
        except Exception as error:
            if refusal(error) in ("NoSuchKey", "NoSuchBucket", "404"):
                raise LostError(f"s3://{bucket}/{key} is gone") from None
            raise
        if not isinstance(told, dict):
            raise LostError(f"s3://{bucket}/{key} is no JSON object")
        return told


def refusal(error: Exception) -> str:
    """The code with which AWS refused; empty where it was something else."""
    response = getattr(error, "response", None)
    return str(response.get("Error", {}).get("Code", "")) if isinstance(response, dict) else ""


def _is_whole(record: Mapping[str, Any]) -> bool:
    """Whether a record has what it says: that of a stream, of a table, of a queue."""
    if "kinesis" in record:
        return "data" in record["kinesis"]
    if "dynamodb" in record:
        return "Keys" in record["dynamodb"]
    return "body" in record
