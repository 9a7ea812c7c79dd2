"""The queues and buses of a deployed system, as scenarios look at them: what was sent is received, and kept no more."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cncb_compiler.aws import naming
from cncb_compiler.graph.system import LinkedOutlet
from cncb_compiler.plan.assets import Asset
from cncb_compiler.target.target import Target

OBSERVER = "cncb-observer"
"""The rule on a bus by which scenarios see what is put there, and the beginning of the name of its queue."""
EVERY_EVENT = json.dumps({"source": [{"prefix": ""}]})
SEEN = ("source", "detail-type", "detail")
"""What of an event on a bus is compared."""


class Outlets:
    """`physical` gives the physical ids by service and logical id."""

    def __init__(self, target: Target, physical: Mapping[str, Mapping[str, str]]) -> None:
        self._target = target
        self._physical = physical
        self._observers: dict[str, str] = {}

    def queue(self, outlet: LinkedOutlet) -> str:
        """The URL of the queue that holds what was sent: the queue itself, or that of the bus's observer."""
        asset = Asset(outlet.kind, outlet.name)
        physical = self._physical[outlet.construct.service][naming.asset_id(asset)]
        if outlet.kind == "queue":
            return physical
        if physical not in self._observers:
            self._observers[physical] = self._observed(physical)
        return self._observers[physical]

    @staticmethod
    def shown(outlet: LinkedOutlet, message: Any) -> Any:
        """What of a message is compared."""
        return message if outlet.kind == "queue" else {name: message[name] for name in SEEN}

    def _observed(self, bus: str) -> str:
        sqs, events = self._target.client("sqs"), self._target.client("events")
        url: str = sqs.create_queue(QueueName=f"{OBSERVER}-{bus}"[:80])["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        events.put_rule(Name=OBSERVER, EventBusName=bus, EventPattern=EVERY_EVENT)
        events.put_targets(Rule=OBSERVER, EventBusName=bus, Targets=[{"Id": OBSERVER, "Arn": arn}])
        return url
