"""The mappings of `query-parcels`."""

from typing import Any


def key(request: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of parcels."""
    return {"status": request["path"]["status"]}
