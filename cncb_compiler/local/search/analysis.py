"""The standard analyzer: words by Unicode's rules, in small letters (OpenSearch: Standard analyzer)."""

from __future__ import annotations

import re

LONGEST_TOKEN = 255

_IDEOGRAPH = "\u3040-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(
    rf"[{_IDEOGRAPH}]"
    rf"|[^\W{_IDEOGRAPH}]+(?:(?:(?<=[^\W\d_])['\u2019.:\u00b7](?=[^\W\d_])|(?<=\d)['\u2019.,;](?=\d))[^\W{_IDEOGRAPH}]+)*"
)
"""Unicode Standard Annex 29, word boundaries: an ideograph is a word; a dot or apostrophe between letters, and a
point or comma between digits, are inside of one."""


def tokens(text: str) -> list[str]:
    """The words of a text, in order."""
    return [part for word in _WORD.findall(text) for part in _cut(word.lower())]


def _cut(word: str) -> list[str]:
    return [word[start : start + LONGEST_TOKEN] for start in range(0, len(word), LONGEST_TOKEN)]
