"""Fakes for the event sources of the local machine: a change feed, records, functions."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cncb_compiler.local.sources.records import Record

BOUND = 5.0
"""Seconds that anything may take."""


def record(sequence: int, key: str = "k", arrived: float = 0, size: int = 100, **data: Any) -> Record:
    text = json.dumps({"n": sequence} | data)
    event = {"kinesis": {"sequenceNumber": str(sequence), "partitionKey": key, "data": text}}
    return Record(str(sequence), key, arrived, event, {"data": {"n": sequence} | data}, size)


def until(holds: Callable[[], Any]) -> None:
    """Wait until something holds; the bound is for what is broken."""
    end = time.monotonic() + BOUND
    while not holds():
        assert time.monotonic() < end, "it never came true"
        threading.Event().wait(0.002)


class Feed:
    """A change feed that is told what changes."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.at = 0
        self._services: dict[str, int] = {}

    def change(self, service: str) -> int:
        with self._changed:
            self.at += 1
            self._services[service] = self.at
            self._changed.notify_all()
            return self.at

    def wait(self, since: int, timeout: float) -> int:
        with self._changed:
            self._changed.wait_for(lambda: self.at > since, timeout)
            return self.at

    def touched(self, service: str) -> int:
        return self._services.get(service, 0)

    def touched_resource(self, service: str, name: str) -> int:
        return self.touched(service)

    def refresh(self) -> int:
        return self.at


@dataclass
class Answer:
    payload: bytes = b"null"
    error: str | None = None


@dataclass
class Functions:
    """Stands in for the functions: keeps what they are invoked with, answers as told."""

    answer: Callable[[str, list[dict[str, Any]]], Answer] = lambda name, records: Answer()
    invoked: list[tuple[str, list[dict[str, Any]]]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, name: str, payload: bytes) -> Answer:
        records = json.loads(payload)["Records"]
        with self.lock:
            self.invoked.append((name, records))
        return self.answer(name, records)

    def sequences(self, name: str) -> list[list[str]]:
        with self.lock:
            batches = [records for one, records in self.invoked if one == name]
        return [[sequence(one) for one in records] for records in batches]


def sequence(told: dict[str, Any]) -> str:
    """How manyth record of its shard it is; the mock's sequence numbers are long where the endpoint has mended them."""
    return manyth(told["kinesis"]["sequenceNumber"] if "kinesis" in told else told["dynamodb"]["SequenceNumber"])


def manyth(sequence_number: str) -> str:
    """The end of a sequence number that counts."""
    return str(int(sequence_number[-20:]))


class Pages(list[dict[str, Any]]):
    """A paginator of what is there already."""

    def paginate(self) -> Pages:
        return self


class Lambda:
    """Lambda's API, as far as mappings need it."""

    def __init__(self) -> None:
        self.mappings: dict[str, list[dict[str, Any]]] = {}

    def get_paginator(self, operation: str) -> Pages:
        if operation == "list_event_source_mappings":
            return Pages({"EventSourceMappings": mappings} for mappings in self.mappings.values())
        assert operation == "list_functions"
        arns = {one["FunctionArn"] for mappings in self.mappings.values() for one in mappings}
        roles = {arn: f"arn:aws:iam::123456789012:role/{arn.rpartition(':')[2]}" for arn in arns}
        return Pages([{"Functions": [{"FunctionArn": arn, "Role": role} for arn, role in roles.items()]}])

    def add(self, function: str, source_arn: str, **settings: Any) -> dict[str, Any]:
        mapping = {
            "UUID": f"{function}-{len(self.mappings.get(function, []))}",
            "FunctionArn": f"arn:aws:lambda:us-east-1:123456789012:function:{function}",
            "EventSourceArn": source_arn,
            "State": "Enabled",
        } | settings
        self.mappings.setdefault(function, []).append(mapping)
        return mapping
