"""The first page, and the index of each kind of page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cncb_compiler.catalogue.facts import Facts
from cncb_compiler.catalogue.page import Page, Prose, Row, Section, Span, Terms, code, joined, prose, table, text
from cncb_compiler.catalogue.pages import event, named_type, owner, process, service, view
from cncb_compiler.catalogue.pages.common import events_cell, owner_cell, picture, told_history
from cncb_compiler.catalogue.paths import anchor
from cncb_compiler.catalogue.pictures import of_system


@dataclass(frozen=True, slots=True)
class Index:
    """A kind of page: its folder, how it is called, what it is in a sentence, and its rows."""

    kind: str
    title: str
    description: str
    columns: tuple[str, ...]
    rows: Callable[[Facts], Iterator[Row]]

    @property
    def path(self) -> str:
        """Its page."""
        return f"{self.kind}/index.html"


def _services(facts: Facts) -> Iterator[Row]:
    return (service.row(facts, one) for one in facts.system.services.values())


def _events(facts: Facts) -> Iterator[Row]:
    return (event.row(facts, one) for one in facts.system.events.values())


def _views(facts: Facts) -> Iterator[Row]:
    return (view.row(facts, one, each) for one in facts.system.services.values() for each in one.views)


def _types(facts: Facts) -> Iterator[Row]:
    return (named_type.row(facts, name) for name in sorted(facts.system.types.named))


def _processes(facts: Facts) -> Iterator[Row]:
    return (process.row(facts, one) for one in facts.processes)


def _owners(facts: Facts) -> Iterator[Row]:
    return (owner.row(facts, one) for one in facts.owners)


def _streams(facts: Facts) -> Iterator[Row]:
    for name, stream in facts.system.streams.items():
        carried = [one.name for one in facts.system.events.values() if one.stream == name]
        yield Row(
            (
                code(name),
                text(stream.decl.retention),
                events_cell(facts, carried),
                prose(stream.decl.description),
            ),
            anchor(name),
        )


INDEXES = (
    Index("service", "Services", "Each deployed by itself, with data of its own.", service.COLUMNS, _services),
    Index("event", "Events", "The closed vocabulary of what services say to each other.", event.COLUMNS, _events),
    Index("process", "Processes", "What an event sets off, step by step.", process.COLUMNS, _processes),
    Index("view", "Views", "What services remember of the events of others, to answer queries.", view.COLUMNS, _views),
    Index("type", "Types", "Named types, of which fields are made.", named_type.COLUMNS, _types),
    Index("stream", "Streams", "What carries the events.", ("Stream", "Kept", "Events", "Description"), _streams),
    Index("owner", "Owners", "The teams that answer for services.", owner.COLUMNS, _owners),
)


def page(facts: Facts, index: Index) -> Page:
    """The index of a kind."""
    rows = tuple(index.rows(facts))
    block = table(f"All {index.title.lower()}", index.columns, rows) if rows else Prose(text("None."))
    return Page(
        index.path,
        index.kind,
        index.title,
        index.description,
        (),
        (Section("all", f"All {index.title.lower()}", (block,)),),
    )


def first(facts: Facts) -> Page:
    """The first page: what the system is, its map, and what changed last."""
    declared = facts.system.declared
    counts = tuple((index.title, (Span(str(sum(1 for _ in index.rows(facts))), index.path),)) for index in INDEXES)
    about = Terms(
        (
            ("Team", owner_cell(facts, declared.owner)),
            ("Stages", joined([code(name) for name in declared.stages])),
            *counts,
        )
    )
    wrong = facts.side.wrong
    notes = (
        (Prose(text(f"It has {wrong} errors: this is as far as it is understood. `cncb check` lists them."), "note"),)
        if wrong
        else ()
    )
    changes = {release.name: list(release.changes) for release in facts.history.releases if release.changes}
    return Page(
        "index.html",
        "",
        declared.name,
        declared.description,
        (),
        (
            Section("about", "About", (*notes, about)),
            picture(of_system(facts, "")),
            Section("services", "Services", (table("All services", service.COLUMNS, tuple(_services(facts))),)),
            told_history(facts, changes),
        ),
    )
