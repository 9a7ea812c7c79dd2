"""Query `query-picture` of album.

called by  its name
may        scan table pictures
declared   system.yaml#/services/album/queries/picture
"""

from typing import Any

from cncb_runtime.request import invoke, paged
from cncb_runtime.table import Table

PICTURES_TABLE = Table("PICTURES_TABLE", key=("id",), view=True)


def query_picture(request: dict[str, Any]) -> Any:
    """A page of the rows of pictures in no order."""
    return PICTURES_TABLE.scan(**paged(request, 25))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one call."""
    return invoke(event, query_picture)
