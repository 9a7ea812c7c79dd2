"""The mappings of `reaction-return-refused`."""

from typing import Any

from hooks import mail


def call(event: dict[str, Any]) -> Any:
    """What is done about the event."""
    return mail.return_refused(event)
