"""What a page says, apart from how it is laid out: sections of tables, pictures, examples and lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text. `href` is a path from the top of the site, `` for none; `look` is a class of the style."""

    text: str
    href: str = ""
    look: str = ""


Cell: TypeAlias = tuple[Span, ...]

_CODE = re.compile(r"`([^`\n]+)`")


def text(words: str) -> Cell:
    """Plain words."""
    return (Span(words),) if words else ()


def code(words: str, href: str = "") -> Cell:
    """Words of the language, in the type of code."""
    return (Span(words, href, "code"),) if words else ()


def prose(words: str) -> Cell:
    """A text that somebody wrote: plain, but for code between backticks."""
    parts = _CODE.split(words)
    return tuple(Span(part, "", "code" if number % 2 else "") for number, part in enumerate(parts) if part)


def badge(words: str, look: str = "") -> Cell:
    """A word in a frame."""
    return (Span(words, "", f"badge {look}".rstrip()),)


def joined(cells: tuple[Cell, ...] | list[Cell], between: str = ", ") -> Cell:
    """Cells one after the other; empty ones are left out."""
    found: list[Span] = []
    for cell in cells:
        if cell:
            found += [*((Span(between),) if found else ()), *cell]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list, with what is below it; `folded` is only opened by who wants to see it."""

    cell: Cell
    items: tuple[Item, ...] = ()
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A list; `steps` are numbered."""

    items: tuple[Item, ...]
    steps: bool = False
    kind: Literal["listing"] = "listing"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: the first cell heads it. `depth` indents that; `id` is its anchor."""

    cells: tuple[Cell | Listing, ...]
    id: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a heading for each column. `caption` says what it is of."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    kind: Literal["table"] = "table"


def table(caption: str, columns: tuple[str, ...], rows: tuple[Row, ...] | list[Row]) -> Table:
    """A table without the columns in which no row has anything."""
    used = [at for at in range(len(columns)) if at == 0 or any(row.cells[at] for row in rows)]
    kept = tuple(Row(tuple(row.cells[at] for at in used), row.id, row.depth) for row in rows)
    return Table(caption, tuple(columns[at] for at in used), kept)


@dataclass(frozen=True, slots=True)
class Terms:
    """Pairs of a term and what it is; those without a value are left out."""

    pairs: tuple[tuple[str, Cell], ...]
    kind: Literal["terms"] = "terms"


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph. Line breaks of the text are kept."""

    cell: Cell
    look: str = ""
    kind: Literal["prose"] = "prose"


@dataclass(frozen=True, slots=True)
class Example:
    """A value as JSON, and where it is from."""

    title: Cell
    body: str
    kind: Literal["example"] = "example"


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing (SVG elements, already escaped). `label` names it; `notes` say what is not in it."""

    label: str
    notes: str
    svg: str
    kind: Literal["figure"] = "figure"


Block: TypeAlias = Table | Terms | Prose | Example | Figure | Listing


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page, under a heading that can be linked to."""

    id: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    badges: Cell = ()

    def __bool__(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.blocks or self.sections)


@dataclass(frozen=True, slots=True)
class Page:
    """A page. `path` is from the top of the site; `kind` is the index that it belongs to, `` for the first page."""

    path: str
    kind: str
    title: str
    description: str
    badges: Cell
    sections: tuple[Section, ...]

    @property
    def up(self) -> str:
        """From the page to the top of the site."""
        return "../" * self.path.count("/")
