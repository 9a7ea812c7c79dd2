"""What a batch holds for one row, or about one key, is handed to the sink as one.

Each member keeps its own record: where the sink refuses a whole for good, its members are tried again without what
was refused, so that one poison is one fault and the result is that of working on them one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

from .deadline import held_back
from .errors import is_transient
from .unit import Step, UnitOfWork

Members: TypeAlias = Sequence[UnitOfWork]
Key: TypeAlias = Callable[[UnitOfWork], Hashable]
"""What a unit is grouped by."""


class _Group(NamedTuple):
    """Units that go to the sink as `whole`; `instead` are the groups to try where it is refused for good."""

    whole: UnitOfWork
    members: Members
    refused: Members
    instead: Callable[[], list[_Group]]


def group_last(row: Key, sink: Step, *, part: Key | None = None, by_time: bool = True) -> Step:
    """The last write of each row wins: of each `part` of it, where writes set different parts.

    The last is the newest, of equals the one that came last; without `by_time` it is the one that came last.
    """

    def grouped(members: Members) -> list[_Group]:
        parts: dict[Hashable, list[UnitOfWork]] = {}
        for unit in members:
            parts.setdefault(None if part is None else part(unit), []).append(unit)
        return sorted(map(last, parts.values()), key=lambda group: group.whole.position)

    def last(members: Members) -> _Group:
        at = max(range(len(members)), key=lambda at: (members[at].cause.timestamp if by_time else 0, at))
        rest = [*members[:at], *members[at + 1 :]]
        return _Group(members[at], members, (members[at],), lambda: [last(rest)] if rest else [])

    return _grouped(row, grouped, sink)


def group_all(key: Key, sink: Step, *, made: Callable[[list[Any]], Any] | None = None) -> Step:
    """The sink gets the list of all events of a key, oldest first, or what is `made` of the list."""

    def grouped(members: Members) -> list[_Group]:
        ordered = sorted(members, key=lambda unit: unit.cause.timestamp)
        events = [unit.event for unit in ordered]
        whole = members[-1]
        try:
            whole = whole.decoded(events if made is None else made(events), whole.trigger)
        except Exception as error:
            whole = whole.failed(error)
        alone = [[unit] for unit in members] if len(members) > 1 else []
        return [
            _Group(whole, members, [] if alone else members, lambda: [one for only in alone for one in grouped(only)])
        ]

    return _grouped(key, grouped, sink)


def partition_key(unit: UnitOfWork) -> str:
    """What the events of a stream are ordered by."""
    return unit.cause.partition_key


def _grouped(key: Key, grouped: Callable[[Members], list[_Group]], sink: Step) -> Step:
    def step(units: Iterator[UnitOfWork]) -> Iterator[UnitOfWork]:
        by_key: dict[Hashable, list[UnitOfWork]] = {}
        others: list[UnitOfWork] = []
        for unit in units:
            if unit.error is not None:
                others.append(unit)
                if is_transient(unit.error):
                    break
                continue
            try:
                by_key.setdefault(key(unit), []).append(unit)
            except Exception as error:
                others.append(unit.failed(error))
        groups = [group for members in by_key.values() for group in grouped(members)]
        while groups:
            wholes = (group.whole._replace(position=at) for at, group in enumerate(groups))
            again: list[_Group] = []
            for result in sink(held_back(wholes)):
                group = groups[result.position]
                if result.error is None:
                    yield from group.members
                elif is_transient(result.error):
                    yield from (unit.failed(result.error) for unit in group.members)
                else:
                    yield from (unit.failed(result.error) for unit in group.refused)
                    again += group.instead()
            groups = again
        yield from others

    return step
