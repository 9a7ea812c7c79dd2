"""Values of a foreign file that know where they stand, and what there is to be said about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


class Map(dict[str, Any]):
    """A map of a file. `file` and `line` (from 1) say where it begins, `lines` where each of its keys stands."""

    def __init__(self, file: str = "", line: int = 0) -> None:
        super().__init__()
        self.file = file
        self.line = line
        self.lines: dict[str, int] = {}


class Items(list[Any]):
    """A list of a file. `lines` are those of its items."""

    def __init__(self, file: str = "", line: int = 0) -> None:
        super().__init__()
        self.file = file
        self.line = line
        self.lines: list[int] = []


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """Something about a file that the topology does not say, or only guesses."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(slots=True)
class Notes:
    """The notes of one import, each once, in the order of their places."""

    found: set[Note] = field(default_factory=set)
    counted: dict[tuple[str, str], list[tuple[str, int]]] = field(default_factory=dict)

    def add(self, container: Any, key: str | int | None, message: str) -> None:
        """A note about a key or item of a map or list (None: about all of it)."""
        self.found.add(Note(*place(container, key), message))

    def count(self, container: Any, key: str, message: str) -> None:
        """A note that is made once for all places with this key."""
        self.counted.setdefault((key, message), []).append(place(container, key))

    def __iter__(self) -> Iterator[Note]:
        counted = []
        for (key, message), places in self.counted.items():
            file, line = min(places)
            times = f" ({len(places)} times)" if len(places) > 1 else ""
            counted.append(Note(file, line, f"`{key}`{times} {message}"))
        return iter(sorted([*self.found, *counted]))


def place(container: Any, key: str | int | None = None) -> tuple[str, int]:
    """The file and line of a map or list, or of what stands at a key of it."""
    if isinstance(container, Map):
        return container.file, container.lines.get(str(key), container.line) if key is not None else container.line
    if isinstance(container, Items):
        known = isinstance(key, int) and 0 <= key < len(container.lines)
        return container.file, container.lines[key] if known and isinstance(key, int) else container.line
    return "", 0


def as_map(value: Any) -> Map:
    """The value if it is a map, else an empty one: for a look inside of what may be anything."""
    return value if isinstance(value, Map) else Map()


def as_items(value: Any) -> Items:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, Items) else Items()


def as_text(value: Any) -> str:
    """The value if it is text, else nothing."""
    return value if isinstance(value, str) else ""
