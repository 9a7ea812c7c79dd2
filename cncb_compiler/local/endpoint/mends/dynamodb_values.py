"""Attribute values in answers, written straight away (Amazon DynamoDB API Reference: AttributeValue).

moto looks at every member that the model of a value knows, for every value: two milliseconds an item.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

_VALUE = "AttributeValue"


def mend() -> None:
    """Make moto's answers with attribute values fast for the rest of this process; part of the mends of DynamoDB."""
    from moto.core import serialize

    serializer: Any = serialize.BaseJSONSerializer
    serializer._serialize_type_map = _maps_of_values(serializer._serialize_type_map)
    serializer._serialize_type_structure = _values(serializer._serialize_type_structure)


def _maps_of_values(original: Callable[..., None]) -> Callable[..., None]:
    @wraps(original)
    def serialize_map(serializer: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.value.name == _VALUE:
            serialized[key] = {name: _written(part) for name, part in value.items()}
        else:
            original(serializer, serialized, value, shape, key)

    return serialize_map


def _values(original: Callable[..., None]) -> Callable[..., None]:
    @wraps(original)
    def serialize_structure(serializer: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.name == _VALUE and value is not None:
            serialized[key] = _written(value)
        else:
            original(serializer, serialized, value, shape, key)

    return serialize_structure


def _written(value: Mapping[str, Any]) -> dict[str, Any]:
    [(kind, part)] = value.items()
    match kind:
        case "M":
            return {kind: {name: _written(inner) for name, inner in part.items()}}
        case "L":
            return {kind: [_written(inner) for inner in part]}
        case "B":
            return {kind: _text(part)}
        case "BS":
            return {kind: [_text(inner) for inner in part]}
        case _:
            return {kind: part}


def _text(binary: str | bytes) -> str:
    return base64.b64encode(binary.encode() if isinstance(binary, str) else binary).decode()
