"""Differences as Markdown, for pull requests: within the size that platforms take, nothing in it live but its links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cncb_compiler.compare.change import Change, Level
from cncb_compiler.compare.compare import Differences
from cncb_compiler.compare.render.groups import Group, counted, groups
from cncb_compiler.compare.render.places import of_affected, of_change

LIMIT = 60_000
"""The most characters; GitHub takes 65,536 in a comment, and a bot may add to it."""

SHOWN = 10
"""The most that are listed of those whom one change affects."""

_MARKS = {Level.BREAKING: "🔴", Level.RISKY: "🟡", Level.SAFE: "🟢"}
_SPANS = re.compile(r"`([^`\n]+)`")
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&])")


def render(found: Sequence[Differences]) -> str:
    """The differences of one or several systems; what does not fit is counted."""
    blocks = [block for one in found for block in _blocks(one)]
    kept: list[str] = []
    left = LIMIT
    for index, block in enumerate(blocks):
        left -= len(block) + 1
        if left < 200:
            kept.append(f"*{len(blocks) - index} more parts do not fit here: see `cncb diff`.*\n")
            break
        kept.append(block)
    return "\n".join(kept)


def _blocks(one: Differences) -> Iterator[str]:
    yield f"## {_MARKS[_worst(one)]} {one.system}: {counted(one)}\n"
    yield f"{_prose(one.after.label)} against {_prose(one.before.label)}.\n"
    yield from (f"> {_prose(note)}\n" for note in one.notes)
    for group in groups(one):
        yield from _group(one, group)


def _worst(one: Differences) -> Level:
    return next((level for level in Level if one.count(level)), Level.SAFE)


def _group(one: Differences, group: Group) -> Iterator[str]:
    names = ", ".join(f"`{service}`{_owned(one, service)}" for service in group.services)
    heading = f"{str(group.level).capitalize()}{f' for {names}' if names else ''}"
    if group.level is Level.SAFE:
        yield f"<details><summary>{heading}: {len(group.changes)}</summary>\n"
        yield from (_change(one, change) for change in group.changes)
        yield "</details>\n"
    else:
        yield f"### {_MARKS[group.level]} {heading}\n"
        yield from (_change(one, change) for change in group.changes)


def _owned(one: Differences, service: str) -> str:
    owner = one.owner(service)
    return f" ({_code(owner)})" if owner else ""


def _change(one: Differences, change: Change) -> str:
    places = ", ".join(_code(str(place)) for place in of_change(one, change))
    lines = [f"- **{change.code} {change.slug}** {_prose(change.message)}" + (f" ({places})" if places else "")]
    if change.exempt:
        lines.append(f"  - {change.judged}, but exempt: {_prose(change.exempt)}")
    if change.accepted:
        lines.append(f"  - {change.judged}, but accepted: {_prose(change.accepted)}")
    lines += [f"  - *{each.direction}*: {_prose(each.why)}" for each in change.incompatible]
    for hit in change.affected[:SHOWN]:
        through = f", through {_code(hit.through)}" if hit.through else ""
        lines.append(f"  - affects {_code(hit.node)}: {_prose(hit.why)}{through} ({_code(str(of_affected(one, hit)))})")
    if len(change.affected) > SHOWN:
        lines.append(f"  - affects {len(change.affected) - SHOWN} more")
    if change.mend and change.level is not Level.SAFE:
        lines.append(f"  - mend: {_prose(change.mend)}")
    return "\n".join(lines) + "\n"


def _prose(text: str) -> str:
    """Text in which only the code in backticks is Markdown; nobody is mentioned by it."""
    parts = _SPANS.split(" ".join(text.split()))
    return "".join(
        _code(part) if index % 2 else _SPECIAL.sub(r"\\\1", part).replace("@", "@<!-- -->")
        for index, part in enumerate(parts)
    )


def _code(text: str) -> str:
    """Text as a code span, whatever is in it."""
    plain = " ".join(text.split())
    longest = max((len(run) for run in re.findall(r"`+", plain)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {plain} {fence}" if longest else f"`{plain}`"
