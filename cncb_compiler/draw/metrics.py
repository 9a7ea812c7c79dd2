"""How wide text is in Arial, and in the fonts made to its measure: Helvetica, Liberation Sans."""

from __future__ import annotations

from math import ceil

_BY_WIDTH = {
    # In thousandths of the size of the font.
    222: "ijl'",
    278: " !,./:;I[]\\ft|",
    333: "()`r-",
    355: '"',
    389: "*",
    500: "Jckszvxy",
    556: "0123456789#$?_abdeghnopqu",
    584: "+<=>~",
    611: "FTZ",
    667: "ABEKPSVXY&",
    722: "CDHNRUw",
    778: "GOQ",
    833: "mM",
    889: "%",
    944: "W",
    1015: "@",
}
_WIDTHS = {letter: width for width, letters in _BY_WIDTH.items() for letter in letters}
_UNKNOWN = 1000


def text_width(text: str, size: float) -> int:
    """The width of a line of text in pixels, rounded up; a letter that is not in the table counts as a whole em."""
    return ceil(sum(_WIDTHS.get(letter, _UNKNOWN) for letter in text) * size / 1000)
