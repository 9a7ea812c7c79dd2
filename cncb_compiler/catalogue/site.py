"""The site: every file of it as bytes, pages with their style and search, and what that looks in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from cncb_compiler.catalogue.facts import Facts
from cncb_compiler.catalogue.markup import Writer
from cncb_compiler.catalogue.page import Page, Row, Section, Span, prose, table, text
from cncb_compiler.catalogue.pages import event, indexes, named_type, owner, process, service, view
from cncb_compiler.catalogue.search import Entry, entries
from cncb_compiler.draw.svg import style
from cncb_compiler.emit.templates import rendered, templates_folder

MARKER = "assets/catalogue.js"
"""A file that every site has, and nothing else that cncb makes: by it a site is known to be one."""

Made = tuple[str, bytes]
"""The path of a file from the top of the site, and its content."""

Make = Callable[[], Made]


def files(facts: Facts, *, several: bool = False) -> Iterator[Make]:
    """Every file of a system's site, made when it is called for; with `several` it is one of the systems of a site."""
    # Found out before the work is shared out to processes, so that it is done once.
    facts.prepare()
    for page in _pages(facts):
        yield partial(_html, facts.system.name, indexes.INDEXES, page, several)
    yield from _assets(partial(entries, facts))


def portal(systems: Sequence[Facts]) -> Iterator[Make]:
    """The first page of a site of several systems, and what it needs; its search looks in all of them."""
    yield partial(_html, "Systems", (), partial(_systems, systems), False)
    yield from _assets(partial(_entries, systems))


def _pages(facts: Facts) -> Iterator[Callable[[], Page]]:
    system = facts.system
    yield partial(indexes.first, facts)
    for index in indexes.INDEXES:
        yield partial(indexes.page, facts, index)
    for one in system.services.values():
        yield partial(service.page, facts, one)
        for each in one.views:
            yield partial(view.page, facts, one, each)
    for linked in system.events.values():
        yield partial(event.page, facts, linked)
    for name in system.declared.types:
        yield partial(named_type.page, facts, name)
    for held in facts.processes:
        yield partial(process.page, facts, held)
    for name in facts.owners:
        yield partial(owner.page, facts, name)


def _html(name: str, kinds: Sequence[indexes.Index], make: Callable[[], Page], several: bool) -> Made:
    page = make()
    cell = Writer(page.up).cell
    values = {
        "page": page,
        "system": name,
        "indexes": kinds,
        "several": several,
        "cell": cell,
        "lead": prose(page.description),
    }
    return page.path, rendered("catalogue/page.html.j2", **values)


def _assets(found: Callable[[], Sequence[Entry]]) -> Iterator[Make]:
    """The style, the search, and the index that it looks in: a script, for pages opened as files cannot fetch."""
    yield _style
    yield lambda: (MARKER, (templates_folder() / "catalogue" / "catalogue.js").read_bytes())
    yield lambda: ("assets/index.js", _index(found()))


def _style() -> Made:
    css = (templates_folder() / "catalogue" / "catalogue.css").read_text(encoding="utf-8")
    pictures = style().replace("@media (prefers-color-scheme: dark)", "@media screen and (prefers-color-scheme: dark)")
    return "assets/catalogue.css", css.replace("/* pictures */", pictures).encode()


def _index(found: Sequence[Entry]) -> bytes:
    lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in found)
    return f"window.CATALOGUE = [\n{lines}\n];\n".encode()


def _systems(systems: Sequence[Facts]) -> Page:
    rows = [
        Row(
            (
                (Span(facts.system.name, f"{facts.system.name}/index.html"),),
                text(facts.system.declared.owner),
                text(str(len(facts.system.services))),
                text(str(len(facts.system.events))),
                prose(facts.system.declared.description),
            )
        )
        for facts in systems
    ]
    columns = ("System", "Team", "Services", "Events", "Description")
    return Page(
        "index.html", "", "Systems", "", (), (Section("all", "All systems", (table("All systems", columns, rows),)),)
    )


def _entries(systems: Sequence[Facts]) -> list[Entry]:
    found: list[Entry] = []
    for facts in systems:
        name = facts.system.name
        found.append(("system", name, f"{name}/index.html", facts.system.declared.description, ""))
        found += [
            (kind, own, f"{name}/{path}", f"{words} {name}".strip(), held)
            for kind, own, path, words, held in entries(facts)
        ]
    return found
