"""Own function `hello` of greeter.

called by  its name
declared   system.yaml#/services/greeter/functions/hello
"""

from typing import Any

from cncb_runtime.metrics import call
from hooks import greeting as greeting_hooks


def handler(event: dict[str, Any], context: Any) -> Any:
    """Hand the call to the team's function."""
    return call(greeting_hooks.hello, event, context)
