"""Materialized view `view-products` of storefront.

called by  product-created, product-removed, product-updated, stock-counted of stream main
may        put claims event; update table products
faults to  stream main
declared   services/storefront.yaml#/views/products
"""

from typing import Any

import mapping
from cncb_runtime.pipeline import run
from cncb_runtime.projection import project, remove
from cncb_runtime.steps import for_types
from cncb_runtime.stream_records import from_stream
from cncb_runtime.unit import each
from cncb_runtime.view import View

LOCKS = {"asOf:product-created": ("category", "description", "name", "price"), "asOf:stock-counted": ("inStock",)}
PRODUCTS_TABLE = View("PRODUCTS_TABLE", key=("id",), locks=LOCKS)
PROJECTIONS = {
    "product-created": project(
        mapping.product_created_key,
        mapping.product_created_fields,
        lock="asOf:product-created",
    ),
    "product-removed": remove(mapping.product_removed_key),
    "product-updated": project(
        mapping.product_updated_key,
        mapping.product_updated_fields,
        lock="asOf:product-created",
    ),
    "stock-counted": project(mapping.stock_counted_key, mapping.stock_counted_fields, lock="asOf:stock-counted"),
}
PIPELINE = (for_types(PROJECTIONS), each(PRODUCTS_TABLE.apply))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Apply each event to the view. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM")
