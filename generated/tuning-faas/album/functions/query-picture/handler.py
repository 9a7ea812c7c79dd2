"""Query `query-picture` of album.

called by  its name
may        get table pictures
declared   system.yaml#/services/album/queries/picture
"""

from typing import Any

import mapping
from cncb_runtime.request import invoke
from cncb_runtime.table import Table

PICTURES_TABLE = Table("PICTURES_TABLE", key=("id",), view=True)


def query_picture(request: dict[str, Any]) -> Any:
    """The row of pictures at a key."""
    return PICTURES_TABLE.get(mapping.key(request))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one call."""
    return invoke(event, query_picture)
