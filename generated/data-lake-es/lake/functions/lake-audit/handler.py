"""Data lake `lake-audit` of lake.

Makes a line of the data lake of each record of the stream audit.

called by  the delivery of stream audit
declared   system.yaml#/services/lake/lake
"""

from typing import Any

from cncb_runtime.lake import lines


def handler(event: dict[str, Any], context: object) -> dict[str, list[dict[str, str]]]:
    """Make a line of each record."""
    return lines(event, "audit")
