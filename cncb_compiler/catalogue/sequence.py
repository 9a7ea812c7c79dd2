"""A process as a sequence diagram (UML): a line for each service, from top to bottom what is said between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from cncb_compiler.catalogue.page import Figure
from cncb_compiler.draw.metrics import text_width
from cncb_compiler.graph.processes import Cause, Process

OUTSIDE = ""
"""The lane of whoever calls from outside: people, systems, clocks."""

_SIZE, _ROW, _HEAD, _MARGIN = 12, 34, 34, 12
_LEAST = 120
"""How far lanes are apart at the least."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something said by one lane to others. `href` is what the words link to; a call is drawn dashed."""

    source: str
    targets: tuple[str, ...]
    words: str
    href: str
    call: bool = False


def messages(process: Process, words: Callable[[Cause], str], href: Callable[[str], str]) -> Iterator[Message]:
    """What is said in a process, in its order, between the services that go on with it; who only listens is left out.

    `words` are those of a call, `href` is where an event is told of.
    """
    acting = {cause.by.service for moment in process.moments for cause in moment.causes}
    for moment in process.moments:
        listeners = tuple(dict.fromkeys(one.service for one in moment.listeners if one.service in acting))
        for cause in moment.causes:
            if cause.called:
                yield Message(OUTSIDE, (cause.by.service,), words(cause), "", call=True)
        for source in dict.fromkeys(cause.by.service for cause in moment.causes) or (OUTSIDE,):
            yield Message(source, listeners, moment.event, href(moment.event))


def figure(label: str, said: Sequence[Message], href: Callable[[str], str]) -> Figure:
    """The diagram. `href` is where a service is told of, escaped as all of them are."""
    lanes = list(dict.fromkeys(lane for one in said for lane in (one.source, *one.targets)))
    if OUTSIDE in lanes:
        lanes = [OUTSIDE, *(lane for lane in lanes if lane != OUTSIDE)]
    gap = _gap(said, lanes)
    at = {lane: _MARGIN + gap // 2 + gap * number for number, lane in enumerate(lanes)}
    height = _HEAD + _MARGIN + _ROW * len(said) + _MARGIN
    width = 2 * _MARGIN + gap * len(lanes)
    parts = [_lane(lane, at[lane], height, href(lane) if lane else "") for lane in lanes]
    for number, one in enumerate(said):
        parts.append(_message(one, at, _HEAD + _MARGIN + _ROW * number + 26))
    head = (
        f'<svg class="picture sequence" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="group" aria-label="{escape(label)}">'
    )
    return Figure(label, "Services that only listen are in the table below.", f"{head}{''.join(parts)}</svg>")


def _gap(said: Sequence[Message], lanes: Sequence[str]) -> int:
    """How far lanes are apart, so that names stand side by side, and words above the arrows that they belong to."""
    number = {lane: index for index, lane in enumerate(lanes)}
    wide = [text_width(_name(lane), _SIZE) + 36 for lane in lanes]
    for one in said:
        reach = max((abs(number[target] - number[one.source]) for target in one.targets), default=1)
        wide.append((text_width(one.words, _SIZE) + 30) // max(1, reach))
    return max(_LEAST, *wide)


def _name(lane: str) -> str:
    return lane or "outside"


def _lane(lane: str, x: int, height: int, href: str) -> str:
    name = _name(lane)
    wide = text_width(name, _SIZE) + 20
    look = "lane" if lane else "lane outside"
    box = (
        f'<g class="{look}"><rect x="{x - wide // 2}" y="{_MARGIN // 2}" width="{wide}" height="24" rx="5"/>'
        f'<text x="{x}" y="{_MARGIN // 2 + 16}" text-anchor="middle">{escape(name)}</text></g>'
    )
    line = f'<path class="life" d="M{x} {_MARGIN // 2 + 24}V{height - 4}"/>'
    return line + (f'<a href="{href}">{box}</a>' if href else box)


def _message(one: Message, at: dict[str, int], y: int) -> str:
    start = at[one.source]
    ends = [at[target] for target in one.targets if target != one.source]
    look = "say call" if one.call else "say"
    parts = []
    for end in ends:
        tip = 6 if end > start else -6
        parts.append(f'<path class="{look}" d="M{start} {y}H{end}"/><path class="tip" d="M{end} {y}l{-tip} -4v8z"/>')
    if len(ends) < len(one.targets) or not ends:
        # Heard by the service itself, or by nobody: a short way out and back.
        parts.append(
            f'<path class="{look}" d="M{start} {y}h22v10h-16"/><path class="tip" d="M{start} {y + 10}l6 -4v8z"/>'
        )
    left = bool(ends) and all(end < start for end in ends)
    x, anchor = (start - 8, "end") if left else (start + 8, "start")
    words = f'<text x="{x}" y="{y - 5}" text-anchor="{anchor}">{escape(one.words)}</text>'
    return "".join(parts) + (f'<a href="{one.href}">{words}</a>' if one.href else words)
