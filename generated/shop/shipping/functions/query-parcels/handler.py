"""Query `query-parcels` of shipping.

called by  GET /worklists/{status}
may        query table parcels
declared   services/shipping.yaml#/queries/parcels
"""

from typing import Any

import mapping
from cncb_runtime.http import respond
from cncb_runtime.request import paged
from cncb_runtime.table import Table

PARCELS_TABLE = Table("PARCELS_TABLE", key=("id",))


def query_parcels(request: dict[str, Any]) -> Any:
    """A page of the rows of parcels at a key."""
    return PARCELS_TABLE.query(mapping.key(request), index="by-status", **paged(request, 25))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one request."""
    return respond(event, query_parcels, cache="no-cache")
