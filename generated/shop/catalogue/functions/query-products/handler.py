"""Query `query-products` of catalogue.

called by  GET /products
may        scan table products
declared   services/catalogue.yaml#/queries/products
"""

from typing import Any

from cncb_runtime.http import respond
from cncb_runtime.request import paged
from cncb_runtime.table import Table

PRODUCTS_TABLE = Table("PRODUCTS_TABLE", key=("id",))


def query_products(request: dict[str, Any]) -> Any:
    """A page of the rows of products in no order."""
    return PRODUCTS_TABLE.scan(**paged(request, 25))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one request."""
    return respond(event, query_products, cache="no-cache")
