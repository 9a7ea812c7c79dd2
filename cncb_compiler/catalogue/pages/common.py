"""What pages of several kinds have: pictures, examples, history, and who has to do with an event."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from cncb_compiler.catalogue.examples import Exchange, Told, shown
from cncb_compiler.catalogue.facts import Facts, node_of
from cncb_compiler.catalogue.history import Release
from cncb_compiler.catalogue.page import (
    Block,
    Cell,
    Example,
    Figure,
    Item,
    Listing,
    Prose,
    Row,
    Section,
    Span,
    badge,
    code,
    joined,
    prose,
    table,
    text,
)
from cncb_compiler.catalogue.schemas import node_cell
from cncb_compiler.compare.change import Change
from cncb_compiler.graph.system import Construct

NOTHING = text("None.")


def service_cell(facts: Facts, service: str) -> Cell:
    """A service as a link."""
    return (Span(service, facts.paths.page("service", service)),)


def owner_cell(facts: Facts, owner: str) -> Cell:
    """A team as a link."""
    return (Span(owner, facts.paths.page("owner", owner)),) if owner else ()


def event_cell(facts: Facts, event: str) -> Cell:
    """An event as a link."""
    return code(event, facts.paths.page("event", event))


def events_cell(facts: Facts, events: Sequence[str]) -> Cell:
    """Events as links."""
    return joined([event_cell(facts, event) for event in events])


def processes_cell(facts: Facts, event: str) -> Cell:
    """The processes that an event belongs to, as links."""
    return joined(
        [(Span(one.name, facts.paths.page("process", one.name)),) for one in facts.processes_of.get(event, ())]
    )


def construct_cell(facts: Facts, construct: Construct) -> Cell:
    """A construct as a link, with its kind."""
    return node_cell(facts, node_of(construct))


def picture(figure: Figure | None) -> Section:
    """The section of a picture; nothing where there is none."""
    return Section("map", "Map", (figure,) if figure is not None else ())


def told(examples: Sequence[Told]) -> Iterator[Example]:
    """Examples out of scenarios."""
    for one in examples:
        yield Example((*text(f"{one.sentence}. "), *code(one.file)), shown(one.value))


def exchanged(exchanges: Sequence[Exchange]) -> Iterator[Example]:
    """Requests with their answers."""
    for one in exchanges:
        lines = [one.request]
        if one.body is not None:
            lines.append(shown(one.body))
        if one.status is not None or one.answer is not None:
            lines += ["", f"answers {one.status}" if one.status is not None else "answers"]
            lines += [shown(one.answer)] if one.answer is not None else []
        yield Example((*text(f"{one.sentence}. "), *code(one.file)), "\n".join(lines))


def history(facts: Facts, nodes: Collection[str]) -> Section:
    """What changed of these nodes, by tag, newest first."""
    by_release: dict[str, tuple[Release, dict[tuple[str, str, str], Change]]] = {}
    for node in sorted(nodes):
        for release, changes in facts.changed.get(node, ()):
            held = by_release.setdefault(release.name, (release, {}))[1]
            held.update({(one.code, one.subject, one.message): one for one in changes})
    return told_history(facts, {name: list(changes.values()) for name, (_, changes) in by_release.items()})


def told_history(facts: Facts, changes: dict[str, list[Change]], nothing: str = "Nothing has changed") -> Section:
    """The section of a history; `changes` are by the name of the release, `nothing` says that there are none."""
    found = facts.history
    blocks: list[Block] = []
    releases = [release for release in found.releases if release.name in changes]
    if releases:
        rows = [Row((_release(release), _changes(facts, changes[release.name]))) for release in releases]
        blocks.append(table("Changes by git tag", ("Tag", "Changes"), rows))
    elif found.releases:
        first = found.releases[-1]
        blocks.append(Prose(text(f"{nothing} since {first.name} ({first.day}).")))
    if found.note:
        blocks.append(Prose(text(found.note), "note"))
    return Section("history", "History", tuple(blocks))


def _release(release: Release) -> Cell:
    if not release.name:
        return (Span("not in a tag yet", "", "date"),)
    return (*code(release.name), Span(" "), Span(release.day, "", "date"))


def _changes(facts: Facts, changes: Sequence[Change]) -> Listing:
    ranked = sorted(changes, key=lambda change: (change.level.rank, change.subject, change.message))
    return Listing(tuple(Item(_change(facts, change)) for change in ranked))


def _change(facts: Facts, change: Change) -> Cell:
    """A change in its own words; the first that names what it is about is a link, where that is still there."""
    node = change.subject.partition("#")[0].replace("response:", "query:")
    name = node.partition(":")[2]
    before, found, after = change.message.partition(name)
    href = facts.page(node) if found else ""
    level = (*badge(change.level.value, change.level.value), Span(" "))
    if not href or before.count("`") % 2:
        return (*level, *prose(change.message))
    return (*level, *prose(before), Span(name, href), *prose(after))
