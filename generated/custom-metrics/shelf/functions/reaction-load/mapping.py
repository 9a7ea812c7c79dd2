"""The mappings of `reaction-load`."""

from typing import Any

from hooks import load as load_hooks


def call(event: dict[str, Any]) -> Any:
    """What is done about the event."""
    return load_hooks.put(event)
