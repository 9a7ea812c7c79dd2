"""The mappings of `reaction-count`."""

from typing import Any

from hooks import counts as counts_hooks


def call(event: dict[str, Any]) -> Any:
    """What is done about the event."""
    return counts_hooks.check(event)
