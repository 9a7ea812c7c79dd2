"""Answers as text, for people, and as JSON, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from cncb_compiler.diagnostics.render.excerpt import excerpt, visible
from cncb_compiler.explain.answer import NO_VALUE, Answer, Line, Reason
from cncb_compiler.source.location import Location
from cncb_compiler.source.sources import Sources

_WIDEST = 80


def to_text(answer: Answer, sources: Sources) -> str:
    """The answer with the source line of what it is about. `sources` name the files as the user would."""
    lines = [f"{visible(answer.subject)}: {answer.what}"]
    if answer.value is not NO_VALUE:
        lines[0] += f" = {_value(answer.value)}"
    if answer.pattern:
        lines.append(f"  pattern: {answer.pattern}")
    for reason in answer.reasons:
        lines += _reason(reason, sources)
    for section in answer.sections:
        lines += ["", f"  {section.heading}:"]
        lines += [line for part in section.lines for line in _part(part, section.joint, sources)]
    return "\n".join(lines) + "\n"


def to_json(answer: Answer, sources: Sources) -> str:
    """The same as one JSON object."""
    shown: dict[str, Any] = {"subject": answer.subject, "what": answer.what}
    if answer.pattern:
        shown["pattern"] = answer.pattern
    if answer.value is not NO_VALUE:
        shown["value"] = answer.value
    shown["reasons"] = [_reason_json(reason, sources) for reason in answer.reasons]
    shown["sections"] = [
        {"heading": section.heading, "items": [_part_json(part, sources) for part in section.lines]}
        for section in answer.sections
    ]
    return json.dumps(shown, indent=2, ensure_ascii=False) + "\n"


def _reason(reason: Reason, sources: Sources) -> Iterator[str]:
    if reason.says:
        yield f"  {visible(reason.says)}"
    if reason.at is None:
        return
    yield f"  {_where(reason.at, sources)} ({visible(str(reason.at))})"
    index = sources.index(reason.at.file)
    if index is None:
        return
    place = sources.range(reason.at)
    gutter = max(5, 2 + len(str(place.line)))
    for number, line, carets in excerpt(index.lines, place):
        if line:
            yield f"{number:>{gutter}} | {line}".rstrip()
            yield f"{'':>{gutter}} | {carets}"
        break


def _part(part: Line, joint: str, sources: Sources) -> Iterator[str]:
    value = f"{joint}{_value(part.value)}" if part.value is not NO_VALUE else ""
    says = f": {part.reason.says}" if part.reason.says else ""
    yield f"    {visible(part.name)}{value}{visible(says)}"
    if part.reason.at is not None:
        yield f"      {_where(part.reason.at, sources)}: {_source_line(part.reason.at, sources)}".rstrip(" :")


def _source_line(at: Location, sources: Sources) -> str:
    index = sources.index(at.file)
    return visible(index.lines.line(sources.range(at).line).strip()) if index else ""


def _where(at: Location, sources: Sources) -> str:
    place = sources.range(at)
    return f"{visible(sources.shown(at.file))}:{place.line}:{place.column}"


def _value(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return visible(text if len(text) <= _WIDEST else f"{text[: _WIDEST - 3]}...")


def _reason_json(reason: Reason, sources: Sources) -> dict[str, Any]:
    shown: dict[str, Any] = {"says": reason.says}
    if reason.at is not None:
        place = sources.range(reason.at)
        shown["declaration"] = str(reason.at)
        shown |= {"file": sources.shown(reason.at.file), "line": place.line, "column": place.column}
    return shown


def _part_json(part: Line, sources: Sources) -> dict[str, Any]:
    value = {} if part.value is NO_VALUE else {"value": part.value}
    return {"name": part.name, **value, **_reason_json(part.reason, sources)}
