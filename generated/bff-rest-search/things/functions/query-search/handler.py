"""Query `query-search` of things.

called by  GET /search
may        get bucket things; query index things-index
declared   system.yaml#/services/things/queries/search
"""

from typing import Any

from cncb_runtime.http import respond
from cncb_runtime.object_urls import url_of
from cncb_runtime.request import paged
from cncb_runtime.search_index import By, SearchIndex

THINGS_INDEX_INDEX = SearchIndex(
    "THINGS_INDEX_INDEX",
    key=("id",),
    order=("id",),
    url=lambda name: url_of("THINGS_BUCKET", name),
)
BY = By(text=("name",), filters={"category": ("category.keyword", "text")})


def query_search(request: dict[str, Any]) -> Any:
    """A page of what is found in things-index."""
    return THINGS_INDEX_INDEX.search(request, BY, **paged(request, 25))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one request."""
    return respond(event, query_search, cache="no-cache")
