"""Change data capture `changes-things` of second.

Publishes what changes in things.

called by  INSERT, MODIFY, REMOVE of table things
may        publish stream main
faults to  stream main
declared   system.yaml#/services/second/changes/things
"""

from typing import Any

import mapping
from cncb_runtime.emission import Emission
from cncb_runtime.pipeline import run
from cncb_runtime.publish import publish
from cncb_runtime.steps import for_operations
from cncb_runtime.table_records import from_table, unlatched

EMIT_THING_SAVED = Emission(
    "thing-saved",
    stream="MAIN_STREAM",
    fields=mapping.insert_thing_saved,
    partition_key=mapping.insert_thing_saved_partition_key,
    step="insert_thing_saved",
)
EMIT_THING_SAVED_2 = Emission(
    "thing-saved",
    stream="MAIN_STREAM",
    fields=mapping.modify_thing_saved,
    partition_key=mapping.modify_thing_saved_partition_key,
    step="modify_thing_saved",
)
EMIT_THING_DELETED = Emission(
    "thing-deleted",
    stream="MAIN_STREAM",
    fields=mapping.remove_thing_deleted,
    partition_key=mapping.remove_thing_deleted_partition_key,
    step="remove_thing_deleted",
)
CHANGES = {"INSERT": EMIT_THING_SAVED, "MODIFY": EMIT_THING_SAVED_2, "REMOVE": EMIT_THING_DELETED}
PIPELINE = (unlatched, for_operations(CHANGES), publish)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Publish what each change means. Answer with the record to begin again from, if any."""
    return run(event, context, from_table, PIPELINE, faults_to="MAIN_STREAM")
