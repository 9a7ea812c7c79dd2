"""SNS: a subscribed function gets the notification that was published, not an example of one.

AWS Lambda Developer Guide: "Invoking Lambda functions with Amazon SNS notifications".
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from cncb_compiler.local.endpoint.mends.invocation import invoke_later


def mend() -> None:
    """Send functions what was published to their topic."""
    subscription = import_module("moto.sns.models").Subscription
    publish = subscription.publish

    def published(self: Any, message: str, message_id: str, **named: Any) -> None:
        if self.protocol != "lambda":
            publish(self, message, message_id, **named)
            return
        attributes = named.get("message_attributes") or {}
        matcher = self._filter_policy_matcher
        if matcher is not None and not matcher.matches(attributes, message):
            return
        if named.get("message_structure") == "json":
            message = self._parse_message_structure(message, self.protocol)
        event = _event(self, message, message_id, named.get("subject"), attributes)
        invoke_later(self.endpoint, json.dumps({"Records": [event]}))

    subscription.publish = published


def _event(
    subscription: Any, message: str, message_id: str, subject: str | None, attributes: dict[str, Any]
) -> dict[str, Any]:
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "EventVersion": "1.0",
        "EventSubscriptionArn": subscription.arn,
        "EventSource": "aws:sns",
        "Sns": {
            "Type": "Notification",
            "MessageId": message_id,
            "TopicArn": subscription.topic_arn,
            "Subject": subject,
            "Message": message,
            "Timestamp": now,
            "SignatureVersion": "1",
            "Signature": "local",
            "SigningCertUrl": "",
            "UnsubscribeUrl": "",
            "MessageAttributes": attributes,
        },
    }
