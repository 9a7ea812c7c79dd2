"""Query `query-product` of storefront.

called by  GET /products/{id}
may        get table products
declared   services/storefront.yaml#/queries/product
"""

from typing import Any

import mapping
from cncb_runtime.errors import found
from cncb_runtime.http import respond
from cncb_runtime.table import Table

PRODUCTS_TABLE = Table("PRODUCTS_TABLE", key=("id",), view=True)


def query_product(request: dict[str, Any]) -> Any:
    """The row of products at a key."""
    return found(PRODUCTS_TABLE.get(mapping.key(request)))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one request."""
    return respond(event, query_product, cache="no-cache")
