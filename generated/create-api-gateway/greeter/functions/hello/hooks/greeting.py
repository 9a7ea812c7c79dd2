"""A function of the team's own, behind a route."""

from __future__ import annotations

import json
from typing import Any


def hello(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Greet whoever called."""
    name = (event.get("queryStringParameters") or {}).get("name", "world")
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps({"message": f"Hello, {name}!"}),
    }
