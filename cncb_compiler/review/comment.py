"""The comment of a pull request: a part for each system, the worst first in each; what does not fit is counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from cncb_compiler.compare.change import Category, Level
from cncb_compiler.compare.compare import Differences
from cncb_compiler.compare.render.groups import counted
from cncb_compiler.compare.render.markdown import MARKS, change_item, heading, section, worst
from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.render.told import told
from cncb_compiler.draw import mermaid
from cncb_compiler.draw.picture import Picture
from cncb_compiler.draw.wanted import compared_picture
from cncb_compiler.markup import COMMENT, Section, cell, code, fitted, prose, size
from cncb_compiler.review.findings import Findings
from cncb_compiler.source.sources import Sources

MARKED = 50
"""The most systems by whose name a comment is found again."""

LEAST = 5_000
"""The least room, in characters, that is worth giving to a system; of others there is one line."""

_SIGNS = {Severity.ERROR: "🔴", Severity.WARNING: "🟡", Severity.INFO: "🔵"}
_ROOM_FOR_REST = 600


@dataclass(frozen=True, slots=True)
class Review:
    """What is said of one system."""

    differences: Differences
    findings: Findings

    @property
    def changed(self) -> bool:
        """Whether there is anything to say: more than that an acceptance is out of date."""
        one = self.differences
        return bool(one.changes or one.before.wrong or one.after.wrong or self.findings.new or self.findings.mended)

    @property
    def rank(self) -> tuple[int, ...]:
        """The worst sorts first."""
        return tuple(-self.differences.count(level) for level in Level)


def render(reviews: Sequence[Review], link: str = "") -> str:
    """The comment; `link` leads to a page that has everything. It begins with a hidden line for each system.

    By such a line a program finds the comment that it wrote before, and writes this one in its place.
    """
    changed = [one for one in reviews if one.changed]
    markers = "".join(f"{marker(one.differences.system)}\n" for one in reviews[:MARKED])
    if not changed:
        return f"{markers}{_unchanged(reviews)}"
    room = COMMENT - size(markers) - _ROOM_FOR_REST
    whole, brief = _halves(changed, room // LEAST)
    lines, more = _brief(brief, room // 4)
    room -= size(lines)
    parts: list[str] = []
    for number, one in enumerate(whole):
        parts.append(_part(one, room // (len(whole) - number), link))
        room -= size(parts[-1])
    same = _unchanged([one for one in reviews if not one.changed]) if len(changed) < len(reviews) else ""
    return f"{markers}{''.join(parts)}{lines}{more}{same}{_linked(link)}".rstrip("\n") + "\n"


def marker(system: str) -> str:
    """The hidden line by which the comment about a system is found."""
    return f"<!-- cncb-review: {re.sub(r'[^A-Za-z0-9_.]+', '-', system)} -->"


def _unchanged(reviews: Sequence[Review]) -> str:
    names = [code(one.differences.system) for one in reviews[:10]]
    more = f" and {len(reviews) - 10} more systems" if len(reviews) > 10 else ""
    return f"Nothing changed in {', '.join(names)}{more}.\n"


def _halves(changed: Sequence[Review], count: int) -> tuple[list[Review], list[Review]]:
    """So many of the worst, and the others; each in the order given."""
    worst = set(sorted(range(len(changed)), key=lambda number: changed[number].rank)[:count])
    return [changed[number] for number in sorted(worst)], [
        one for number, one in enumerate(changed) if number not in worst
    ]


def _brief(reviews: Sequence[Review], room: int) -> tuple[str, str]:
    """A line for each system that has no part of its own, and how many have not even that."""
    lines = tuple(
        f"- {MARKS[worst(one.differences)]} {code(one.differences.system)}: {counted(one.differences)}\n"
        for one in reviews
    )
    shown, left_out = fitted([Section("## Systems that there is no room for\n\n", lines, "\n")], room)
    return shown, f"*{left_out} more systems differ.*\n\n" if left_out else ""


def _part(review: Review, room: int, link: str) -> str:
    one = review.differences
    top, lines_left = fitted([heading(one), *_affected(one)], room // 5)
    findings, findings_left = _findings(review.findings, room // 5)
    room -= size(top) + size(findings) + _ROOM_FOR_REST
    whole = compared_picture(one, "service")
    picture = _picture(whole, room // 3)
    changes, changes_left = fitted(_changes(one), room - size(picture))
    if not changes_left:
        picture = _picture(whole, room - size(changes))
    counts = ((changes_left, "change"), (findings_left, "new finding"), (lines_left, "line"))
    missing = ", ".join(f"{count} {word}{'s' if count > 1 else ''}" for count, word in counts if count)
    where = f"see [the page]({_address(link)})" if link else "`cncb diff` and `cncb check` show them"
    rest = f"*Left out here: {missing}; {where}.*\n\n" if missing else ""
    return f"{top}{changes}{findings}{picture}{rest}"


def _affected(one: Differences) -> Iterator[Section]:
    """A table of the services that changes do something to, those with the most to bear first."""
    counts: dict[str, Counter[Level]] = {}
    for change in one.changes:
        for service in {hit.service for hit in change.affected}:
            counts.setdefault(service, Counter())[change.level] += 1
    touched = {
        service: (count[Level.BREAKING], count[Level.RISKY])
        for service, count in counts.items()
        if count[Level.BREAKING] or count[Level.RISKY]
    }
    ordered = sorted(touched.items(), key=lambda entry: (-entry[1][0], -entry[1][1], entry[0]))
    rows = []
    for service, (breaking, risky) in ordered:
        name = code(service) if service else "callers outside"
        owner = code(one.owner(service)) if service and one.owner(service) else ""
        rows.append(f"| {cell(name)} | {cell(owner)} | {breaking or ''} | {risky or ''} |\n")
    if rows:
        yield Section("| Affected | Owner | Breaking | Risky |\n|---|---|---|---|\n", tuple(rows), "\n")


def _changes(one: Differences) -> Iterator[Section]:
    for level in Level:
        for category in Category:
            found = [change for change in one.changes if change.level is level and change.category is category]
            if found:
                yield section(level, f": {category}", [change_item(one, change) for change in found])


def _findings(findings: Findings, room: int) -> tuple[str, int]:
    mended = f"{findings.mended} mended" if findings.mended else ""
    if not findings.new:
        return (f"### Findings\n\nNone is new; {mended}.\n\n" if mended else ""), 0
    counts = Counter(one.severity for one in findings.new)
    said = [f"{counts[each]} new {each}{'s' if counts[each] > 1 else ''}" for each in Severity if counts[each]]
    head = f"### Findings: {', '.join([*said, *([mended] if mended else [])])}\n\n"
    items = tuple(_finding(one, findings.sources) for one in findings.new)
    return fitted([Section(head, items, "\n")], room)


def _finding(one: Diagnostic, sources: Sources) -> str:
    where = code(f"{sources.shown(one.at.file)}:{sources.range(one.at).line}")
    return f"- {_SIGNS[one.severity]} **{one.code} {one.slug}** {prose(told(one))} ({where})\n"


def _picture(picture: Picture, room: int) -> str:
    """As much of it as there is room for; nothing where it shows no difference."""
    drawn = mermaid.render(picture, min(room - 100, mermaid.CHARACTERS)) if picture.boxes else ""
    return f"### Picture\n\n```mermaid\n{drawn}```\n\n" if drawn else ""


def _linked(link: str) -> str:
    return f"[The whole comparison]({_address(link)})\n" if link else ""


def _address(link: str) -> str:
    return quote(link, safe="/:?#@!$&'*+,;=%~-._")
