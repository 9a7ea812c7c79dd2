"""Own function `check` of shelf.

called by  its name
declared   system.yaml#/services/shelf/functions/check
"""

from typing import Any

from cncb_runtime.metrics import call
from hooks import check as check_hooks


def handler(event: dict[str, Any], context: Any) -> Any:
    """Hand the call to the team's function."""
    return call(check_hooks.run, event, context)
