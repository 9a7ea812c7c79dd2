"""Change data capture `changes-products` of catalogue.

Publishes what changes in products.

called by  INSERT, MODIFY, REMOVE of table products
may        put claims event; publish stream main
faults to  stream main
declared   services/catalogue.yaml#/changes/products
"""

from typing import Any

import mapping
from cncb_runtime.emission import Emission
from cncb_runtime.pipeline import run
from cncb_runtime.publish import publish
from cncb_runtime.steps import for_operations
from cncb_runtime.table_records import from_table

EMIT_PRODUCT_CREATED = Emission(
    "product-created",
    stream="MAIN_STREAM",
    fields=mapping.insert_product_created,
    partition_key=mapping.insert_product_created_partition_key,
    step="insert_product_created",
)
EMIT_PRODUCT_UPDATED = Emission(
    "product-updated",
    stream="MAIN_STREAM",
    fields=mapping.modify_product_updated,
    partition_key=mapping.modify_product_updated_partition_key,
    step="modify_product_updated",
)
EMIT_PRODUCT_REMOVED = Emission(
    "product-removed",
    stream="MAIN_STREAM",
    fields=mapping.remove_product_removed,
    partition_key=mapping.remove_product_removed_partition_key,
    step="remove_product_removed",
)
CHANGES = {"INSERT": EMIT_PRODUCT_CREATED, "MODIFY": EMIT_PRODUCT_UPDATED, "REMOVE": EMIT_PRODUCT_REMOVED}
PIPELINE = (for_operations(CHANGES), publish)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Publish what each change means. Answer with the record to begin again from, if any."""
    return run(event, context, from_table, PIPELINE, faults_to="MAIN_STREAM")
