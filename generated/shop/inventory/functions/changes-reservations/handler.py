"""Change data capture `changes-reservations` of inventory.

Publishes what changes in reservations.

called by  INSERT, MODIFY of table reservations
may        put claims event; publish stream main
faults to  stream main
declared   services/inventory.yaml#/changes/reservations
"""

from typing import Any

import mapping
from cncb_runtime.emission import Emission
from cncb_runtime.pipeline import run
from cncb_runtime.publish import publish
from cncb_runtime.steps import for_operations
from cncb_runtime.table_records import from_table

EMIT_RESERVATION_CONFIRMED = Emission(
    "reservation-confirmed",
    stream="MAIN_STREAM",
    fields=mapping.insert_reservation_confirmed,
    partition_key=mapping.insert_reservation_confirmed_partition_key,
    step="insert_reservation_confirmed",
    when=mapping.insert_reservation_confirmed_when,
)
EMIT_RESERVATION_VIOLATION = Emission(
    "reservation-violation",
    stream="MAIN_STREAM",
    fields=mapping.insert_reservation_violation,
    partition_key=mapping.insert_reservation_violation_partition_key,
    step="insert_reservation_violation",
    when=mapping.insert_reservation_violation_when,
)
EMIT_RESERVATION_RELEASED = Emission(
    "reservation-released",
    stream="MAIN_STREAM",
    fields=mapping.modify_reservation_released,
    partition_key=mapping.modify_reservation_released_partition_key,
    step="modify_reservation_released",
    when=mapping.modify_reservation_released_when,
)
CHANGES = {"INSERT": (EMIT_RESERVATION_CONFIRMED, EMIT_RESERVATION_VIOLATION), "MODIFY": EMIT_RESERVATION_RELEASED}
PIPELINE = (for_operations(CHANGES), publish)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Publish what each change means. Answer with the record to begin again from, if any."""
    return run(event, context, from_table, PIPELINE, faults_to="MAIN_STREAM")
