"""The variables of the Serverless Framework: `${self:custom.name}` and defaults are filled in, others are noted."""

from __future__ import annotations

import re
from typing import Any

from cncb_compiler.importing.schemas import one_line
from cncb_compiler.importing.values import Items, Map, Notes

_VARIABLE = re.compile(r"\$\{([^${}]*)\}")
_ROUNDS = 20
_LONGEST = 20_000
_NESTED = 5
_FILLED = 1_000
_QUIET = frozenset({"opt", "sls", "aws"})
"""Sources of what is only known when it is deployed, and says nothing about what there is."""


def resolved(root: Map, notes: Notes) -> Map:
    """The file with its variables filled in, as far as it says them itself."""
    made = _Variables(root, notes).value(root, root, None)
    assert isinstance(made, Map)
    return made


class _Variables:
    def __init__(self, root: Map, notes: Notes) -> None:
        self.root = root
        self.notes = notes
        self.inside = 0
        self.filled = 0

    def value(self, value: Any, container: Any, key: str | int | None) -> Any:
        if isinstance(value, Map):
            made = Map(value.file, value.line)
            made.lines = value.lines
            for name, inner in value.items():
                made[name] = self.value(inner, value, name)
            return made
        if isinstance(value, Items):
            items = Items(value.file, value.line)
            items.lines = value.lines
            items.extend(self.value(inner, value, number) for number, inner in enumerate(value))
            return items
        return self.text(value, container, key) if isinstance(value, str) else value

    def text(self, text: str, container: Any, key: str | int | None) -> Any:
        """A text with its variables filled in; a text that is nothing but one becomes what it stands for."""
        given = text
        for _ in range(_ROUNDS):
            found = next((one for one in _VARIABLE.finditer(text) if self.lookup(one.group(1)) is not None), None)
            if found is None or len(text) > _LONGEST:
                break
            value = self.lookup(found.group(1))
            if found.group() == text and not isinstance(value, (str, int, float)):
                return self.whole(value, container, key)
            shown = str(value) if isinstance(value, (str, int, float)) else ""
            text = text[: found.start()] + shown + text[found.end() :]
        for found in _VARIABLE.finditer(text):
            source, colon, _ = found.group(1).partition(":")
            if (colon or source.startswith("file(")) and source not in _QUIET and not source.startswith("AWS"):
                self.notes.add(container, key, f"`{one_line(found.group())[:80]}` is not known here.")
        return given if len(text) > _LONGEST else text

    def whole(self, value: Any, container: Any, key: str | int | None) -> Any:
        """A map or list that a variable stands for, its own variables filled in; not without end."""
        self.filled += 1
        if self.inside >= _NESTED or self.filled > _FILLED:
            return None
        self.inside += 1
        try:
            return self.value(value, container, key)
        finally:
            self.inside -= 1

    def lookup(self, said: str) -> Any:
        """What a variable stands for; None where that is not known. `a, 'b'` is `b` where `a` is not known."""
        for option in said.split(","):
            word = option.strip()
            if len(word) >= 2 and word[0] == word[-1] and word[0] in "'\"":
                return word[1:-1]
            if word.startswith("self:"):
                found: Any = self.root
                for segment in filter(None, word[len("self:") :].split(".")):
                    found = found.get(segment) if isinstance(found, Map) else None
                if found is not None and not (isinstance(found, str) and f"${{{said}}}" in found):
                    return found
            elif word and ":" not in word and word == said.split(",")[-1].strip() and "," in said:
                return word
        return None
