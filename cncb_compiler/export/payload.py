"""What an event is on the wire, as JSON Schema: its envelope, its own fields, its context."""

from __future__ import annotations

from typing import Any

from cncb_compiler.graph.system import LinkedEvent, LinkedOutlet
from cncb_compiler.schema.jsonschema import Dialect, schema_parts
from cncb_compiler.schema.types import STRING, TIMESTAMP, UUID, Field, Record, TypeTable

SENSITIVE = "x-sensitive"
"""The keyword that marks what is personal or secret."""

SENSITIVE_FIELDS = "x-sensitive-fields"
"""The paths of all fields of an event or message that are so, by type or by lineage."""

FAULT = "fault"
"""The event type of what could not be handled."""

_TAGS: dict[str, Any] = {
    "type": "object",
    "description": "Where it comes from.",
    "properties": {
        "system": {"type": "string", "description": "The system that published it."},
        "service": {"type": "string", "description": "The service that published it."},
        "function": {"type": "string", "description": "The function of that service."},
        "stage": {"type": "string", "description": "The stage that it was published in."},
        "region": {"type": "string", "description": "The AWS region that it was published in."},
        "trigger": {"type": "string", "description": "The id of the event or record that caused it."},
        "traceparent": {"type": "string", "description": "The trace that it belongs to (W3C Trace Context)."},
        "skip": {"type": "boolean", "description": "Consumers pass it by."},
    },
    "additionalProperties": True,
}

_ERROR = Record({"name": Field(STRING), "message": Field(STRING)})
_CLAIM = Record({"bucket": Field(STRING), "key": Field(STRING)})
_OPEN = {"type": "object", "additionalProperties": True}


def event_schema(event: LinkedEvent, table: TypeTable, dialect: Dialect) -> tuple[dict[str, Any], dict[str, Any]]:
    """The schema of an event with its envelope, and those of the named types that it refers to."""
    schema, definitions = schema_parts(event.record, table, dialect)
    schema["properties"]["type"] = {"type": "string", "const": event.name, "description": "The event type."}
    schema["properties"]["tags"] = _TAGS
    return schema, definitions


def fault_schema() -> dict[str, Any]:
    """The schema of a fault: what a consumer publishes of an event that it could not handle (`runtime/faults.py`)."""
    envelope = Record({"id": Field(UUID), "timestamp": Field(TIMESTAMP), "partitionKey": Field(STRING)})
    schema, _ = schema_parts(envelope, TypeTable({}))
    properties = {
        **schema["properties"],
        "type": {"type": "string", "const": FAULT, "description": "The event type."},
        "tags": _TAGS,
        "function": {"type": "string", "description": "The physical name of the function that failed."},
        "pipeline": {"type": "string", "description": "The function, as its service calls it."},
        "error": schema_parts(_ERROR, TypeTable({}))[0],
        "unit": {
            "type": "object",
            "description": "The unit of work that failed.",
            "properties": {
                "record": {**_OPEN, "description": "The record, as its source gave it."},
                "event": {**_OPEN, "description": "The event in it, decoded."},
            },
            "required": ["record"],
        },
        "redacted": {"type": "boolean", "description": "What is sensitive was left out."},
        "trimmed": {"type": "boolean", "description": "What did not fit on a stream was left out."},
        "claimCheck": {**schema_parts(_CLAIM, TypeTable({}))[0], "description": "Where the whole record is kept."},
    }
    required = ["id", "type", "timestamp", "partitionKey", "tags", "function", "pipeline", "error", "unit"]
    return {"type": "object", "properties": properties, "required": required}


def message_schema(outlet: LinkedOutlet, table: TypeTable, dialect: Dialect) -> tuple[dict[str, Any], dict[str, Any]]:
    """The schema of what a queue or bus carries.

    A queue's message is its own; of a bus it is the `detail` of EventBridge's event (Amazon EventBridge: Events).
    """
    schema, definitions = schema_parts(outlet.record, table, dialect)
    if outlet.kind == "queue":
        return schema, definitions
    detail_type: dict[str, Any] = {"type": "string"}
    if outlet.detail_type is not None:
        detail_type["const"] = outlet.detail_type
    texts = ("version", "id", "account", "region")
    whole = {
        "type": "object",
        "properties": {
            **{name: {"type": "string"} for name in texts},
            "time": {"type": "string", "format": "date-time"},
            "resources": {"type": "array", "items": {"type": "string"}},
            "source": {"type": "string", "const": outlet.source},
            "detail-type": detail_type,
            "detail": schema,
        },
        "required": [*texts, "time", "resources", "source", "detail-type", "detail"],
    }
    return whole, definitions
