"""Query `query-of-city` of visits.

called by  its name
may        query table visits
declared   system.yaml#/services/visits/queries/of-city
"""

from typing import Any

import mapping
from cncb_runtime.request import invoke, paged
from cncb_runtime.table import Table

VISITS_TABLE = Table("VISITS_TABLE", key=("id",))


def query_of_city(request: dict[str, Any]) -> Any:
    """A page of the rows of visits at a key."""
    return VISITS_TABLE.query(mapping.key(request), index="by-city", **paged(request, 25))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one call."""
    return invoke(event, query_of_city)
