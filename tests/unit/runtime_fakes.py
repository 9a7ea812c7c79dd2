"""Stand-ins for DynamoDB, Kinesis and S3, as far as the runtime uses them."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

Item = dict[str, dict[str, Any]]


def refuse(code: str, **more: Any) -> ClientError:
    return ClientError({"Error": {"Code": code}, **more}, "operation")


class FakeAws:
    """One of each service. `fail` maps an operation to the errors that its next calls meet."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, Item]] = {}
        self.keys: dict[str, tuple[str, ...]] = {}
        self.sent: list[list[dict[str, Any]]] = []
        self.objects: dict[str, dict[str, Any]] = {}
        self.fail: dict[str, list[Exception | None]] = {}
        self.entry_errors: list[set[int]] = []
        self.calls: list[str] = []

    def client(self, service: str) -> FakeAws:
        return self

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events that were put on streams, in order."""
        return [json.loads(entry["Data"]) for request in self.sent for entry in request]

    def table(self, name: str, *key: str) -> dict[str, Item]:
        self.keys[name] = key
        return self.tables.setdefault(name, {})

    def put_item(self, TableName: str, Item: Item, **request: Any) -> dict[str, Any]:  # noqa: N803
        rows, at = self._row("put_item", TableName, Item)
        self._check(rows.get(at), request)
        rows[at] = dict(Item)
        return {}

    def update_item(self, TableName: str, Key: Item, **request: Any) -> dict[str, Any]:  # noqa: N803
        rows, at = self._row("update_item", TableName, Key)
        self._check(rows.get(at), request)
        row = {**rows.get(at, {}), **Key}
        names, values = request["ExpressionAttributeNames"], request.get("ExpressionAttributeValues", {})
        for verb, clause in re.findall(r"(SET|REMOVE) (.*?)(?= REMOVE |$)", request.get("UpdateExpression", "")):
            for part in clause.split(", "):
                if verb == "SET":
                    name, value = part.split(" = ")
                    assert names[name] not in Key
                    row[names[name]] = values[value]
                else:
                    row.pop(names[part], None)
        rows[at] = row
        return {"Attributes": dict(row)}

    def delete_item(self, TableName: str, Key: Item, **request: Any) -> dict[str, Any]:  # noqa: N803
        rows, at = self._row("delete_item", TableName, Key)
        self._check(rows.get(at), request)
        rows.pop(at, None)
        return {}

    def get_item(self, TableName: str, Key: Item, **request: Any) -> dict[str, Any]:  # noqa: N803
        rows, at = self._row("get_item", TableName, Key)
        return {"Item": rows[at]} if at in rows else {}

    def query(self, TableName: str, **request: Any) -> dict[str, Any]:  # noqa: N803
        self._call("query")
        wanted = {
            request["ExpressionAttributeNames"][name]: request["ExpressionAttributeValues"][value]
            for name, value in re.findall(r"(#n\d+) = (:(?:v\d+|at))", request["KeyConditionExpression"])
        }
        rows = [row for row in self.tables[TableName].values() if all(row.get(n) == v for n, v in wanted.items())]
        return self._page(TableName, rows, request)

    def scan(self, TableName: str, **request: Any) -> dict[str, Any]:  # noqa: N803
        self._call("scan")
        return self._page(TableName, list(self.tables[TableName].values()), request)

    def _page(self, table: str, rows: list[Item], request: Mapping[str, Any]) -> dict[str, Any]:
        keys = self.keys[table]
        rows = sorted(rows, key=lambda row: str([row[name] for name in keys]))
        start = request.get("ExclusiveStartKey")
        if start is not None:
            rows = [row for row in rows if str([row[n] for n in keys]) > str([start[n] for n in keys])]
        limit = request.get("Limit", 2)
        answer: dict[str, Any] = {"Items": rows[:limit]}
        if len(rows) > limit:
            answer["LastEvaluatedKey"] = {name: rows[limit - 1][name] for name in keys}
        return answer

    def put_records(self, StreamName: str, Records: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        self._call("put_records")
        failed = self.entry_errors.pop(0) if self.entry_errors else set()
        self.sent.append([entry for index, entry in enumerate(Records) if index not in failed])
        return {"Records": [{"ErrorCode": "Throttled"} if i in failed else {} for i in range(len(Records))]}

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        self._call("get_object")
        if Key not in self.objects:
            raise refuse("NoSuchKey")
        stored = self.objects[Key]
        return {**stored, "Body": io.BytesIO(stored["Body"])}

    def put_object(self, Bucket: str, Key: str, Body: bytes, Metadata: Any = None, **more: Any) -> dict[str, Any]:  # noqa: N803
        self._call("put_object")
        tag = self.objects[Key]["ETag"] if Key in self.objects else None
        if ("IfNoneMatch" in more and tag is not None) or more.get("IfMatch", tag) != tag:
            raise refuse("PreconditionFailed")
        self.objects[Key] = {"Body": Body, "Metadata": Metadata or {}, "ETag": str(len(self.calls)), **more}
        return {}

    def delete_object(self, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        self._call("delete_object")
        self.objects.pop(Key, None)
        return {}

    def _row(self, operation: str, table: str, row: Item) -> tuple[dict[str, Item], str]:
        self._call(operation)
        return self.tables[table], str([row[name] for name in self.keys[table]])

    def _call(self, operation: str) -> None:
        self.calls.append(operation)
        errors = self.fail.get(operation)
        error = errors.pop(0) if errors else None
        if error is not None:
            raise error

    def _check(self, row: Item | None, request: Mapping[str, Any]) -> None:
        names = request.get("ExpressionAttributeNames", {})
        values = request.get("ExpressionAttributeValues", {})
        used = " ".join(str(request.get(f"{part}Expression", "")) for part in ("Condition", "Update"))
        assert set(re.findall(r"#n\d+", used)) == set(names), "DynamoDB refuses names that are not used"
        assert set(re.findall(r":(?:v\d+|at)", used)) == set(values), "DynamoDB refuses values that are not used"
        condition = request.get("ConditionExpression")
        if condition is None or _holds(condition, row or {}, names, values):
            return
        asked = request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
        raise refuse("ConditionalCheckFailedException", **({"Item": row} if asked and row else {}))


def _holds(condition: str, row: Item, names: Mapping[str, str], values: Mapping[str, Any]) -> bool:
    def absent(match: re.Match[str]) -> str:
        return str(names[match[2]] in row if match[1] == "exists" else names[match[2]] not in row)

    def compared(match: re.Match[str]) -> str:
        have, want = row.get(names[match[1]]), values[match[3]]
        if have is None:
            return "False"
        left, right = (float(one["N"]) if "N" in one else next(iter(one.values())) for one in (have, want))
        return str({"<=": left <= right, "<": left < right, "=": left == right}[match[2]])

    text = re.sub(r"attribute_(exists|not_exists)\((#n\d+)\)", absent, condition)
    text = re.sub(r"(#n\d+) (<=|<|=) (:(?:v\d+|at))", compared, text)
    assert re.fullmatch(r"(True|False|AND|OR|[() ])+", text), text
    return bool(eval(text.replace("AND", "and").replace("OR", "or")))


def stream_record(event: Any, sequence: int = 0) -> dict[str, Any]:
    data = event if isinstance(event, bytes) else json.dumps(event).encode()
    return {
        "eventID": f"shard-0:{sequence}",
        "kinesis": {"sequenceNumber": str(sequence), "data": base64.b64encode(data).decode()},
    }


def event(type_: str, timestamp: int = 1000, **fields: Any) -> dict[str, Any]:
    identity = fields.pop("id", f"{type_}-{timestamp}")
    return {"id": identity, "type": type_, "timestamp": timestamp, "partitionKey": "p", "tags": {}, **fields}
