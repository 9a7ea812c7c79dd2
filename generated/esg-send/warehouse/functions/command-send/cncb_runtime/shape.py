"""Checks of a command's input, put together once when the function starts. All problems are found at once.

A check is called with a value, its path and the list of problems (path, what is wrong) that it adds to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias
from urllib.parse import urlsplit
from uuid import UUID

Problems: TypeAlias = list[tuple[str, str]]
Check: TypeAlias = Callable[[Any, str, Problems], None]

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def _simple(accepts: Callable[[Any], bool], problem: str) -> Check:
    def check(value: Any, path: str, problems: Problems) -> None:
        if not accepts(value):
            problems.append((path, problem))

    return check


def _text(accepts: Callable[[str], object], problem: str) -> Check:
    def is_accepted(value: Any) -> bool:
        try:
            return isinstance(value, str) and accepts(value) is not None
        except ValueError:
            return False

    return _simple(is_accepted, problem)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def _uri(value: str) -> str | None:
    parts = urlsplit(value)
    return value if parts.scheme and (parts.netloc or parts.path) and " " not in value else None


anything: Check = _simple(lambda _: True, "")
string: Check = _simple(lambda value: isinstance(value, str), "is not a string")
boolean: Check = _simple(lambda value: isinstance(value, bool), "is not true or false")
number: Check = _simple(_is_number, "is not a number")
integer: Check = _simple(lambda value: _is_number(value) and value == int(value), "is not an integer")
timestamp: Check = _simple(
    lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0,
    "is not a timestamp in milliseconds",
)
uuid: Check = _text(lambda value: UUID(value) if _UUID.fullmatch(value) else None, "is not a UUID")
email: Check = _text(_EMAIL.fullmatch, "is not an email address")
uri: Check = _text(_uri, "is not a URI")
day: Check = _text(date.fromisoformat, "is not a date (YYYY-MM-DD)")
date_time: Check = _text(
    lambda value: datetime.fromisoformat(value).tzinfo, "is not a date and time with its offset (RFC 3339)"
)


def one_of(*values: str) -> Check:
    """One of a closed set of strings."""
    return _simple(lambda value: isinstance(value, str) and value in values, f"is not one of {', '.join(values)}")


def list_of(item: Check) -> Check:
    """A list of items of one shape."""

    def check(value: Any, path: str, problems: Problems) -> None:
        if not isinstance(value, list):
            problems.append((path, "is not a list"))
            return
        for index, inner in enumerate(value):
            item(inner, f"{path}[{index}]", problems)

    return check


def map_of(item: Check) -> Check:
    """An object with any keys and values of one shape."""

    def check(value: Any, path: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            problems.append((path, "is not an object"))
            return
        for name, inner in value.items():
            item(inner, _below(path, name), problems)

    return check


def any_of(*options: Check) -> Check:
    """A value of one of several shapes."""

    def check(value: Any, path: str, problems: Problems) -> None:
        for option in options:
            found: Problems = []
            option(value, path, found)
            if not found:
                return
        problems.append((path, "has none of the shapes that it may have"))

    return check


def later(shape: Callable[[], Check]) -> Check:
    """A shape that is defined further on: of a type that holds itself."""

    def check(value: Any, path: str, problems: Problems) -> None:
        shape()(value, path, problems)

    return check


def record(
    required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, *, is_open: bool = False
) -> Check:
    """An object with these fields. An optional one may be absent or null; an open object may have others."""
    maybe = optional or {}

    def check(value: Any, path: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            problems.append((path, "is not an object"))
            return
        for name, shape in required.items():
            if value.get(name) is None:
                problems.append((_below(path, name), "is required"))
            else:
                shape(value[name], _below(path, name), problems)
        for name, shape in maybe.items():
            if value.get(name) is not None:
                shape(value[name], _below(path, name), problems)
        if not is_open:
            problems.extend(
                (_below(path, name), "is not a known field")
                for name in value
                if name not in required and name not in maybe
            )

    return check


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
