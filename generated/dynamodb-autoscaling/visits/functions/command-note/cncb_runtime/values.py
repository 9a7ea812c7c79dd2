"""What mappings do with JSON values at run time, where plain Python would say something else than JMESPath.

Values are as JSON gives them: dict, list, str, bool, None, and numbers, which may be int, float or Decimal.
In JMESPath null spreads (a field of null is null), and only null, false and what is empty are false: 0 is
true.
"""

from __future__ import annotations

import json
import math
import time
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

_NAMESPACE = uuid.UUID("6f2c1f0e-3f7b-5b0a-9d51-0c6a7f1f6a52")


def get(value: Any, *names: str) -> Any:
    """The field at the end of a path; None as soon as something on the way is not there."""
    for name in names:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def item(value: Any, index: int) -> Any:
    """An item of a list, counted from the end where negative; None where there is none."""
    if isinstance(value, list) and -len(value) <= index < len(value):
        return value[index]
    return None


def cut(value: Any, start: int | None, stop: int | None, step: int | None) -> Any:
    """A slice of a list; None of anything else."""
    return value[start:stop:step] if isinstance(value, list) else None


def compact(items: Iterable[Any]) -> list[Any]:
    """The items that are not None."""
    return [one for one in items if one is not None]


def project(
    value: Any, each: Callable[[Any], Any] | None = None, where: Callable[[Any], Any] | None = None
) -> list[Any] | None:
    """What `each` gives for a list's items (those that `where` holds of), Nones left out; None of anything else."""
    if not isinstance(value, list):
        return None
    chosen = value if where is None else [one for one in value if truthy(where(one))]
    return compact(chosen if each is None else [each(one) for one in chosen])


def flatten(value: Any) -> list[Any] | None:
    """The items of a list, those that are lists themselves opened once; None of anything else."""
    if not isinstance(value, list):
        return None
    flat: list[Any] = []
    for one in value:
        if isinstance(one, list):
            flat.extend(one)
        else:
            flat.append(one)
    return flat


def values_of(value: Any) -> list[Any] | None:
    """The values of an object's fields; None of anything else."""
    return list(value.values()) if isinstance(value, dict) else None


def apply(value: Any, function: Callable[[Any], Any]) -> Any:
    """What the function gives for the value; None for None."""
    return None if value is None else function(value)


def pipe(value: Any, function: Callable[[Any], Any]) -> Any:
    """What the function gives for the value, whatever it is."""
    return function(value)


def truthy(value: Any) -> bool:
    """Whether a value is true in JMESPath: all but null, false, and an empty text, list or object."""
    if value is None or value is False:
        return False
    return not (isinstance(value, (str, list, dict)) and not value)


def either(value: Any, alternative: Callable[[], Any]) -> Any:
    """The value if it is true, else the alternative."""
    return value if truthy(value) else alternative()


def both(value: Any, consequence: Callable[[], Any]) -> Any:
    """The consequence if the value is true, else the value."""
    return consequence() if truthy(value) else value


def not_null(*candidates: Any) -> Any:
    """The first value that is not None."""
    return next((one for one in candidates if one is not None), None)


def equal(left: Any, right: Any) -> bool:
    """Whether two values are equal; unlike Python's, JMESPath's true is not 1."""
    if isinstance(left, bool) != isinstance(right, bool):
        return False
    return bool(left == right)


def compare(left: Any, operator: str, right: Any) -> bool | None:
    """`<`, `<=`, `>` or `>=` of two numbers or two texts; None of anything else."""
    both_text = isinstance(left, str) and isinstance(right, str)
    if not both_text and not (_is_number(left) and _is_number(right)):
        return None
    if operator == "<":
        return bool(left < right)
    if operator == "<=":
        return bool(left <= right)
    return bool(left > right) if operator == ">" else bool(left >= right)


def avg(numbers: list[Any]) -> Any:
    """The mean; None of no numbers."""
    return sum(numbers) / len(numbers) if numbers else None


def ceil(number: Any) -> int:
    """The least integer that is not below the number."""
    whole: int = math.ceil(number)
    return whole


def floor(number: Any) -> int:
    """The greatest integer that is not above the number."""
    whole: int = math.floor(number)
    return whole


def to_array(value: Any) -> list[Any]:
    """A list as it is, anything else as the only item of one."""
    return value if isinstance(value, list) else [value]


def to_number(value: Any) -> Any:
    """A number as it is, a text read as one; None of anything else."""
    if _is_number(value):
        return value
    if not isinstance(value, str):
        return None
    for read in (int, float):
        try:
            return read(value)
        except ValueError:
            continue
    return None


def to_string(value: Any) -> str:
    """A text as it is, anything else as compact JSON."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), default=_plain)


def type_name(value: Any) -> str:
    """The JMESPath type: string, number, boolean, array, object or null."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, list):
        return "array"
    return "object" if isinstance(value, dict) else "number"


def lower(value: str | None) -> str | None:
    """A text in lower case; None for None."""
    return None if value is None else value.lower()


def upper(value: str | None) -> str | None:
    """A text in upper case; None for None."""
    return None if value is None else value.upper()


def present(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields that are not None: what is absent stays absent."""
    return {name: value for name, value in fields.items() if value is not None}


def uuid4() -> str:
    """A new random UUID."""
    return str(uuid.uuid4())


def uuid5(seed: str, name: str) -> str:
    """The UUID that this seed and name always give, so that a retry makes no second one."""
    return str(uuid.uuid5(_NAMESPACE, f"{seed}/{name}"))


def now() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def iso(timestamp: Any) -> str | None:
    """A timestamp in milliseconds as a date-time in UTC: `2024-01-31T23:59:59.000Z`; None for None."""
    if timestamp is None:
        return None
    return f"{_utc(timestamp):%Y-%m-%dT%H:%M:%S}.{int(timestamp) % 1000:03d}Z"


def year(timestamp: Any) -> str | None:
    """The year in UTC of a timestamp in milliseconds, `2024`; None for None."""
    return None if timestamp is None else f"{_utc(timestamp):%Y}"


def month(timestamp: Any) -> str | None:
    """The month in UTC of a timestamp in milliseconds, `2024-01`; None for None."""
    return None if timestamp is None else f"{_utc(timestamp):%Y-%m}"


def day(timestamp: Any) -> str | None:
    """The day in UTC of a timestamp in milliseconds, `2024-01-31`; None for None."""
    return None if timestamp is None else f"{_utc(timestamp):%Y-%m-%d}"


def hour(timestamp: Any) -> str | None:
    """The hour in UTC of a timestamp in milliseconds, `2024-01-31T23`; None for None."""
    return None if timestamp is None else f"{_utc(timestamp):%Y-%m-%dT%H}"


def _utc(timestamp: Any) -> datetime:
    return datetime.fromtimestamp(int(timestamp) // 1000, UTC)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)
