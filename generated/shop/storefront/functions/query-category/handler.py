"""Query `query-category` of storefront.

called by  GET /categories/{category}/products
may        query table products
declared   services/storefront.yaml#/queries/category
"""

from typing import Any

import mapping
from cncb_runtime.http import respond
from cncb_runtime.request import paged
from cncb_runtime.table import Table

PRODUCTS_TABLE = Table("PRODUCTS_TABLE", key=("id",), view=True)


def query_category(request: dict[str, Any]) -> Any:
    """A page of the rows of products at a key."""
    page = PRODUCTS_TABLE.query(mapping.key(request), index="by-category", **paged(request, 25))
    return {**page, "items": [mapping.response(row) for row in page["items"]]}


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one request."""
    return respond(event, query_category, cache="no-cache")
