"""Object index `index-things` of things.

Indexes the objects of things.

called by  objects of bucket things, written or removed
may        get bucket things; put index things-index
faults to  stream main
declared   system.yaml#/services/things/views/things
"""

from typing import Any

from cncb_runtime.batch import batch
from cncb_runtime.bucket_records import from_bucket
from cncb_runtime.object_index import ObjectIndex
from cncb_runtime.pipeline import run

FIELDS = {"id": "keyword", "name": "text", "category": "text"}
THINGS_INDEX_INDEX = ObjectIndex("THINGS_INDEX_INDEX", bucket="THINGS_BUCKET", fields=FIELDS)
PIPELINE = (batch(THINGS_INDEX_INDEX),)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Index each object as it is now. Answer with the record to begin again from, if any."""
    return run(event, context, from_bucket, PIPELINE, faults_to="MAIN_STREAM")
