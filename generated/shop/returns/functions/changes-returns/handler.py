"""Change data capture `changes-returns` of returns.

Publishes what changes in returns.

called by  INSERT, MODIFY of table returns
may        put claims event; publish stream main
faults to  stream main
declared   services/returns.yaml#/changes/returns
"""

from typing import Any

import mapping
from cncb_runtime.emission import Emission
from cncb_runtime.pipeline import run
from cncb_runtime.publish import publish
from cncb_runtime.redaction import Redaction
from cncb_runtime.steps import for_operations
from cncb_runtime.table_records import from_table

EMIT_RETURN_REQUESTED = Emission(
    "return-requested",
    stream="MAIN_STREAM",
    fields=mapping.insert_return_requested,
    partition_key=mapping.insert_return_requested_partition_key,
    step="insert_return_requested",
)
EMIT_RETURN_APPROVED = Emission(
    "return-approved",
    stream="MAIN_STREAM",
    fields=mapping.modify_return_approved,
    partition_key=mapping.modify_return_approved_partition_key,
    step="modify_return_approved",
    when=mapping.modify_return_approved_when,
)
EMIT_RETURN_REFUSED = Emission(
    "return-refused",
    stream="MAIN_STREAM",
    fields=mapping.modify_return_refused,
    partition_key=mapping.modify_return_refused_partition_key,
    step="modify_return_refused",
    when=mapping.modify_return_refused_when,
)
CHANGES = {"INSERT": EMIT_RETURN_REQUESTED, "MODIFY": (EMIT_RETURN_APPROVED, EMIT_RETURN_REFUSED)}
REDACTION = Redaction({"change": ("new.email", "old.email")})
PIPELINE = (for_operations(CHANGES), publish)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Publish what each change means. Answer with the record to begin again from, if any."""
    return run(event, context, from_table, PIPELINE, faults_to="MAIN_STREAM", redaction=REDACTION)
