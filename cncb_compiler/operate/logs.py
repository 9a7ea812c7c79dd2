"""Reading what functions logged (Amazon CloudWatch Logs API: FilterLogEvents)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cncb_compiler.target.problems import Problem, translated
from cncb_compiler.target.target import Target

OVERLAP_MS = 30_000
"""How far behind the newest line is looked again: CloudWatch shows lines some time after they were written."""


@dataclass(frozen=True, slots=True)
class Line:
    """One log event. `at` is in milliseconds since the epoch, `id` is CloudWatch's."""

    at: int
    function: str
    message: str
    id: str


def read(target: Target, groups: Mapping[str, str], since: int) -> list[Line]:
    """The lines since a moment (milliseconds) of log groups, by time. `groups` gives each group's function.

    Raises Problem where none of the groups exists.
    """
    client = target.client("logs")
    found: list[Line] = []
    missing: list[str] = []
    for group, function in groups.items():
        with translated(f"reading {group}"):
            try:
                for page in client.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=since):
                    found += [
                        Line(one["timestamp"], function, one["message"], str(one["eventId"])) for one in page["events"]
                    ]
            except client.exceptions.ResourceNotFoundException:
                missing.append(group)
    if groups and len(missing) == len(groups):
        raise Problem(
            f"There is no log group {missing[0]} ({target.region}).",
            "Deploy the service with `cncb deploy`, or look at --stage.",
        )
    return sorted(found, key=lambda line: (line.at, line.function, line.id))


def follow(target: Target, groups: Mapping[str, str], since: int) -> Iterator[list[Line]]:
    """Ask again and again: at each step the lines that are new, each line once, without end.

    Whoever iterates decides how long to wait between two steps.
    """
    seen: dict[str, int] = {}
    while True:
        lines = [line for line in read(target, groups, since) if line.id not in seen]
        yield lines
        seen |= {line.id: line.at for line in lines}
        since = max(since, max(seen.values(), default=since) - OVERLAP_MS)
        seen = {event_id: at for event_id, at in seen.items() if at >= since}
