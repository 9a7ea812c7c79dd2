"""The mappings of `query-return`."""

from typing import Any


def key(request: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of returns."""
    return {"id": request["path"]["id"]}
