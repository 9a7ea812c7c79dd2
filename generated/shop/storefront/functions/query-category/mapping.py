"""The mappings of `query-category`."""

from typing import Any


def key(request: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of products."""
    return {"category": request["path"]["category"]}


def response(row: dict[str, Any]) -> dict[str, Any]:
    """The response for a row."""
    return {"id": row["id"], "inStock": row.get("inStock"), "name": row.get("name"), "price": row.get("price")}
