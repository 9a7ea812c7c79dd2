"""Differences as Markdown, for pull requests: within the size that platforms take, nothing in it live."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cncb_compiler.compare.change import Change, Level
from cncb_compiler.compare.compare import Differences
from cncb_compiler.compare.render.groups import Group, counted, groups
from cncb_compiler.compare.render.places import of_affected, of_change
from cncb_compiler.markup import COMMENT, Section, code, fitted, prose

SHOWN = 10
"""The most that are listed of those whom one change affects."""

MARKS = {Level.BREAKING: "🔴", Level.RISKY: "🟡", Level.SAFE: "🟢"}
_ROOM_FOR_REST = 200


def render(found: Sequence[Differences]) -> str:
    """The differences of one or several systems; what does not fit is counted."""
    sections = [section for one in found for section in _sections(one)]
    shown, left_out = fitted(sections, COMMENT - _ROOM_FOR_REST)
    return shown + (f"*{left_out} more parts do not fit here: see `cncb diff`.*\n" if left_out else "")


def heading(one: Differences) -> Section:
    """The name of a system and how many changes of each level it has, what is compared, and what is to be known."""
    title = f"## {MARKS[worst(one)]} {prose(one.system)}: {counted(one)}\n\n"
    compared = f"Compared: {prose(one.after.label)} with {prose(one.before.label)}.\n\n"
    return Section(title, (compared, *(f"> {prose(note)}\n\n" for note in one.notes)))


def worst(one: Differences) -> Level:
    """The level of its worst change."""
    return next((level for level in Level if one.count(level)), Level.SAFE)


def owned(one: Differences, service: str) -> str:
    """A service, and the team that answers for it."""
    owner = one.owner(service)
    return f"`{service}`" + (f" ({code(owner)})" if owner else "")


def section(level: Level, words: str, items: Sequence[str]) -> Section:
    """Changes of one level below a heading; what is safe is folded away."""
    title = f"{MARKS[level]} {level.capitalize()}{words}"
    if level is Level.SAFE:
        return Section(f"<details><summary>{title} ({len(items)})</summary>\n\n", tuple(items), "\n</details>\n\n")
    return Section(f"### {title}\n\n", tuple(items), "\n")


def change_item(one: Differences, change: Change) -> str:
    """A change as an item of a list: what, where, who is affected, and the mend."""
    places = ", ".join(code(str(place)) for place in of_change(one, change))
    lines = [f"- **{change.code} {change.slug}** {prose(change.message)}" + (f" ({places})" if places else "")]
    if change.exempt:
        lines.append(f"  - {change.judged}, but exempt: {prose(change.exempt)}")
    if change.accepted:
        lines.append(f"  - {change.judged}, but accepted: {prose(change.accepted)}")
    lines += [f"  - *{each.direction}*: {prose(each.why)}" for each in change.incompatible]
    for hit in change.affected[:SHOWN]:
        through = f", through {code(hit.through)}" if hit.through else ""
        lines.append(f"  - affects {code(hit.node)}: {prose(hit.why)}{through} ({code(str(of_affected(one, hit)))})")
    if len(change.affected) > SHOWN:
        lines.append(f"  - affects {len(change.affected) - SHOWN} more")
    if change.mend and change.level is not Level.SAFE:
        lines.append(f"  - mend: {prose(change.mend)}")
    return "".join(f"{line}\n" for line in lines)


def _sections(one: Differences) -> Iterator[Section]:
    yield heading(one)
    for group in groups(one):
        yield section(group.level, _touched(one, group), [change_item(one, change) for change in group.changes])


def _touched(one: Differences, group: Group) -> str:
    names = [owned(one, service) for service in group.services]
    if len(names) > SHOWN:
        names[SHOWN:] = [f"{len(names) - SHOWN} more"]
    return f" for {', '.join(names)}" if names else ""
