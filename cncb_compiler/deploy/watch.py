"""Watching a stack while CloudFormation works on it: its events, and the first failure among them.

Source: AWS CloudFormation API Reference, "DescribeStackEvents": newest first, a hundred a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cncb_compiler.deploy.progress import Pace, Progress, Report
from cncb_compiler.target.problems import translated
from cncb_compiler.target.target import Target

EVENTS_EVERY = 4
_STACK = "AWS::CloudFormation::Stack"


@dataclass(frozen=True, slots=True)
class Ending:
    """How an operation on a stack ended. `logical_id` and `reason` are of the first resource that failed."""

    status: str
    logical_id: str = ""
    reason: str = ""

    @property
    def good(self) -> bool:
        """Whether it went as asked, without being rolled back."""
        return self.status.endswith("_COMPLETE") and "ROLLBACK" not in self.status


def latest_event(target: Target, stack: str) -> str:
    """The id of a stack's newest event: what comes after it belongs to the next operation."""
    with translated(f"reading the events of {stack}"):
        events = target.client("cloudformation").describe_stack_events(StackName=stack)["StackEvents"]
    return str(events[0]["EventId"]) if events else ""


def watch(target: Target, stack: str, name: str, since: str, total: int, report: Report, pace: Pace) -> Ending:
    """Follow a stack (by id, so that a deleted one can still be asked) to the end of the operation after `since`.

    `total` resources are expected to change; what is learned is reported under `name`. Events are long to read, so
    while the stack says that it is at work, they are read only at every fourth question.
    """
    asked = 0
    while True:
        if asked % EVENTS_EVERY and _is_at_work(target, stack):
            pace.pause(asked)
            asked += 1
            continue
        events = _events(target, stack, since)
        done = {one["LogicalResourceId"] for one in events if not _own(one) and _complete(one)}
        failed = first_failure(events)
        own = [one for one in events if _own(one)]
        status = own[-1]["ResourceStatus"] if own else ""
        if own and not status.endswith("_IN_PROGRESS"):
            return _ending(status, failed, own)
        told = f"{failed['LogicalResourceId']}: {_reason(failed)}" if failed else ""
        report(Progress(name, "running", min(len(done), total), total, told))
        pace.pause(asked)
        asked += 1


def _is_at_work(target: Target, stack: str) -> bool:
    with translated(f"asking how {stack} is"):
        (found,) = target.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    return str(found["StackStatus"]).endswith("_IN_PROGRESS")


def first_failure(events: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The event (of events oldest first) of the resource that failed first; not of those cancelled because of it."""
    for one in events:
        if one["ResourceStatus"].endswith("_FAILED") and not _own(one) and "cancelled" not in _reason(one).lower():
            return one
    return None


def _ending(status: str, failed: dict[str, Any] | None, own: list[dict[str, Any]]) -> Ending:
    if failed is not None:
        return Ending(status, failed["LogicalResourceId"], _reason(failed))
    reasons = [_reason(one) for one in own if _reason(one) and _reason(one) != "User Initiated"]
    return Ending(status, "", reasons[0] if reasons else "")


def _events(target: Target, stack: str, since: str) -> list[dict[str, Any]]:
    """The events after `since`, oldest first."""
    newest_first: list[dict[str, Any]] = []
    with translated(f"reading the events of {stack}"):
        for page in target.client("cloudformation").get_paginator("describe_stack_events").paginate(StackName=stack):
            for event in page["StackEvents"]:
                if event["EventId"] == since:
                    return newest_first[::-1]
                newest_first.append(event)
    return newest_first[::-1]


def _own(event: dict[str, Any]) -> bool:
    """Whether an event is of the stack itself, not of a resource (nor of a stack inside it)."""
    return bool(event["ResourceType"] == _STACK and event.get("PhysicalResourceId") == event["StackId"])


def _complete(event: dict[str, Any]) -> bool:
    return str(event["ResourceStatus"]).endswith("_COMPLETE")


def _reason(event: dict[str, Any]) -> str:
    return " ".join(str(event.get("ResourceStatusReason", "")).split())
