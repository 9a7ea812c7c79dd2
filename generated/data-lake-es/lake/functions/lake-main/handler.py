"""Data lake `lake-main` of lake.

Makes a line of the data lake of each record of the stream main.

called by  the delivery of stream main
declared   system.yaml#/services/lake/lake
"""

from typing import Any

from cncb_runtime.lake import lines


def handler(event: dict[str, Any], context: object) -> dict[str, list[dict[str, str]]]:
    """Make a line of each record."""
    return lines(event, "main")
