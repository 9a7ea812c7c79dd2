"""Text of the user made safe for where it goes: whatever it holds, it stays text there."""

from __future__ import annotations

import re
from collections.abc import Iterator

WIDTH = 120
"""The longest line of generated code, in characters."""

# Most texts: single spaces, nothing to escape.
_is_plain = re.compile(r"[!#-\[\]-~]+(?: [!#-\[\]-~]+)*").fullmatch

_LONGEST_WORD = 60
_UNESCAPED_LIMIT = 48


def docstring(text: str, indent: int = 0, hanging: int = 0) -> str:
    """Text for the inside of a `\"\"\"docstring\"\"\"`, wrapped. Lines after the first are indented.

    `indent` is that of the docstring, `hanging` what stands before the text on its first line.
    What cannot be printed (control characters, marks that turn the direction of writing) becomes a space.
    """
    room = WIDTH - indent - hanging - 6
    if len(text) <= room and _is_plain(text):
        return text
    lines: list[str] = []
    line = ""
    for word in _words(text):
        if line and len(line) + 1 + len(word) > room:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    lines.append(line)
    wrapped = f"\n{' ' * (indent + hanging)}".join(lines)
    # A bare quote at the end would join those that close the docstring.
    return f'{wrapped[:-1]}\\"' if _ends_in_quote(wrapped) else wrapped


def inline(text: str) -> str:
    """Text for one line of Markdown, where it is neither markup nor HTML."""
    line = " ".join(_printable(text).split())
    return re.sub(r"([\\`*_\[\]|#])", r"\\\1", line).replace("&", "&amp;").replace("<", "&lt;")


def _words(text: str) -> Iterator[str]:
    for word in _printable(text).split():
        # Cut before escaping, so that no escape is torn apart.
        limit = _LONGEST_WORD if "\\" not in word and '"' not in word else _UNESCAPED_LIMIT
        for start in range(0, len(word), limit):
            yield _escaped(word[start : start + limit])


def _escaped(word: str) -> str:
    return re.sub('"{2,}', lambda quotes: '\\"' * len(quotes.group()), word.replace("\\", "\\\\"))


def _printable(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _ends_in_quote(text: str) -> bool:
    before = text[:-1]
    return text.endswith('"') and (len(before) - len(before.rstrip("\\"))) % 2 == 0
