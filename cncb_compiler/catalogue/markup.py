"""Cells and lists as HTML. Pages have hundreds of them each: macros of the template would take most of the time."""

from __future__ import annotations

from html import escape

from markupsafe import Markup

from cncb_compiler.catalogue.page import Cell, Item, Listing, Span


class Writer:
    """Writes cells for a page that is so far `up` from where it stands to the top of the site."""

    def __init__(self, up: str) -> None:
        self._up = up

    def cell(self, value: Cell | Listing) -> Markup:
        """A cell, or a list in its place, as HTML; all text in it is escaped."""
        return Markup(self._listing(value) if isinstance(value, Listing) else self._spans(value))

    def _spans(self, cell: Cell) -> str:
        return "".join(map(self._span, cell))

    def _span(self, span: Span) -> str:
        words = escape(span.text)
        if span.href:
            look = f' class="{escape(span.look)}"' if span.look else ""
            return f'<a href="{escape(self._up + span.href)}"{look}>{words}</a>'
        if span.look == "code":
            return f"<code>{words}</code>"
        return f'<span class="{escape(span.look)}">{words}</span>' if span.look else words

    def _listing(self, listing: Listing) -> str:
        tag = "ol" if listing.steps else "ul"
        return f"<{tag}>{self._items(listing.items)}</{tag}>"

    def _items(self, items: tuple[Item, ...]) -> str:
        return "".join(f"<li>{self._item(item)}</li>" for item in items)

    def _item(self, item: Item) -> str:
        words = self._spans(item.cell)
        below = f"<ul>{self._items(item.items)}</ul>" if item.items else ""
        return f"<details><summary>{words}</summary>{below}</details>" if item.folded else words + below
