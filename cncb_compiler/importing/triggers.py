"""Triggers of functions, from event source mappings and rules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from cncb_compiler.importing.intrinsics import reference, text_of
from cncb_compiler.importing.stack import Stack, Trigger, TriggerKind
from cncb_compiler.importing.values import Map, Notes, as_items, as_map

_SOURCES: dict[str, TriggerKind] = {
    "AWS::Kinesis::Stream": "stream",
    "AWS::DynamoDB::Table": "table",
    "AWS::DynamoDB::GlobalTable": "table",
    "AWS::Serverless::SimpleTable": "table",
    "AWS::SQS::Queue": "queue",
}


def mapped(made: Stack, source: Any, filters: Map, at: Map, notes: Notes) -> Trigger:
    """The trigger that an event source mapping is."""
    found = reference(source, made.resources)
    kind = _SOURCES.get(made.type_of(found.logical_id)) or _kind_of(found.text)
    types: list[str] = []
    for one in as_items(filters.get("Filters")):
        types += _types(as_map(one).get("Pattern"), at, notes)
    return Trigger(kind, found, tuple(dict.fromkeys(types)), at=at)


def ruled(made: Stack, said: Map, at: Map, notes: Notes) -> Iterator[Trigger]:
    """The triggers that a rule is: a schedule, a pattern of events, or both."""
    schedule = text_of(said.get("ScheduleExpression"))
    if schedule:
        yield Trigger("schedule", said=schedule, at=at)
    pattern = said.get("EventPattern")
    if pattern is not None:
        types = tuple(_detail_types(pattern))
        if not types:
            notes.add(at, None, "a rule without `detail-type` stands for one event.")
        yield Trigger("events", reference(said.get("EventBusName"), made.resources), types, at=at)


def _detail_types(pattern: Any) -> Iterator[str]:
    if isinstance(pattern, str):
        try:
            pattern = json.loads(pattern)
        except ValueError:
            return
    said = pattern.get("detail-type") if isinstance(pattern, dict) else None
    yield from (text for text in said or () if isinstance(text, str))


def _types(pattern: Any, at: Map, notes: Notes) -> list[str]:
    """The event types that a filter lets through: what it asks of `type` in the data."""
    try:
        read = json.loads(pattern) if isinstance(pattern, str) else pattern
    except ValueError:
        read = None
    data = read.get("data", read.get("dynamodb")) if isinstance(read, dict) else None
    said = data.get("type") if isinstance(data, dict) else None
    if not isinstance(said, list):
        notes.count(at, "FilterCriteria", "that do not ask for types of events are left out.")
        return []
    found = [one for one in said if isinstance(one, str)]
    if len(found) != len(said):
        notes.add(at, None, "a filter asks for types by a pattern, which is left out.")
    return found


def _kind_of(arn: str) -> TriggerKind:
    """What an ARN, or a name of one, is likely of."""
    text = arn.lower()
    if re.search(r":dynamodb:|:table/|table-?(stream-?)?arn", text):
        return "table"
    return "queue" if re.search(r":sqs:|queue-?(arn)?\W*$", text) else "stream"
