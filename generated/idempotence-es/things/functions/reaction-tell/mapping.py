"""The mappings of `reaction-tell`."""

from typing import Any

from hooks import mail as mail_hooks


def call(event: dict[str, Any]) -> Any:
    """What is done about the event."""
    return mail_hooks.tell(event)
