"""What a replay would do, and what it did, for people and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cncb_compiler.replay.asked import Listener
from cncb_compiler.replay.counting import Count
from cncb_compiler.replay.replaying import Outcome, Progress
from cncb_compiler.replay.state import Question

SAMPLE = 240
"""How many characters of the first event are shown."""
HOURS = 48
"""With more hours than these, days are counted."""


def head(question: Question, listener: Listener) -> Iterator[str]:
    """What is replayed, and to whom."""
    selection = question.selection
    yield f"lake    {question.bucket}, {', '.join(question.prefixes) or 'all of it'}"
    yield f"to      {listener} ({question.function}), {listener.batch_size} at a time"
    yield f"events  {', '.join(selection.types) or 'all'}"
    if selection.keys is not None:
        yield f"keys    {', '.join(selection.keys)}"


def would_send(count: Count) -> Iterator[str]:
    """The dry run's answer."""
    in_batches = _number(count.batches, "batch", "es")
    yield f"Would send {_number(count.events, 'event')} ({size(count.size)}) in {in_batches}."
    if count.events:
        yield from _table("type", count.types)
        yield from _table(*(("hour", count.hours) if len(count.hours) <= HOURS else ("day", _days(count.hours))))
        yield from _table("object", count.objects)
        if count.others:
            yield f"          and in other objects  {count.others:,}"
    yield from passed_over(count.passed)
    yield from _unreadable(count.unreadable, count.unreadable_at)
    if count.sample is not None:
        shown = count.sample.decode("utf-8", "replace")
        yield f"The first: {shown[:SAMPLE]}{'...' if len(shown) > SAMPLE else ''}"


def passed_over(passed: Counter[str]) -> Iterator[str]:
    """What was passed over, by reason."""
    if passed:
        reasons = ", ".join(f"{count:,} of {reason}" for reason, count in sorted(passed.items()))
        yield f"Passed over: {reasons}."


def summary(outcome: Outcome, seconds: float, failures: Path) -> Iterator[str]:
    """How a replay ended."""
    progress = outcome.progress
    faulted = f", of which {progress.faulted:,} became faults" if progress.faulted else ""
    failed = f"; {_number(progress.failed, 'record')} failed" if progress.failed else ""
    yield f"Sent in {seconds:.1f} s: {_number(progress.handled, 'event')} handled{faulted}{failed}."
    if progress.passed:
        yield f"Passed over: {progress.passed:,}."
    yield from _unreadable(progress.unreadable, outcome.unreadable)
    if progress.failed:
        yield f"What failed, and why: {failures}"


def as_json(question: Question, **more: Any) -> dict[str, Any]:
    """The whole as one JSON document."""
    return {"version": 1, **question.as_json(), **more}


def count_json(count: Count) -> dict[str, Any]:
    """The dry run's answer as JSON."""
    return {
        "events": count.events,
        "bytes": count.size,
        "batches": count.batches,
        "types": dict(sorted(count.types.items())),
        "hours": dict(sorted(count.hours.items())),
        "objects": dict(sorted(count.objects.items())),
        "inOtherObjects": count.others,
        "passedOver": dict(sorted(count.passed.items())),
        "unreadable": count.unreadable,
    }


def progress_json(progress: Progress) -> dict[str, Any]:
    """How far a replay has come, as JSON."""
    return {
        "handled": progress.handled,
        "faulted": progress.faulted,
        "failed": progress.failed,
        "passedOver": progress.passed,
        "unreadable": progress.unreadable,
        "done": progress.done,
    }


def size(count: int) -> str:
    """Bytes for people: `1.4 MB`."""
    amount, units = float(count), ["bytes", "KB", "MB", "GB", "TB"]
    while amount >= 1000 and len(units) > 1:
        amount, units = amount / 1000, units[1:]
    return f"{amount:.1f} {units[0]}" if units[0] != "bytes" else f"{count} bytes"


def _table(title: str, counts: Counter[str]) -> Iterator[str]:
    width = max(map(len, counts))
    for number, (name, count) in enumerate(sorted(counts.items())):
        label = f"by {title}" if number == 0 else ""
        yield f"  {label:<9}  {name:<{width}}  {count:,}"


def _days(hours: Counter[str]) -> Counter[str]:
    days: Counter[str] = Counter()
    for hour, count in hours.items():
        days[hour.partition("T")[0]] += count
    return days


def _unreadable(count: int, at: list[str] | tuple[str, ...]) -> Iterator[str]:
    if count:
        yield f"{_number(count, 'line')} could not be read:"
        yield from (f"  {one}" for one in at)
        if count > len(at):
            yield "  ..."


def _number(count: int, word: str, plural: str = "s") -> str:
    return f"{count:,} {word}{'' if count == 1 else plural}"
