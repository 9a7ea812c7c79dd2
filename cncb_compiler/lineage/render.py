"""Answers as text, for people, and as JSON, for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from cncb_compiler.diagnostics.render.excerpt import visible
from cncb_compiler.lineage.answer import Answer
from cncb_compiler.lineage.walk import Step
from cncb_compiler.source.location import Location
from cncb_compiler.source.sources import Sources

_SAID = {
    "guard": "decides: {}",
    "key": "finds its row: {}",
    "call": "hook called by {}",
    "collected": "correlates: {}",
}


def to_text(answers: Sequence[Answer], sources: Sources) -> str:
    """Each field with its ways as trees, and who would break."""
    return "\n".join("".join(f"{line}\n" for line in _text(answer, sources)) for answer in answers)


def to_json(answers: Sequence[Answer], system: str, sources: Sources) -> str:
    """The same as one JSON object."""
    value = {
        "version": 1,
        "system": system,
        "fields": [
            {
                "field": answer.field.name,
                "type": answer.field.type,
                "at": _where(answer.field.at, sources),
                "origin": answer.origin,
                "from": [_step(step, sources) for step in answer.sources],
                "to": [_step(step, sources) for step in answer.targets],
                "breaks": [
                    {
                        "node": hit.node,
                        "service": hit.service,
                        "why": hit.why,
                        "through": hit.through,
                        "at": _where(hit.at, sources),
                    }
                    for hit in answer.broken
                ],
            }
            for answer in answers
        ],
    }
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def _text(answer: Answer, sources: Sources) -> Iterator[str]:
    yield f"{visible(answer.field.name)} ({visible(answer.field.type)})  {_where(answer.field.at, sources)}"
    yield "  comes from"
    if answer.origin:
        yield f"    {answer.origin}"
    yield from _tree(answer.sources, sources, 4)
    yield "  goes to" if answer.targets else "  goes nowhere"
    yield from _tree(answer.targets, sources, 4)
    yield "  would break if it were gone or renamed" if answer.broken else "  nothing would break without it"
    for hit in answer.broken:
        through = f", through {visible(hit.through)}" if hit.through else ""
        yield f"    {visible(hit.node)}: {visible(hit.why)}{through}  {_where(hit.at, sources)}"


def _tree(steps: Sequence[Step], sources: Sources, indent: int) -> Iterator[str]:
    for step in steps:
        place = "..." if step.again else f" {_where(step.at, sources)}"
        unsure = " (perhaps: made of the whole)" if step.unsure else ""
        yield f"{' ' * indent}{visible(_said(step.field))}{unsure} {place}"
        yield from _tree(step.steps, sources, indent + 2)


def _said(field: str) -> str:
    kind, _, rest = field.partition(":")
    return _SAID[kind].format(rest) if kind in _SAID else field


def _step(step: Step, sources: Sources) -> dict[str, Any]:
    value: dict[str, Any] = {"field": step.field, "at": _where(step.at, sources)}
    if step.unsure:
        value["unsure"] = True
    if step.again:
        value["again"] = True
    elif step.steps:
        value["steps"] = [_step(one, sources) for one in step.steps]
    return value


def _where(at: Location, sources: Sources) -> str:
    place = sources.range(at)
    return f"{sources.shown(at.file)}:{place.line}:{place.column}"
