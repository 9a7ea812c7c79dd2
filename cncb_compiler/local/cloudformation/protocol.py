"""The query protocol: form-encoded requests and XML answers, both driven by botocore's own model of the service.

Source: "AWS Query protocol" (Smithy), and botocore's model of CloudFormation.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qsl
from xml.etree.ElementTree import Element, SubElement, tostring

from cncb_compiler.local.cloudformation.errors import RefusedError

NAMESPACE = "http://cloudformation.amazonaws.com/doc/2010-05-15/"


@cache
def _model() -> Any:
    from botocore.session import get_session

    return get_session().get_service_model("cloudformation")


def request_of(query: str, body: str) -> tuple[str, dict[str, Any]]:
    """The action and the parameters of a request. Raises RefusedError for an action that CloudFormation has not."""
    fields = dict(parse_qsl(query, keep_blank_values=True) + parse_qsl(body, keep_blank_values=True))
    action = fields.get("Action", "")
    if action not in _model().operation_names:
        raise RefusedError("InvalidAction", f"Could not find operation {action} for version 2010-05-15")
    shape = _model().operation_model(action).input_shape
    nested: dict[str, Any] = {}
    for key, value in fields.items():
        *path, last = key.split(".")
        inner = nested
        for part in path:
            inner = inner.setdefault(part, {})
        inner[last] = value
    return action, _read(nested, shape) if shape is not None else {}


def _read(value: Any, shape: Any) -> Any:
    match shape.type_name:
        case "structure":
            return {name: _read(value[name], member) for name, member in shape.members.items() if name in value}
        case "list":
            members = value.get("member", {}) if isinstance(value, dict) else {}
            return [_read(members[key], shape.member) for key in sorted(members, key=int)]
        case "map":
            entries = value.get("entry", {}) if isinstance(value, dict) else {}
            return {entry["key"]: _read(entry["value"], shape.value) for entry in entries.values()}
        case "boolean":
            return value.lower() == "true"
        case "integer":
            return int(value)
        case _:
            return value


def answer(action: str, result: Mapping[str, Any]) -> bytes:
    """The XML of an answer; what the model does not know of a result is left out."""
    operation = _model().operation_model(action)
    root = Element(f"{action}Response", xmlns=NAMESPACE)
    shape = operation.output_shape
    if shape is not None:
        wrapper = shape.serialization.get("resultWrapper", f"{action}Result")
        _write(SubElement(root, wrapper), result, shape)
    SubElement(SubElement(root, "ResponseMetadata"), "RequestId").text = str(uuid.uuid4())
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def refusal(error: RefusedError) -> bytes:
    """The XML of a refusal."""
    root = Element("ErrorResponse", xmlns=NAMESPACE)
    inner = SubElement(root, "Error")
    SubElement(inner, "Type").text = "Sender" if error.status < 500 else "Receiver"
    SubElement(inner, "Code").text = error.code
    SubElement(inner, "Message").text = _legal(error.message)
    SubElement(root, "RequestId").text = str(uuid.uuid4())
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _write(element: Element, value: Any, shape: Any) -> None:
    match shape.type_name:
        case "structure":
            for name, member in shape.members.items():
                if value.get(name) is not None:
                    _write(SubElement(element, name), value[name], member)
        case "list":
            for item in value:
                _write(SubElement(element, "member"), item, shape.member)
        case "map":
            for key, item in value.items():
                entry = SubElement(element, "entry")
                SubElement(entry, "key").text = _legal(str(key))
                _write(SubElement(entry, "value"), item, shape.value)
        case "timestamp":
            assert isinstance(value, datetime)
            element.text = f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03d}Z"
        case "boolean":
            element.text = "true" if value else "false"
        case _:
            element.text = _legal(str(value))


def _legal(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return "".join(character for character in text if character in "\t\n\r" or character >= " ")
