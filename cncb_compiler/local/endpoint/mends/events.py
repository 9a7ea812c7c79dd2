"""EventBridge: rules also deliver to functions, streams and topics (the mock fails the whole PutEvents).

Amazon EventBridge User Guide: "Event bus targets"; "Input transformation"; Kinesis: "KinesisParameters".
"""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from cncb_compiler.local.endpoint.mends.invocation import invoke_later

_MENDED = ("lambda", "kinesis", "sns", "sqs")


def mend() -> None:
    """Deliver to the targets that the mock does not know, and to queues with their own input."""
    rule = import_module("moto.events.models").Rule
    send_to_targets = rule.send_to_targets

    def sent(self: Any, original_event: Any, transform_input: bool = True) -> None:
        targets = self.targets
        mended = [target for target in targets if target["Arn"].split(":")[2] in _MENDED]
        if mended and self.event_pattern.matches_event(original_event):
            for target in mended:
                _deliver(target, original_event)
        try:
            self.targets = [target for target in targets if target not in mended]
            send_to_targets(self, original_event, transform_input)
        finally:
            self.targets = targets

    rule.send_to_targets = sent


def _deliver(target: dict[str, Any], event: Any) -> None:
    arn = target["Arn"]
    _, _, service, region, account, name = arn.split(":", 5)
    content = _content(target, event)
    if service == "lambda":
        invoke_later(arn, content)
    elif service == "sns":
        _backend(service, account, region).publish(message=content, arn=arn)
    elif service == "sqs":
        group = target.get("SqsParameters", {}).get("MessageGroupId")
        _backend(service, account, region).send_message(queue_name=name, message_body=content, group_id=group)
    else:
        data = b64encode(content.encode()).decode()
        key = _at(event, target.get("KinesisParameters", {}).get("PartitionKeyPath", "$.id"))
        _backend(service, account, region).put_record(arn, name.split("/", 1)[-1], str(key), None, data)


def _backend(service: str, account: str, region: str) -> Any:
    return import_module("moto.backends").get_backend(service)[account][region]


def _content(target: dict[str, Any], event: Any) -> str:
    whole = {key: value for key, value in event.items() if key != "ingestion-time"}
    whole["time"] = _iso(event["time"])
    if "Input" in target:
        return str(target["Input"])
    if "InputPath" in target:
        return json.dumps(_at(whole, target["InputPath"]))
    transformer = target.get("InputTransformer")
    if transformer:
        whole["ingestion-time"] = _iso(event["ingestion-time"])
        parser = import_module("moto.events.utils").EventTemplateParser
        made = parser.parse(transformer["InputTemplate"], transformer.get("InputPathsMap", {}), whole)
        return made if isinstance(made, str) else json.dumps(made)
    return json.dumps(whole)


def _at(event: Any, path: str) -> Any:
    found = event
    for part in path.removeprefix("$").split("."):
        found = found.get(part) if part and isinstance(found, dict) else found
    return found


def _iso(time: Any) -> Any:
    if isinstance(time, int | float):
        return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return time
