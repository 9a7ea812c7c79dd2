"""The mappings of `query-of-city`."""

from typing import Any


def key(request: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of visits."""
    return {"city": request["input"]["city"]}
