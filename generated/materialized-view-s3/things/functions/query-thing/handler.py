"""Query `query-thing` of things.

called by  GET /things/{id}
may        get bucket things
declared   system.yaml#/services/things/queries/thing
"""

from typing import Any

import mapping
from cncb_runtime.errors import found
from cncb_runtime.http import respond
from cncb_runtime.objects import Bucket

THINGS_BUCKET = Bucket("THINGS_BUCKET", key=("id",))


def query_thing(request: dict[str, Any]) -> Any:
    """The row of things at a key."""
    return found(THINGS_BUCKET.get(mapping.key(request)))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one request."""
    return respond(event, query_thing, cache="no-cache")
