"""Calling a function by its name: the payload is the input, and what it returns is the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import jsons
from .errors import InvalidInputError
from .metrics import request

Check = Callable[[Any, str, list[tuple[str, str]]], None]
"""A check of `shape`: it adds what is wrong with a value at a path to the list."""


def invoke(payload: Any, action: Callable[[dict[str, Any]], Any], *, shape: Check | None = None) -> Any:
    """Do `action` for one call. Raises InvalidInputError for bad input."""
    with request():
        given = jsons.with_decimals(payload)
        checked(given, shape)
        return jsons.without_decimals(action({"input": given, "path": {}, "query": {}}))


def checked(value: Any, shape: Check | None) -> Any:
    """The value. Raises InvalidInputError with all that is wrong with it."""
    if shape is not None:
        problems: list[tuple[str, str]] = []
        shape(value, "", problems)
        if problems:
            raise InvalidInputError(problems)
    return value


def paged(request: dict[str, Any], most: int) -> dict[str, Any]:
    """The page that a request asks for: `limit` (at most, and without one, `most`) and `cursor`."""
    asked = request["query"] or request["input"] or {}
    limit, cursor = asked.get("limit"), asked.get("cursor")
    if limit is None:
        limit = most
    if not str(limit).isascii() or not str(limit).isdigit() or len(str(limit)) > 9 or int(limit) < 1:
        raise InvalidInputError([("limit", "is not a number of 1 or more")])
    if cursor is not None and not isinstance(cursor, str):
        raise InvalidInputError([("cursor", "is none that this query has given")])
    return {"limit": min(int(limit), most), "cursor": cursor}
