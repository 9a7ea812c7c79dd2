"""A monitor's bucket in memory, and faults as functions publish them."""

from __future__ import annotations

import base64
import io
import json
from datetime import UTC, datetime

from replay_fakes import RefusedError

AT = datetime(2026, 11, 25, 18, 30, tzinfo=UTC)


def record(number):
    """A record of a stream as Lambda hands it on."""
    data = base64.b64encode(json.dumps({"id": f"e{number}", "n": number}).encode()).decode()
    kinesis = {"sequenceNumber": f"{number:056d}", "data": data, "approximateArrivalTimestamp": 1_764_000_000 + number}
    return {"eventID": f"shardId-000000000000:{number:056d}", "eventSource": "aws:kinesis", "kinesis": kinesis}


def fault(number, *, function="shop-front-local-view-orders", **more):
    """The fault of a record; `more` replaces what is in it."""
    return {
        "id": f"{number}a-fault",
        "type": "fault",
        "timestamp": 1_764_095_400_000 + number,
        "function": function,
        "pipeline": "view-orders",
        "error": {"name": "ValueError", "message": f"no amount\nin {number}"},
        "unit": {"record": record(number), "event": {"id": f"e{number}", "type": "order-submitted"}},
        **more,
    }


def key(number, function="view-orders", hour="2026/11/25/17"):
    return f"faults/front/{function}/{hour}/{number}a-fault.json"


class Monitor:
    """An S3 client with the monitor's bucket, and others beside it (`others`, by bucket and key)."""

    def __init__(self, objects, page=2):
        self.objects = {name: json.dumps(told).encode() for name, told in objects.items()}
        self.others = {}
        self.kept_at = {}
        self.page = page

    def list_objects_v2(self, Bucket, Prefix, ContinuationToken=""):  # noqa: N803 - boto3's names
        names = sorted(name for name in self.objects if name.startswith(Prefix) and name > ContinuationToken)
        some = names[: self.page]
        found = {"Contents": [{"Key": name, "LastModified": self.kept_at.get(name, AT)} for name in some]}
        if len(names) > len(some):
            return found | {"IsTruncated": True, "NextContinuationToken": some[-1]}
        return found | {"IsTruncated": False}

    def get_object(self, Bucket, Key):  # noqa: N803
        body = self.objects.get(Key) if Bucket == "the-faults" else self.others.get((Bucket, Key))
        if body is None:
            raise RefusedError("NoSuchKey", 404)
        return {"Body": io.BytesIO(body)}

    def copy_object(self, Bucket, Key, CopySource):  # noqa: N803
        assert Bucket == CopySource["Bucket"] == "the-faults"
        self.objects[Key] = self.objects[CopySource["Key"]]

    def delete_object(self, Bucket, Key):  # noqa: N803
        assert Bucket == "the-faults"
        del self.objects[Key]
