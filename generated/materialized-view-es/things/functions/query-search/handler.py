"""Query `query-search` of things.

called by  GET /things
may        query index things
declared   system.yaml#/services/things/queries/search
"""

from typing import Any

from cncb_runtime.http import respond
from cncb_runtime.request import paged
from cncb_runtime.search_index import By, SearchIndex

THINGS_INDEX = SearchIndex("THINGS_INDEX", key=("id",), order=("id",))
BY = By(text=("name",), filters={"category": ("category.keyword", "text")}, sort={"price": "price"})


def query_search(request: dict[str, Any]) -> Any:
    """A page of what is found in things."""
    return THINGS_INDEX.search(request, BY, **paged(request, 25))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one request."""
    return respond(event, query_search, cache="no-cache")
