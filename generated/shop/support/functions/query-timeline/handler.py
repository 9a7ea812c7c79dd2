"""Query `query-timeline` of support.

called by  GET /orders/{orderId}/timeline
may        get table timelines
declared   services/support.yaml#/queries/timeline
"""

from typing import Any

import mapping
from cncb_runtime.errors import found
from cncb_runtime.http import respond
from cncb_runtime.table import Table

TIMELINES_TABLE = Table("TIMELINES_TABLE", key=("orderId",), view=True)


def query_timeline(request: dict[str, Any]) -> Any:
    """The row of timelines at a key."""
    return found(TIMELINES_TABLE.get(mapping.key(request)))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one request."""
    return respond(event, query_timeline, cache="no-cache")
