"""JSON as it travels: a number with a fraction is a Decimal, as DynamoDB wants it; an integer stays int."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any


def loads(text: str | bytes) -> Any:
    """A JSON value. Raises ValueError for what is not JSON, `NaN` and `Infinity` included."""
    bare = (text if isinstance(text, str) else str(text, "utf-8")).strip(_SPACE)
    value, end = _DECODER.raw_decode(bare)
    if end != len(bare):
        raise json.JSONDecodeError("Extra data", bare, end)
    return value


def dumps(value: Any) -> str:
    """The shortest JSON text of a value. Of a Decimal, the 17 digits that a JSON reader would keep."""
    return _ENCODER.encode(value)


def with_decimals(value: Any) -> Any:
    """A value that another JSON reader has made (Lambda's), with Decimal for float."""
    return loads(dumps(value))


def without_decimals(value: Any) -> Any:
    """A value that any other JSON writer can write."""
    return json.loads(dumps(value))


def number(value: Decimal) -> int | Decimal:
    """A whole number as int."""
    return int(value) if value == value.to_integral_value() else value


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        whole = number(value)
        return whole if isinstance(whole, int) else float(whole)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


_SPACE = " \t\n\r"
_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=_refuse)
_ENCODER = json.JSONEncoder(default=_plain, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
