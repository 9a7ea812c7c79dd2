"""SQS: what a SetQueueAttributes request does not name stays as it is (SQS API Reference: SetQueueAttributes).

A queue may be purged as often as anybody likes, not once in a minute: each scenario begins with empty ones.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


def mend() -> None:
    """Keep a queue's policy when other attributes are set; the mock drops it. Let a queue be purged again at once."""
    models: Any = import_module("moto.sqs.models")
    models.sqs_enforce_strict_queue_purge_behaviour = lambda: False
    queue = models.Queue
    set_attributes = queue._set_attributes

    def attributes_set(self: Any, attributes: dict[str, Any], now: float | None = None) -> None:
        kept = {} if "Policy" in attributes else {"Policy": getattr(self, "policy", None)}
        set_attributes(self, {**kept, **attributes}, now)

    queue._set_attributes = attributes_set
