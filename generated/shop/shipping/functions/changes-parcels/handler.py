"""Change data capture `changes-parcels` of shipping.

Publishes what changes in parcels.

called by  MODIFY of table parcels
may        put claims event; publish stream main
faults to  stream main
declared   services/shipping.yaml#/changes/parcels
"""

from typing import Any

import mapping
from cncb_runtime.emission import Emission
from cncb_runtime.pipeline import run
from cncb_runtime.publish import publish
from cncb_runtime.redaction import Redaction
from cncb_runtime.steps import for_operations
from cncb_runtime.table_records import from_table

EMIT_PARCEL_PACKED = Emission(
    "parcel-packed",
    stream="MAIN_STREAM",
    fields=mapping.modify_parcel_packed,
    partition_key=mapping.modify_parcel_packed_partition_key,
    step="modify_parcel_packed",
    when=mapping.modify_parcel_packed_when,
)
EMIT_PARCEL_DISPATCHED = Emission(
    "parcel-dispatched",
    stream="MAIN_STREAM",
    fields=mapping.modify_parcel_dispatched,
    partition_key=mapping.modify_parcel_dispatched_partition_key,
    step="modify_parcel_dispatched",
    when=mapping.modify_parcel_dispatched_when,
)
EMIT_PARCEL_DELIVERED = Emission(
    "parcel-delivered",
    stream="MAIN_STREAM",
    fields=mapping.modify_parcel_delivered,
    partition_key=mapping.modify_parcel_delivered_partition_key,
    step="modify_parcel_delivered",
    when=mapping.modify_parcel_delivered_when,
)
CHANGES = {"MODIFY": (EMIT_PARCEL_PACKED, EMIT_PARCEL_DISPATCHED, EMIT_PARCEL_DELIVERED)}
REDACTION = Redaction({"change": ("new.address.name", "new.address.street", "old.address.name", "old.address.street")})
PIPELINE = (for_operations(CHANGES), publish)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Publish what each change means. Answer with the record to begin again from, if any."""
    return run(event, context, from_table, PIPELINE, faults_to="MAIN_STREAM", redaction=REDACTION)
